/** `engage size`: what it prints, for machines and people, and what it refuses. */
import { execFileSync } from 'node:child_process';
import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { describeSizing } from '#core/sizing/describe-sizing.ts';
import { sizeDeployment, type SizingReport } from '#core/sizing/sizing-report.ts';
import { addSizeCommand } from '#host/commands/size-command.ts';
import { describeProblem, OperatingError } from '#protocol/operating-error.ts';

const EXAMPLE = '--visits-per-hour 3000 --page-views-per-hour 32000';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What the command prints on stdout. */
async function runSize(line: string): Promise<string> {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  const program = new Command('engage').exitOverride();
  addSizeCommand(program);
  await program.parseAsync(['size', ...line.split(' ')], { from: 'user' });
  return written.join('');
}

async function problemsOf(line: string): Promise<readonly string[]> {
  const error: unknown = await runSize(line).catch((thrown: unknown) => thrown);
  if (!(error instanceof OperatingError)) throw new Error(`expected an operating error, got ${String(error)}`);
  return [error.code, ...error.problems.map(describeProblem)];
}

describe('engage size --json', () => {
  it('prints every field that the product promises', async () => {
    const report: unknown = JSON.parse(await runSize(`${EXAMPLE} --page-events 2 --visit-events 0.1 --json`));
    expect(report).toMatchObject({
      visitsPerSecond: expect.closeTo(0.833, 3),
      visitDepth: expect.closeTo(10.67, 2),
      eventsPerSecond: expect.closeTo(36.47, 2),
      requestsPerSecond: expect.closeTo(47.03, 2),
      peak: {
        visitsPerSecond: expect.closeTo(4.485, 3),
        eventsPerSecond: expect.closeTo(196.29, 2),
        requestsPerSecond: expect.closeTo(253.09, 2),
      },
      nodes: { frontends: 2, backends: 3, webEngagementServers: 2, cassandra: 3 },
      disk: {
        eventsPerHour: expect.closeTo(131_300, 6),
        gbPerHour: expect.any(Number),
        gbPerDay: expect.any(Number),
        gbPerWeek: expect.any(Number),
        gbPerMonth: expect.any(Number),
        gbPerYear: expect.any(Number),
        gbPerNode: expect.any(Number),
        commitLogGb: 16,
      },
      assumptions: expect.arrayContaining([expect.objectContaining({ name: 'requestsPerNode', given: false })]),
    });
  });

  it('takes every option', async () => {
    const text = await runSize(
      '--visits-per-day 72000 --page-views-per-day 768000 --max-visits-per-hour 6000 --max-page-views-per-hour 60000 ' +
        '--page-events 1 --visit-events 0 --categorized 25% --nodes 6 --rf 2 --requests-per-node 120.5 --retention 36h --json',
    );
    expect(JSON.parse(text)).toMatchObject({
      inputs: {
        visitsPerHour: 3_000,
        pageViewsPerHour: 32_000,
        maxVisitsPerHour: 6_000,
        maxPageViewsPerHour: 60_000,
        pageEvents: 1,
        visitEvents: 0,
        categorizedShare: 0.25,
        nodes: 6,
        replicationFactor: 2,
        requestsPerNode: 120.5,
        retentionDays: 1.5,
      },
    });
  });
});

describe('engage size with wrong options', () => {
  it('refuses all of them at once, by the names that were typed', async () => {
    const problems = await problemsOf(
      '--visits-per-hour -3 --page-views-per-day 1_000 --page-events two --categorized 150% --rf 9 --retention long',
    );
    expect(problems).toEqual([
      'INVALID_INPUT',
      'engage size --visits-per-hour: expected a number > 0 and <= 1e12, got -3',
      'engage size --page-views-per-day: expected a number > 0 and <= 1e12, got "1_000"',
      'engage size --page-events: expected a number >= 0 and <= 1e6, got "two"',
      'engage size --categorized: expected a share from 0 to 1, got "150%"',
      'engage size --retention: expected a number of days > 0 and <= 36500 (30d on the command line), got "long"',
      'engage size --rf: expected at most the number of nodes (4), got 9',
    ]);
  });

  it('says what is missing', async () => {
    expect(await problemsOf('--json')).toEqual([
      'INVALID_INPUT',
      'engage size --visits-per-hour: expected a number > 0 and <= 1e12, it is missing',
      'engage size --page-views-per-hour: expected a number > 0 and <= 1e12, it is missing',
    ]);
  });

  it('takes an empty text for no number', async () => {
    expect(await problemsOf('--visits-per-hour  --page-views-per-hour 5')).toEqual([
      'INVALID_INPUT',
      'engage size --visits-per-hour: expected a number > 0 and <= 1e12, got ""',
    ]);
  });
});

describe('engage size for people', () => {
  const sized = sizeDeployment({ visitsPerHour: 3_000, pageViewsPerHour: 32_000, maxVisitsPerHour: 6_000 });
  const report = (): SizingReport => {
    if (!sized.ok) throw new Error('the example must be sizeable');
    return sized.value;
  };

  it('aligns the rates on their decimal points', () => {
    expect(describeSizing(report())[0]).toEqual({
      title: 'Load: 3,000 visits and 32,000 page views an hour',
      lines: [
        '              average  busiest hour  peak second',
        'visits/s        0.833          1.67         6.83',
        'page views/s    8.89          17.8         72.9',
        'events/s       36.5           72.9        299',
        'requests/s     47.0           94.1        385',
        'visit depth 10.67 page views a visit, 10.67 in the busiest hour',
      ],
    });
  });

  it('fits a terminal of 80 columns and names every assumption', () => {
    const sections = describeSizing(report());
    const long = sections.flatMap(({ title, lines }) => [title, ...lines.map((line) => `  ${line}`)]);
    expect(long.filter((line) => line.length > 80)).toEqual([]);
    const told =
      sections
        .find(({ title }) => title.startsWith('Assumptions'))
        ?.lines.join(' ')
        .replaceAll(/\s+/g, ' ') ?? '';
    expect(report().assumptions.filter(({ text }) => !told.includes(text))).toEqual([]);
  });

  it.each([
    ['no colours with NO_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['bold titles where colours are wanted', { FORCE_COLOR: '1' }, true],
  ])('prints %s', (_, colours, escaped) => {
    const script = `
      import { Command } from 'commander';
      import { addSizeCommand } from '#host/commands/size-command.ts';
      const program = new Command('engage');
      addSizeCommand(program);
      program.parse(${JSON.stringify(['size', ...EXAMPLE.split(' ')])}, { from: 'user' });`;
    const { NO_COLOR: _no, FORCE_COLOR: _force, ...environment } = process.env;
    const text = execFileSync(process.execPath, ['--input-type=module-typescript', '--eval', script], {
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...environment, ...colours },
    });
    expect(text).toContain('Load: 3,000 visits');
    expect(text.includes('\u001B[')).toBe(escaped);
  });
});
