/** `engage replay`: what it prints and writes, what it refuses, and that a replay that fails leaves nothing behind. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addReplayCommand } from '#host/commands/replay-command.ts';
import { describeProblem, OperatingError } from '#protocol/operating-error.ts';
import { createFolder, formatLogLine, formatRecord, NOON, writeRecording } from '#tests/testbed/replay/recordings.ts';

const RULES = `
version: 1
package: com.example
packageVersion: "1"
rules:
  - name: Sees the cart
    when: { singleton: { enters: cart } }
    then: [ { hotLead: { priority: 50, reason: wants to buy } } ]
  - name: Comes back
    when: { counter: { of: { enters: cart }, times: 2, within: 10m } }
    then: [ { hotLead: { priority: 60 } } ]
`;
const CATEGORIES = 'version: 1\ncategories: [ { name: cart, tags: [ { plain: /cart, in: url } ] } ]\n';

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function run(words: readonly string[]): Promise<string> {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  const program = new Command('engage').exitOverride().configureOutput({ writeErr: () => undefined });
  addReplayCommand(program);
  await program.parseAsync(['replay', ...words], { from: 'user' });
  // Colours are for terminals.
  // oxlint-disable-next-line no-control-regex -- the escape begins each of them
  return written.join('').replaceAll(/\u001b\[\d+m/g, '');
}

async function problemsOf(words: readonly string[]): Promise<readonly string[]> {
  const error: unknown = await run(words).catch((thrown: unknown) => thrown);
  if (!(error instanceof OperatingError)) throw new Error(`expected an operating error, got ${String(error)}`);
  return [error.code, error.message, ...error.problems.map(describeProblem)];
}

interface Given {
  readonly rules: string;
  readonly categories: string;
  readonly how: readonly string[];
}

function writeRules(rules = RULES, categories = CATEGORIES): Given {
  const folder = createFolder();
  const files = { rules: join(folder, 'rules.yaml'), categories: join(folder, 'categories.yaml') };
  writeFileSync(files.rules, rules);
  writeFileSync(files.categories, categories);
  return { ...files, how: ['--rules', files.rules, '--categories', files.categories] };
}

const cart = (at: number, address = '192.0.2.1'): string =>
  formatLogLine({ at, address, request: 'GET /cart HTTP/1.1' });
const LOG = [cart(NOON), cart(NOON + 60_000), cart(NOON + 30_000, '192.0.2.2'), 'cut off'];

describe('engage replay', () => {
  it('tells what was in the log, who was a robot, and why the first rules fired', async () => {
    const log = writeRecording(LOG, 'shop.log');
    const text = await run([log, ...writeRules().how]);
    expect(text).toContain('shop.log  access log, combined format · 2026-03-02 12:00:00 to 2026-03-02 12:01:00 UTC\n');
    expect(text).toMatch(/lines +4 read, 1 bad, sorted by time\n/);
    expect(text).toMatch(/robots +0 requests of 0 clients\n/);
    expect(text).toMatch(/visits +2 visits, 3 page views, 6 events\n/);
    expect(text).toMatch(/categories +cart 3, none 0\n/);
    expect(text).toContain(`bad  ${log}:4:5: expected the identity (identd), - for none, then a space\n`);
    expect(text).toContain('4 hot leads in 2 visits');
    expect(text).toMatch(/Sees the cart( {2,}| 3)+ {2,}3\n/);
    expect(text).toContain(
      [
        '  2026-03-02 12:01:00  Comes back  visit V1 on /cart',
        '    Rule "Comes back" of com.example fired because the visitor entered a page of category "cart" 2 times within 10 min; it took 1 min.',
        '    12:00:00: entered a page of category "cart", event L1.',
        '    12:01:00: entered a page of category "cart", event L2.',
        '    It made a hot lead of priority 60.',
      ].join('\n'),
    );
    expect(text).not.toContain('note');
  });

  it('writes one firing a line, in order, and a summary, the same bytes each time', async () => {
    const log = writeRecording(LOG, 'shop.log');
    const { how } = writeRules();
    const folders = [join(createFolder(), 'deep', 'one'), createFolder()];
    const printed = await run([log, ...how, '--out', folders[0] ?? '']);
    await run([writeRecording(LOG, 'shop.log'), ...how, '--out', folders[1] ?? '']);
    const [first, second] = folders.map((folder) =>
      ['hotleads.ndjson', 'summary.json'].map((name) => readFileSync(join(folder, name), 'utf8')),
    );
    expect(first).toEqual(second);
    expect(printed).toContain(`wrote  ${join(folders[0] ?? '', 'summary.json')}\n`);
    expect(
      first?.[0]
        ?.trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      {
        at: NOON,
        rule: 'Sees the cart',
        package: 'com.example',
        visitID: 'V1',
        matchedEvents: ['L1'],
        values: { referrer: '' },
      },
      {
        at: NOON + 30_000,
        rule: 'Sees the cart',
        package: 'com.example',
        visitID: 'V3',
        matchedEvents: ['L3'],
        values: { referrer: '' },
      },
      {
        at: NOON + 60_000,
        rule: 'Sees the cart',
        package: 'com.example',
        visitID: 'V1',
        matchedEvents: ['L2'],
        values: { referrer: '' },
      },
      {
        at: NOON + 60_000,
        rule: 'Comes back',
        package: 'com.example',
        visitID: 'V1',
        matchedEvents: ['L1', 'L2'],
        values: { referrer: '' },
      },
    ]);
    expect(first?.[0]).toMatch(
      /^\{"at":\d+,"rule":"Sees the cart","package":"com.example","visitID":"V1","matchedEvents":\["L1"\],"values":\{"referrer":""\}\}\n/,
    );
    expect(readdirSync(folders[1] ?? '')).toEqual(['hotleads.ndjson', 'summary.json', 'timing.json']);
  });

  it('prints with --json what summary.json holds', async () => {
    const log = writeRecording([formatRecord({ eventID: 'e1', at: 5, category: 'cart' })], 'events.ndjson');
    const out = createFolder();
    const { rules } = writeRules();
    const text = await run([log, '--rules', rules, '--out', out, '--json']);
    expect(text).toBe(readFileSync(join(out, 'summary.json'), 'utf8'));
    expect(JSON.parse(text)).toEqual({
      file: 'events.ndjson',
      format: 'recordedEvents',
      from: '1970-01-01T00:00:00.005Z',
      to: '1970-01-01T00:00:00.005Z',
      lines: { read: 1, blank: 0, bad: 0 },
      badLines: [],
      coverage: { minutesSpanned: 1, minutesWithRecords: 1, hoursWithRecords: 1, isSample: false },
      robots: null,
      notPages: null,
      visits: 1,
      pageViews: 1,
      events: 1,
      lateEvents: 0,
      categories: [{ name: 'cart', pageViews: 1 }],
      pageViewsWithoutCategory: 0,
      hotLeads: 1,
      visitsWithHotLead: 1,
      followUps: 0,
      rules: [
        { rule: 'Sees the cart', package: 'com.example', hotLeads: 1, followUps: 0 },
        { rule: 'Comes back', package: 'com.example', hotLeads: 0, followUps: 0 },
      ],
      hours: [
        {
          hour: '1970-01-01T00:00Z',
          pageViews: 1,
          hotLeads: 1,
          followUps: 0,
          rules: { 'com.example/Sees the cart': 1 },
        },
      ],
      notes: [],
      diff: null,
    });
  });

  it('puts --base-url before the paths of an access log, and refuses what is no site', async () => {
    const out = createFolder();
    const log = writeRecording([cart(NOON)]);
    const given = writeRules(RULES, CATEGORIES.replace('/cart', 'www.example.com/cart'));
    await run([log, ...given.how, '--out', out]);
    expect(readFileSync(join(out, 'hotleads.ndjson'), 'utf8')).toBe('');
    await run([log, ...given.how, '--out', out, '--base-url', 'https://www.example.com/']);
    expect(readFileSync(join(out, 'hotleads.ndjson'), 'utf8')).toContain('"Sees the cart"');
    for (const url of ['www.example.com', 'ftp://example.com', 'https://example.com/blog']) {
      expect(await problemsOf([log, ...given.how, '--base-url', url])).toEqual([
        'INVALID_USAGE',
        `--base-url: expected a site such as https://www.example.com, got "${url}"`,
      ]);
    }
    const events = writeRecording([formatRecord({ eventID: 'e1', at: 5 })]);
    expect(await problemsOf([events, ...given.how, '--base-url', 'https://a.example'])).toEqual([
      'INVALID_USAGE',
      `${events} holds recorded events, which carry their own URLs: a base URL is for access logs`,
    ]);
  });

  it('tells of a category that nothing knows, since its rule can not fire', async () => {
    const { rules } = writeRules();
    const text = await run([writeRecording(LOG), '--rules', rules]);
    expect(text).toContain(
      'note  No category file and no event knows the category "cart", which the rules "Sees the cart", "Comes back" ask for.\n',
    );
  });

  it('names the faults of all rule and category files at once and replays nothing', async () => {
    const { rules, categories } = writeRules(
      RULES.replace('singleton', 'single'),
      CATEGORIES.replace('plain', 'plane'),
    );
    const out = join(createFolder(), 'out');
    const [code, message, ...problems] = await problemsOf([
      writeRecording(LOG),
      '--rules',
      rules,
      rules,
      '/nowhere/rules.yaml',
      '--categories',
      categories,
      '--out',
      out,
    ]);
    expect([code, message]).toEqual([
      'INVALID_INPUT',
      `${problems.length} problems in rules and categories: nothing was replayed`,
    ]);
    expect(problems.some((problem) => problem.startsWith(`${rules}:7:`))).toBe(true);
    expect(problems.some((problem) => problem.startsWith(`${categories}:2:`))).toBe(true);
    expect(problems).toContain('/nowhere/rules.yaml: no such file');
    expect(existsSync(out)).toBe(false);
  });

  it('refuses a package that comes twice', async () => {
    const { rules } = writeRules();
    expect(await problemsOf([writeRecording(LOG), '--rules', rules, rules])).toContain(
      `${rules}: the rule package "com.example" is there twice, first in ${rules}`,
    );
  });

  it.each([
    ['a missing log', '/nowhere/access.log', 'FILE_NOT_FOUND', 'there is no file /nowhere/access.log'],
    ['an empty log', '', 'INVALID_INPUT', /is empty: there is nothing to replay$/],
    ['a log of something else', 'hello\nworld\n', 'INVALID_INPUT', /none of its 2 lines can be read as an access log/],
  ])('refuses %s and leaves the results of an earlier replay alone', async (_what, log, code, message) => {
    const out = createFolder();
    const { how } = writeRules();
    await run([writeRecording(LOG), ...how, '--out', out]);
    const before = readFileSync(join(out, 'summary.json'), 'utf8');
    const file = log.startsWith('/') ? log : writeRecording(log);
    const [gotCode, gotMessage] = await problemsOf([file, ...how, '--out', out]);
    expect(gotCode).toBe(code);
    expect(gotMessage).toMatch(message);
    expect(readFileSync(join(out, 'summary.json'), 'utf8')).toBe(before);
    expect(readdirSync(out)).toEqual(['hotleads.ndjson', 'summary.json', 'timing.json']);
  });

  it('does not pass where no person viewed a page', async () => {
    const log = writeRecording([formatLogLine({ userAgent: 'Somebot/1.0' })]);
    expect(await problemsOf([log, ...writeRules().how])).toEqual([
      'INVALID_INPUT',
      `${log}: no page view of a person is in it, so no rule was asked`,
    ]);
  });

  it('says that it can not write where it can not', async () => {
    const file = writeRecording(['a file, no folder']);
    const [code, message] = await problemsOf([writeRecording(LOG), ...writeRules().how, '--out', join(file, 'out')]);
    expect([code, message?.split(':')[0]]).toEqual(['UNAVAILABLE', 'the results can not be written']);
  });

  it('compares rules with those of today: what is gained and lost, why, and what it costs', async () => {
    const log = writeRecording(LOG, 'shop.log');
    const today = writeRules();
    const next = writeRules(RULES.replace('times: 2', 'times: 3').replace('Sees the cart', 'Sees it'));
    const out = createFolder();
    const words = [log, ...next.how, '--diff', today.rules, '--accept', '50%', '--handle', '10m', '--out', out];
    const text = await run(words);
    expect(text).toMatch(/hot leads +4 before, 3 after \(-1\): 0 kept, 3 gained, 4 lost\n/);
    expect(text).toMatch(/invites +3 before, 3 after \(0\), at most\n/);
    expect(text).toMatch(
      /agent hours +0.25 before, 0.25 after \(0\), where 50 % of the invites are accepted and a chat takes 10 min\n/,
    );
    expect(text).toMatch(/Sees it +0 +3 +0 +0 > 3 +0 > 0.25\n/);
    expect(text).toMatch(/lost by hour \(UTC\)/);
    expect(text).toContain(
      '    Now the rule reads: When the visitor enters a page of category "cart" 3 times within 10 min',
    );
    expect(text).toContain('    Before there is no such rule.\n');
    const changes = readFileSync(join(out, 'diff.ndjson'), 'utf8').trimEnd().split('\n');
    expect(changes.map((line) => (JSON.parse(line) as { change: string; rule: string }).change)).toEqual([
      'lost',
      'gained',
      'lost',
      'gained',
      'lost',
      'lost',
      'gained',
    ]);
    const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as { diff: { agentHours: object } };
    expect(summary.diff.agentHours).toEqual({ before: 0.25, after: 0.25 });
    expect(await run([...words, '--json'])).toBe(readFileSync(join(out, 'summary.json'), 'utf8'));
    await run([log, ...today.how, '--out', out]);
    expect(existsSync(join(out, 'diff.ndjson'))).toBe(false);
  });

  it('leaves an empty diff.ndjson where the rules are the same', async () => {
    const { how, rules } = writeRules();
    const out = createFolder();
    await run([writeRecording(LOG), ...how, '--diff', rules, '--out', out]);
    expect(readFileSync(join(out, 'diff.ndjson'), 'utf8')).toBe('');
  });

  it('names the faults of the rules of both sides, and of --accept and --handle', async () => {
    const { how, rules } = writeRules();
    const log = writeRecording(LOG);
    const broken = writeRules(RULES.replace('times: 2', 'times: 1')).rules;
    expect((await problemsOf([log, ...how, '--diff', broken, '/nowhere.yaml'])).slice(1)).toEqual([
      '2 problems in rules and categories: nothing was replayed',
      expect.stringContaining(broken),
      '/nowhere.yaml: no such file',
    ]);
    expect(await problemsOf([log, ...how, '--diff', rules, '--accept', '3x', '--handle', 'long'])).toEqual([
      'INVALID_USAGE',
      '--accept: expected a share such as 0.03 or 3%, got "3x"; ' +
        '--handle: expected a duration such as 90s, 15m, 4h or 250ms, got "long"',
    ]);
    expect(await problemsOf([log, ...how, '--accept', '3%', '--handle', '5m'])).toEqual([
      'INVALID_USAGE',
      '--accept and --handle: only with --diff',
    ]);
  });

  it('tells how long it took, on the console and in timing.json, but not in the summary', async () => {
    const out = createFolder();
    const text = await run([writeRecording(LOG), ...writeRules().how, '--out', out]);
    expect(text).toMatch(/took +[\d.]+ s, [\d,]+ events\/s, [\d,]+ MiB of memory at most\n/);
    const timing = JSON.parse(readFileSync(join(out, 'timing.json'), 'utf8')) as Record<string, number>;
    expect(Object.keys(timing)).toEqual(['wallMs', 'eventsPerSecond', 'rssMiBMax']);
    expect(Object.values(timing).every((figure) => figure > 0)).toBe(true);
    expect(readFileSync(join(out, 'summary.json'), 'utf8')).not.toMatch(/wall|rss/i);
  });

  it('needs rules', async () => {
    await expect(run([writeRecording(LOG)])).rejects.toThrow("required option '--rules <file...>' not specified");
  });
});
