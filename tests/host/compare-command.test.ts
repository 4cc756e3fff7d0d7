/** `engage compare` from the outside: table, JSON, files and statuses. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCli } from './cli-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'engage-compare-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SHORT = ['scenarios/guide-example.yaml', '--duration', '10m', '--seeds', '3'];

describe('engage compare', () => {
  test('writes page and figures, the same bytes for the same seeds, and says what differs', async () => {
    const vary = ['--vary', 'pacedBy=algorithm,none'];
    const [one, two] = await Promise.all([
      runCli('compare', ...SHORT, ...vary, '--out', folder),
      runCli('compare', ...SHORT, ...vary, '--json'),
    ]);
    expect([one?.code, one?.err, two?.code]).toEqual([0, '', 0]);
    expect(one?.out).toMatch(/^guide-example {2}pacedBy {2}2 variants, seeds 1 to 3, 10 min counted\n/);
    expect(one?.out).toMatch(/refused\n {2}algorithm {2}.*\n {2}none .*−/);
    expect(readdirSync(join(folder, 'guide-example')).toSorted()).toEqual(['comparison.html', 'comparison.json']);
    const written = readFileSync(join(folder, 'guide-example/comparison.json'), 'utf8');
    expect(two?.out).toBe(written);
    expect(JSON.parse(written)).toMatchObject({
      scenario: 'guide-example',
      vary: 'pacedBy',
      values: ['algorithm', 'none'],
      seeds: [1, 2, 3],
      windowSeconds: 600,
      figures: expect.arrayContaining([
        expect.objectContaining({
          figure: 'hotLeads',
          unit: 'count',
          variants: [
            { value: 'algorithm', estimate: expect.anything(), difference: null },
            { value: 'none', estimate: expect.anything(), difference: expect.objectContaining({ mean: 0 }) },
          ],
        }),
      ]),
      deviations: [
        { value: 'algorithm', sentences: expect.anything() },
        { value: 'none', sentences: expect.arrayContaining([expect.stringContaining('NO PACING ALGORITHM')]) },
      ],
    });
    expect(readFileSync(join(folder, 'guide-example/comparison.html'), 'utf8')).toContain(
      'engage compare scenarios/guide-example.yaml --vary pacedBy=algorithm,none --seeds 3 --duration 10m',
    );
  });

  test.each([
    [['--vary', 'pacedBy=ratio'], 'at least two values'],
    [
      ['--vary', 'pacedBy=ratio,fast'],
      'pacedBy: expected algorithm or none or progressive or ratio or erlangA, got "fast"',
    ],
    [['--vary', 'groups/0/agents=4,-1', '--seeds', '0'], 'expected a number from 1 to'],
    [[], '--vary'],
  ])('%s ends with 2 and says why', async (words, message) => {
    const { code, out, err } = await runCli('compare', ...SHORT, ...words);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });
});
