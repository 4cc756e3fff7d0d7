/** The parity law of simulated runs: their journals are those of live nodes, with faults, what-ifs and an end in the middle of things. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { present } from '#core/assert.ts';
import { JournalFiles } from '#host/commands/journal-files.ts';
import type { JournalRecord } from '#node/journal.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { checkParity } from '#testbed/parity/check-parity.ts';
import { faultsOfMarks, writeNamedFaults } from '#testbed/parity/named-faults.ts';
import { runScenario } from '#testbed/run-scenario.ts';
import type { RunResult } from '#testbed/run-result.ts';
import { faultOf } from '#tests/sim/sim-stage.ts';
import { loadShipped, whyNot } from '#tests/testbed/live/twin-stage.ts';

const SCENARIO: Scenario = {
  ...loadShipped('live-smoke', ['duration=30s', 'traffic/visitsPerHour=9000', 'traffic/pageViewsPerHour=36000']),
  cluster: { frontends: 2, backends: 2 },
};
const FAULTS = [
  faultOf('kill', 'backend-1', 18_000, 4_000),
  faultOf('kill', 'contact-center', 9_000, 1_000),
  faultOf('partition', 'frontend-1', 13_000, 4_000),
  faultOf('stop', 'store', 14_000, 3_000),
  faultOf('kill', 'frontend-2', 19_000, 1_000),
  faultOf('slow', 'backend-2', 24_000, 2_000),
];
const COMMAND = { atMs: 12_000, change: { goalShare: 0.2 } };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engage-sim-parity-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function play(scenario: Scenario, seed = 1): RunResult {
  const files = new JournalFiles(folder);
  const result = runScenario(scenario, { seed, journal: (life, line) => files.write(life, line) });
  files.close();
  writeNamedFaults(folder, faultsOfMarks(result.faults));
  return result;
}

/** Changes the records of a life; numbers them anew. */
function rewrite(life: string, change: (records: readonly JournalRecord[]) => readonly JournalRecord[]): void {
  const file = join(folder, `${life}.ndjson`);
  const [head = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const records = change(lines.map((line) => JSON.parse(line) as JournalRecord));
  const written = records.map((record, index) => JSON.stringify({ ...record, n: index + 1 }));
  writeFileSync(file, `${[head, ...written].join('\n')}\n`);
}

function typeOf({ input }: JournalRecord): string {
  return (input as { type: string }).type;
}

describe('the journals of a simulated run', () => {
  test('hold to the law, and writing them changes nothing', () => {
    const { figures } = play(SCENARIO);
    const report = checkParity(folder);
    expect(whyNot(report)).toEqual([]);
    expect(report.sends.sends).toBeGreaterThan(500);
    expect(report.sends.underWay).toBeLessThan(50);
    expect(report.journals.map(({ node }) => node)).toEqual([
      'backend-1',
      'backend-2',
      'contact-center',
      'frontend-1',
      'frontend-2',
    ]);
    expect(figures).toEqual(runScenario(SCENARIO, { seed: 1 }).figures);
  });

  test('hold to it with faults of every kind: each life has its journal, and what is missing is lost to a fault', () => {
    const { figures } = play({ ...SCENARIO, faults: FAULTS });
    const report = checkParity(folder);
    expect(whyNot(report)).toEqual([]);
    expect(report.journals.filter(({ incarnation }) => incarnation === 2).map(({ node }) => node)).toEqual([
      'backend-1',
      'contact-center',
      'frontend-2',
    ]);
    expect(report.sends.lostToFaults + report.sends.repeatedByFaults).toBeGreaterThan(0);
    expect(figures).toEqual(runScenario({ ...SCENARIO, faults: FAULTS }, { seed: 1 }).figures);
    // Without the faults' names they would be a problem.
    writeNamedFaults(folder, []);
    expect(checkParity(folder).holds).toBe(false);
  });

  test('break it where a record is taken out or a message is changed, and say where', () => {
    play(SCENARIO);
    rewrite('contact-center~1', (records) => {
      const lead = records.findIndex((record) => typeOf(record) === 'leadArrived');
      return records.toSpliced(lead, 1);
    });
    const { holds, journals, sends } = checkParity(folder);
    expect(holds).toBe(false);
    expect(journals.filter(({ differences }) => differences.length > 0).map(({ node }) => node)).toEqual([
      'contact-center',
    ]);
    expect(sends.problems.map(({ kind }) => kind)).toContain('lost');
  });

  test('a what-if command is among the inputs: taken out, other decisions come of it', () => {
    play({ ...SCENARIO, whatIf: [COMMAND] });
    expect(whyNot(checkParity(folder))).toEqual([]);
    rewrite('contact-center~1', (records) => {
      const commanded = records.filter((record) => typeOf(record) === 'pacingCommand');
      expect(commanded).toHaveLength(1);
      return records.filter((record) => typeOf(record) !== 'pacingCommand');
    });
    const { holds, journals } = checkParity(folder);
    expect(holds).toBe(false);
    const centre = present(
      journals.find(({ node }) => node === 'contact-center'),
      'contact center',
    );
    expect(centre.differences.length).toBeGreaterThan(0);
  });
});

describe('a journal that is none is refused', () => {
  test.each([
    ['{"type":"other"}\n', /does not begin as a journal of version 1/],
    ['no JSON\n', /line 1 is no JSON/],
    [
      '{"type":"head","version":1,"node":"backend-1","role":"backend","incarnation":1,"idPrefix":"b","config":{}}\n',
      /does not hold the scenario/,
    ],
    ['', /is empty/],
  ])('%s', (text, message) => {
    writeFileSync(join(folder, 'backend-1~1.ndjson'), text);
    expect(() => checkParity(folder)).toThrow(message);
  });
});
