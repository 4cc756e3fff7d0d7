/** The machine driver: what waits for a commit and what does not, in which order things leave, and when an input is done. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { Effect } from '#core/effects.ts';
import { Journal, readJournal } from '#node/journal.ts';
import type { DriverOutlet } from '#node/machine-driver.ts';
import { acknowledge, commit, DriverStage, NOTE, toContactCenter, toDesk, toFrontend, wake } from './driver-stage.ts';

describe('what an input asks for', () => {
  test('leaves as facts, then all the rest in its order, sends with counted ids', () => {
    const stage = new DriverStage();
    stage.deliver('a', [toFrontend('x'), NOTE, toDesk('c'), toContactCenter('v'), NOTE]);
    stage.deliver('b', [toFrontend('y')]);
    const expected = ['facts 2', 'toFrontend x node-1~3#1', 'toDesk c', 'toContactCenter v node-1~3#2'];
    expect(stage.outlet.log).toEqual([...expected, 'toFrontend y node-1~3#3']);
  });

  test('is done at once without a commit', () => {
    const stage = new DriverStage();
    const onDone = vi.fn<(ok: boolean) => void>();
    stage.deliver('a', [toFrontend('x')], onDone);
    expect(onDone.mock.calls).toEqual([[true]]);
    expect(stage.driver.idle).toBe(true);
  });

  test('comes stamped with the domain time, also when it is a wake-up', () => {
    vi.useFakeTimers();
    const stage = new DriverStage();
    stage.mono.ms = 5.9;
    stage.deliver('a', [commit('k'), wake(1_040)]);
    stage.mono.ms = 41;
    vi.advanceTimersByTime(50);
    expect([stage.handled, stage.stamps]).toEqual([
      ['a', 'wake pacingRefresh'],
      [1_005, 1_041],
    ]);
    expect(stage.outlet.log).toEqual(['commit k', 'toDesk woken']);
    vi.useRealTimers();
  });
});

describe('a commit', () => {
  test('holds what follows it, not what comes before, nor facts', () => {
    const stage = new DriverStage();
    const onDone = vi.fn<(ok: boolean) => void>();
    stage.deliver('a', [toDesk('before'), commit('k'), toFrontend('x'), acknowledge(1), NOTE], onDone);
    expect(stage.outlet.log).toEqual(['facts 1', 'toDesk before', 'commit k']);
    expect([onDone.mock.calls, stage.driver.idle]).toEqual([[], false]);
    stage.outlet.answer('k', true);
    expect(stage.outlet.log.slice(3)).toEqual(['toFrontend x node-1~3#1', 'acknowledge 1']);
    expect([onDone.mock.calls, stage.driver.idle]).toEqual([[[true]], true]);
  });

  test('that is stored within the call holds nothing', () => {
    const stage = new DriverStage();
    stage.outlet.answerAtOnce = true;
    const onDone = vi.fn<(ok: boolean) => void>();
    stage.deliver('a', [commit('k'), toFrontend('x')], onDone);
    expect(stage.outlet.log).toEqual(['commit k', 'toFrontend x node-1~3#1']);
    expect([onDone.mock.calls, stage.driver.idle]).toEqual([[[true]], true]);
  });

  test('is one of several: what follows them waits for all', () => {
    const stage = new DriverStage();
    stage.deliver('a', [commit('k'), toFrontend('x'), commit('l'), toFrontend('y')]);
    stage.outlet.answer('l', true);
    expect(stage.outlet.log).toEqual(['commit k', 'commit l']);
    stage.outlet.answer('k', true);
    expect(stage.outlet.log.slice(2)).toEqual(['toFrontend x node-1~3#1', 'toFrontend y node-1~3#2']);
  });

  test.each([
    ['later', undefined],
    ['within the call', false],
  ])('that fails %s drops what it holds, is told to the machine, and fails the input', (_when, answerAtOnce) => {
    const stage = new DriverStage();
    stage.outlet.answerAtOnce = answerAtOnce;
    const onDone = vi.fn<(ok: boolean) => void>();
    stage.deliver('a', [commit('k'), toFrontend('x'), acknowledge(1)], onDone);
    if (answerAtOnce === undefined) stage.outlet.answer('k', false);
    expect(stage.handled).toEqual(['a', 'failed k']);
    expect(stage.outlet.log).toEqual(['commit k', 'toFrontend refused-k node-1~3#2']);
    expect([onDone.mock.calls, stage.driver.idle]).toEqual([[[false]], true]);
  });

  test('that fails takes nothing of other inputs with it', () => {
    const stage = new DriverStage();
    stage.deliver('a', [commit('k'), toFrontend('x')]);
    stage.deliver('b', [commit('l'), toFrontend('y')]);
    stage.deliver('c', [toFrontend('z')]);
    stage.outlet.answer('k', false);
    stage.outlet.answer('l', true);
    expect(stage.outlet.log.slice(2)).toEqual([
      'toFrontend y node-1~3#2',
      'toFrontend z node-1~3#3',
      'toFrontend refused-k node-1~3#4',
    ]);
  });
});

describe('order over inputs', () => {
  test('is kept among effects of one type: what waits for nothing queues behind what does', () => {
    const stage = new DriverStage();
    stage.deliver('a', [commit('k'), toFrontend('x')]);
    stage.deliver('b', [toFrontend('y'), toDesk('c')]);
    expect(stage.outlet.log).toEqual(['commit k', 'toDesk c']);
    stage.outlet.answer('k', true);
    expect(stage.outlet.log.slice(2)).toEqual(['toFrontend x node-1~3#1', 'toFrontend y node-1~3#2']);
  });

  test('is kept where commits are stored in another order', () => {
    const stage = new DriverStage();
    const done: string[] = [];
    stage.deliver('a', [commit('k'), toFrontend('x')], () => done.push('a'));
    stage.deliver('b', [commit('l'), toFrontend('y'), toDesk('c')], () => done.push('b'));
    stage.outlet.answer('l', true);
    expect([stage.outlet.log.slice(2), done]).toEqual([['toDesk c'], []]);
    stage.outlet.answer('k', true);
    expect(stage.outlet.log.slice(3)).toEqual(['toFrontend x node-1~3#1', 'toFrontend y node-1~3#2']);
    expect(done).toEqual(['a', 'b']);
  });

  test('inputs that the outlet gives back within a call wait their turn', () => {
    const stage = new DriverStage();
    const { log } = stage.outlet;
    const loop = Object.assign(stage.outlet, {
      local: () => {
        log.push('local');
        if (stage.handled.length < 3) stage.deliver('again', [toFrontend('y'), toDesk('again')]);
        log.push('local over');
      },
    } satisfies Partial<DriverOutlet>);
    stage.deliver('a', [toDesk('c'), toFrontend('x')]);
    expect(loop.log).toEqual([
      'local',
      'local over',
      'toFrontend x node-1~3#1',
      'toFrontend y node-1~3#2',
      'local',
      'local over',
      'toFrontend y node-1~3#3',
      'local',
      'local over',
    ]);
  });

  test('holds whatever the order of answers, and every input ends once', () => {
    const step = fc.record({
      commits: fc.integer({ min: 0, max: 2 }),
      sends: fc.integer({ min: 0, max: 2 }),
      before: fc.boolean(),
    });
    const run = fc.property(fc.array(step, { maxLength: 12 }), fc.infiniteStream(fc.nat(99)), (steps, chances) => {
      const stage = new DriverStage({ relays: true });
      const results = steps.map(() => vi.fn<(ok: boolean) => void>());
      steps.forEach(({ commits, sends, before }, index) => {
        const effects: Effect[] = Array.from({ length: commits }, (_, k) => commit(`${index}.${k}`));
        const out = Array.from({ length: sends }, (_, k) => toFrontend(`${index}.${k}`));
        stage.deliver(`${index}`, before ? [...out, ...effects] : [...effects, ...out], results[index]);
      });
      const chance = (): number => chances.next().value ?? 0;
      while (stage.outlet.commits.length > 0) {
        const open = stage.outlet.commits[chance() % stage.outlet.commits.length];
        if (open !== undefined) stage.outlet.answer(open.name, chance() < 70);
      }
      expect(isInOrder(stage.outlet.log)).toBe(true);
      for (const id of stage.outlet.unanswered.keys()) stage.outlet.acknowledge(id);
      expect(stage.driver.idle).toBe(true);
      for (const result of results) expect(result).toHaveBeenCalledTimes(1);
    });
    fc.assert(run);
  });
});

/** Whether sends left in the order in which the machine made them. */
function isInOrder(log: readonly string[]): boolean {
  const ids = log.flatMap((line) => /#(\d+)$/.exec(line)?.[1] ?? []).map(Number);
  return ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? 0));
}

