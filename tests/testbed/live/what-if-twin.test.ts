/**
 * A what-if by hand in mid-run, to a real contact center that is killed afterwards: it is told once, outlives the process,
 * and stands in the journals: they replay to the same decisions with it, and to others without it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JournalRecord } from '#node/journal.ts';
import { checkParity, type ParityReport } from '#testbed/parity/check-parity.ts';
import { loadShipped, runLive, untilReached, whyNot } from './twin-stage.ts';

const SCENARIO = loadShipped('live-smoke', [
  'duration=10s',
  'traffic/visitsPerHour=12000',
  'traffic/pageViewsPerHour=48000',
]);
const GOAL = 0.2;

interface Input {
  readonly type: string;
  readonly rows?: readonly { readonly kind: string }[];
}

/** Takes inputs out of a life's journal, or changes them; the records are numbered anew. */
function rewrite(folder: string, life: string, change: (input: Input) => Input | undefined): number {
  const file = join(folder, `${life}.ndjson`);
  const [head = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const records = lines.map((line) => JSON.parse(line) as JournalRecord);
  const changed = records.flatMap((record) => {
    const input = change(record.input as Input);
    return input === undefined ? [] : [{ ...record, input }];
  });
  const touched = records.filter((record) => change(record.input as Input) !== record.input).length;
  const written = changed.map((record, index) => JSON.stringify({ ...record, n: index + 1 }));
  writeFileSync(file, `${[head, ...written].join('\n')}\n`);
  return touched;
}

/** Lives of the contact center whose journals replay to other decisions. */
function livesThatDiffer({ journals }: ParityReport): readonly number[] {
  return journals
    .filter(({ node, differences }) => node === 'contact-center' && differences.length > 0)
    .map(({ incarnation }) => incarnation);
}

test('a what-if by hand is obeyed once, outlives a kill of the contact center, and is what the decisions after it rest on', async () => {
  const { result, parity } = await runLive(SCENARIO, {
    seed: 1,
    during: async (run) => {
      await untilReached(run, 2_500);
      run.command({ goalShare: GOAL });
      await expect.poll(() => run.whatIfs.length, { timeout: 8_000 }).toBe(1);
      // Some refreshes of pacing obey it.
      await untilReached(run, run.cluster.clock.now() - run.scenario.startsAt + 2_000);
      await run.cluster.kill('contact-center');
      await run.cluster.restart('contact-center');
    },
    after: (journals) => {
      expect(rewrite(journals, 'contact-center~1', without('pacingCommand'))).toBe(1);
      expect(livesThatDiffer(checkParity(journals))).toEqual([1]);
      expect(rewrite(journals, 'contact-center~2', withoutCommandRow)).toBe(1);
      expect(livesThatDiffer(checkParity(journals))).toEqual([1, 2]);
    },
  });
  expect(whyNot(parity)).toEqual([]);
  expect(parity.journals.filter(({ node }) => node === 'contact-center').map(({ incarnation }) => incarnation)).toEqual(
    [1, 2],
  );
  expect(result.whatIfs).toMatchObject([{ by: 'screen', before: { goalShare: 0.05 }, after: { goalShare: GOAL } }]);
  expect(result.live).toMatchObject({
    lost: 0,
    unacknowledged: 0,
    kills: [{ node: 'contact-center', incarnation: 1 }],
  });
  expect(result.statistics.kpis.abandonment.goalShare).toBe(GOAL);
}, 120_000);

function without(type: string): (input: Input) => Input | undefined {
  return (input) => (input.type === type ? undefined : input);
}

/** The store gives back all rows but that of the command. */
function withoutCommandRow(input: Input): Input {
  if (input.type !== 'recovered' || input.rows === undefined) return input;
  return { ...input, rows: input.rows.filter(({ kind }) => kind !== 'pacingCommand') };
}
