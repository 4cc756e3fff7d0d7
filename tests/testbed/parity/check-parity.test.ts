/** The parity law: it holds for journals as they were written, and every single change of them is caught and named. */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { present } from '#core/assert.ts';
import type { JournalRecord } from '#node/journal.ts';
import { checkParity } from '#testbed/parity/check-parity.ts';
import { writeNamedFaults } from '#testbed/parity/named-faults.ts';
import { PaperCluster, type Happening, type Tampering } from './paper-cluster.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engage-parity-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const WHATS = ['home', 'cart', 'answer', 'chat', 'desk', 'time'] as const;
/** Three visits to the cart, all invites accepted, all chats held, and a time in which the visits end. */
const HISTORY: readonly Happening[] = [
  ...[0, 1, 2, 3].map((pick) => ({ what: 'home' as const, pick })),
  ...[0, 1, 2].map((pick) => ({ what: 'cart' as const, pick })),
  ...Array.from({ length: 3 }, () => ({ what: 'answer' as const, pick: 0 })),
  ...Array.from({ length: 3 }, () => ({ what: 'chat' as const, pick: 0 })),
  ...Array.from({ length: 3 }, () => ({ what: 'desk' as const, pick: 0 })),
  { what: 'time', pick: 0 },
];

function play(history: readonly Happening[] = HISTORY, how?: Tampering, place = 0): number {
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  const cluster = new PaperCluster(folder, how === undefined ? undefined : { how, place });
  cluster.play(history);
  return cluster.delivered;
}

/** Journal lines of a node, the head first. */
function linesOf(node: string): string[] {
  return readFileSync(join(folder, `${node}~1.ndjson`), 'utf8')
    .trimEnd()
    .split('\n');
}

function rewrite(node: string, lines: readonly string[]): void {
  writeFileSync(join(folder, `${node}~1.ndjson`), `${lines.join('\n')}\n`);
}

/** Changes the record `n` of a node's journal. */
function alter(node: string, n: number, change: (record: JournalRecord) => JournalRecord): void {
  const lines = linesOf(node);
  lines[n] = JSON.stringify(change(JSON.parse(lines[n] ?? '') as JournalRecord));
  rewrite(node, lines);
}

/** Record of the first input of a type in a node's journal. */
function recordOf(node: string, type: string): JournalRecord {
  const records = linesOf(node)
    .slice(1)
    .map((line) => JSON.parse(line) as JournalRecord);
  return present(
    records.find(({ input }) => (input as { type: string }).type === type),
    `${type} of ${node}`,
  );
}