test('a send that overtakes another would be noticed (the control)', () => {
  expect(isInOrder(['toFrontend x node-1~3#1', 'commit k', 'toFrontend y node-1~3#2'])).toBe(true);
  expect(isInOrder(['toFrontend y node-1~3#10', 'commit k', 'toFrontend x node-1~3#9'])).toBe(false);
});

describe('a relaying node', () => {
  test('has done with an input when its receivers have', async () => {
    const stage = new DriverStage({ relays: true });
    const onDone = vi.fn<(ok: boolean) => void>();
    stage.deliver('a', [commit('k'), toFrontend('x'), toContactCenter('v')], onDone);
    stage.outlet.answer('k', true);
    stage.outlet.acknowledge('node-1~3#2');
    stage.outlet.acknowledge('node-1~3#2');
    expect([onDone.mock.calls, stage.driver.idle]).toEqual([[], false]);
    const drained = stage.driver.drained();
    stage.outlet.acknowledge('node-1~3#1');
    expect(onDone.mock.calls).toEqual([[true]]);
    await drained;
  });

  test('that does not relay has done when it has sent (the control)', () => {
    const stage = new DriverStage();
    const onDone = vi.fn<(ok: boolean) => void>();
    stage.deliver('a', [toFrontend('x')], onDone);
    expect([onDone.mock.calls, stage.outlet.unanswered.size]).toEqual([[[true]], 1]);
  });
});

describe('the journal of a driver', () => {
  test('has the record before any effect leaves, and its effects count the ids', () => {
    const folder = mkdtempSync(join(tmpdir(), 'driver-'));
    const file = join(folder, 'node-1~3.ndjson');
    const identity = { node: 'node-1', role: 'backend', incarnation: 3, idPrefix: 'node-1~3' } as const;
    const journal = new Journal(file, { type: 'head', version: 1, ...identity, config: {} });
    const seen: string[] = [];
    const throwing: DriverOutlet = {
      send: () => {
        seen.push(readFileSync(file, 'utf8'));
        throw new Error('the process dies here');
      },
      local: () => undefined,
      commit: () => undefined,
      facts: () => void seen.push(readFileSync(file, 'utf8')),
    };
    const stage = new DriverStage({ journal, outlet: throwing });
    stage.deliver('a', [toFrontend('x'), NOTE]);
    expect(stage.crashes).toHaveLength(1);
    expect(seen).toHaveLength(2);
    for (const text of seen) expect(text).toContain('"n":1,"at":1000,"from":null,"input":{"name":"a"');
    expect([...readJournal(file)]).toHaveLength(2);
    journal.close();
    rmSync(folder, { recursive: true });
  });

  test('after a bug the driver takes nothing more', () => {
    const stage = new DriverStage();
    stage.deliver('bug', []);
    expect(stage.crashes).toHaveLength(1);
    expect(() => stage.deliver('b', [])).toThrow(/has met a bug/);
  });
});