describe('the parity law', () => {
  test('holds for journals as they were written', () => {
    const messages = play();
    const report = checkParity(folder);
    expect(report).toMatchObject({ holds: true, sends: { lostToFaults: 0, problems: [] } });
    expect(report.journals.map(({ node }) => node)).toEqual([
      'backend-1',
      'backend-2',
      'contact-center',
      'frontend-1',
      'frontend-2',
    ]);
    expect(report.sends.sends).toBe(messages);
    const said = linesOf('contact-center').join();
    for (const word of ['leadArrived', 'acceptCall', 'chatRequest', 'finish', 'visitEnded'])
      expect(said).toContain(word);
  });

  test('names the record of a decision that is another one, has an effect less or one more', () => {
    const changes: readonly ((record: JournalRecord) => JournalRecord)[] = [
      (record) => ({ ...record, effects: JSON.parse(JSON.stringify(record.effects).replace('"v1"', '"v2"')) }),
      (record) => ({ ...record, effects: record.effects.slice(1) }),
      (record) => ({ ...record, effects: [...record.effects, ...record.effects.slice(0, 1)] }),
    ];
    for (const change of changes) {
      play();
      const { n } = recordOf('contact-center', 'leadArrived');
      alter('contact-center', n, change);
      const { holds, journals } = checkParity(folder);
      expect(holds).toBe(false);
      const found = journals.filter(({ differences }) => differences.length > 0);
      expect(found.map(({ node, differences }) => [node, differences.map((one) => one.n)])).toEqual([
        ['contact-center', [n]],
      ]);
    }
  });

  test('names a message that nobody heard, that was heard twice, that was changed, and one that nobody sent', () => {
    for (const [how, kind] of [
      ['lost', 'lost'],
      ['doubled', 'doubled'],
      ['changed', 'changed'],
      ['invented', 'unknown'],
    ] as const) {
      play(HISTORY, how, 3);
      const { holds, sends } = checkParity(folder);
      expect(holds, how).toBe(false);
      expect(sends.problems.map((problem) => problem.kind)).toEqual([kind]);
    }
  });

  test('a fault that explains a loss excuses it; a fault of another node does not', () => {
    // The first message: the agent's log-in, from backend-2 to the contact center.
    play(HISTORY, 'lost', 0);
    expect(checkParity(folder).sends.problems).toMatchObject([{ kind: 'lost', id: 'backend-2~1#1' }]);
    writeNamedFaults(folder, [{ node: 'frontend-1', kind: 'kill', incarnation: 1 }]);
    expect(checkParity(folder).sends.problems).toMatchObject([{ kind: 'lost', id: 'backend-2~1#1' }]);
    writeNamedFaults(folder, [{ node: 'contact-center', kind: 'kill', incarnation: 1 }]);
    expect(checkParity(folder)).toMatchObject({ holds: true, sends: { lostToFaults: 1, problems: [] } });
    writeNamedFaults(folder, [{ node: 'backend-2', kind: 'kill', incarnation: 2 }]);
    expect(checkParity(folder).holds).toBe(false);
  });

  test('a repetition within one life is excused by nothing', () => {
    play(HISTORY, 'doubled', 0);
    writeNamedFaults(folder, [{ node: 'contact-center', kind: 'kill', incarnation: 1 }]);
    expect(checkParity(folder).sends.problems).toMatchObject([{ kind: 'doubled', id: 'backend-2~1#1' }]);
  });

  test('a line that a kill tore off counts for nothing; one that is broken in the middle is told', () => {
    play();
    appendFileSync(join(folder, 'backend-1~1.ndjson'), '{"n":999,"at":1,"fr');
    const report = checkParity(folder);
    expect(report.holds).toBe(true);
    expect(report.journals.map(({ tornBytes }) => tornBytes)).toEqual([19, 0, 0, 0, 0]);
    rewrite('backend-1', linesOf('backend-1').toSpliced(2, 1));
    expect(() => checkParity(folder)).toThrow(/record 2 is missing or damaged/);
  });

  test('whatever happens, it holds; and with any one thing changed it does not', () => {
    const happening = fc.record({ what: fc.constantFrom(...WHATS), pick: fc.nat(11) });
    const history = fc.array(happening, { minLength: 4, maxLength: 25 });
    const mutation = fc.record({
      how: fc.constantFrom('lost', 'doubled', 'changed', 'invented', 'value', 'less', 'more'),
      place: fc.nat(),
      within: fc.nat(),
    });
    fc.assert(
      fc.property(history, mutation, (played, { how, place, within }) => {
        const messages = play([...HISTORY.slice(0, 5), ...played]);
        expect(checkParity(folder)).toMatchObject({ holds: true });
        if (how === 'value' || how === 'less' || how === 'more') mutateEffect(how, place, within);
        else play([...HISTORY.slice(0, 5), ...played], how, place % messages);
        expect(checkParity(folder).holds, `${how} ${place} ${within}`).toBe(false);
      }),
      { numRuns: 100 },
    );
  });
});

/** Changes one effect of one record, both chosen by number. */
function mutateEffect(how: 'value' | 'less' | 'more', place: number, within: number): void {
  const records = ['backend-1', 'backend-2', 'contact-center', 'frontend-1', 'frontend-2'].flatMap((node) =>
    linesOf(node)
      .slice(1)
      .map((line) => ({ node, record: JSON.parse(line) as JournalRecord })),
  );
  const withEffects = records.filter(({ record }) => record.effects.length > 0);
  const { node, record } = present(withEffects[place % withEffects.length], 'record');
  const index = within % record.effects.length;
  const effect = present(record.effects[index], 'effect');
  alter(node, record.n, () => {
    if (how === 'less') return { ...record, effects: record.effects.toSpliced(index, 1) };
    if (how === 'more') return { ...record, effects: record.effects.toSpliced(index, 0, effect) };
    return { ...record, effects: record.effects.with(index, changeValue(effect, within)) };
  });
}

/** One text or number in it is another. */
function changeValue<T>(effect: T, within: number): T {
  const text = JSON.stringify(effect);
  const values = [...text.matchAll(/:("[^"]*"|-?\d+(?:\.\d+)?)/g)];
  const match = present(values[within % values.length], 'value');
  const value = present(match[1], 'value');
  const other = value.startsWith('"') ? `"${value.slice(1, -1)}x"` : `${Number(value) + 1}`;
  const start = match.index + 1;
  return JSON.parse(text.slice(0, start) + other + text.slice(start + value.length)) as T;
}
