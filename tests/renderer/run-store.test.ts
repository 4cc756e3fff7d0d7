/** The screen's store: updates taken in at once, the parts of the screen told by and by, and strips that don't change kept. */
import { describe, expect, it } from 'vitest';
import type { AgentRow, RunStatus, RunTotals, RunUpdate, SeriesPoint, StreamItem } from '#protocol/run-feed.ts';
import { createRunStore, keepStrips, LANES, type RunStore } from '#renderer/feed/run-store.ts';
import { createStreamRing } from '#renderer/feed/stream-ring.ts';
import { commandOfKey, listCommands, type CommandContext } from '#renderer/shared/commands.ts';

/** Frames by hand. */
function createStore(): { readonly store: RunStore; readonly frame: () => boolean } {
  const waiting: (() => void)[] = [];
  return {
    store: createRunStore((callback) => waiting.push(callback)),
    frame: () => {
      const next = waiting.shift();
      next?.();
      return next !== undefined;
    },
  };
}

const status = (runId: string, virtualMs = 0): RunStatus => ({ runId, virtualMs, state: 'running' }) as RunStatus;
const totals = { visits: 1 } as RunTotals;

function progress(runId: string, atMs: number): RunUpdate {
  return {
    type: 'progress',
    status: status(runId, atMs),
    totals,
    series: [{ atMs, bucketMs: 1_000 } as SeriesPoint],
    pacing: [],
    agents: [],
    stream: [{ n: atMs } as StreamItem],
    skipped: 2,
  };
}

describe('the store', () => {
  it('tells two parts of the screen a frame, in their order, each once for many updates', () => {
    const { store, frame } = createStore();
    const told: string[] = [];
    for (const lane of LANES) store.subscribe(lane, () => told.push(lane));
    for (let n = 1; n <= 5; n += 1) store.apply(progress('a', n * 1_000));
    expect(told).toEqual([]);
    frame();
    expect(told).toEqual(LANES.slice(0, 2));
    while (frame());
    expect(told).toEqual(LANES);
    expect(store.view().series).toHaveLength(5);
    expect(store.view().skipped).toBe(10);
  });

  it('spends no frame on parts that nobody looks at', () => {
    const { store, frame } = createStore();
    const told: string[] = [];
    for (const lane of ['header', 'log', 'pacing.busy'] as const) store.subscribe(lane, () => told.push(lane));
    store.apply(progress('a', 1_000));
    frame();
    expect(told).toEqual(['header', 'log']);
    frame();
    expect(told).toEqual(['header', 'log', 'pacing.busy']);
    expect(frame()).toBe(false);
  });

  it('joins what is new of a counterpart to what it has, begins anew with one that loads, and forgets it with its run', () => {
    const { store } = createStore();
    const beside = (state: 'loading' | 'running', atMs: number | null): RunUpdate =>
      ({
        type: 'counterpart',
        counterpart: {
          state: { state },
          series: atMs === null ? [] : [{ atMs, bucketMs: 1_000 }],
          pacing: atMs === null ? [] : [{ atMs, group: 'a' }],
        },
      }) as unknown as RunUpdate;
    const moments = (): readonly number[] => store.view().counterpart?.series.map(({ atMs }) => atMs) ?? [];
    store.apply(progress('a', 1_000));
    store.apply(beside('loading', null));
    store.apply(beside('running', 1_000));
    store.apply(beside('running', 2_000));
    expect(moments()).toEqual([1_000, 2_000]);
    expect(store.view().counterpart?.pacing).toHaveLength(2);
    store.apply(progress('a', 2_000));
    expect(moments()).toEqual([1_000, 2_000]);
    store.apply(beside('loading', null));
    expect(moments()).toEqual([]);
    store.apply(progress('b', 1_000));
    expect(store.view().counterpart).toBeNull();
  });

  it('begins anew with another run, and with a history', () => {
    const { store } = createStore();
    store.apply(progress('a', 1_000));
    store.apply(progress('b', 1_000));
    expect(store.view()).toMatchObject({ skipped: 2, series: [{ atMs: 1_000 }] });
    const history = { ...progress('b', 9_000), type: 'history' } as RunUpdate;
    store.apply(history);
    expect(store.view().series.map(({ atMs }) => atMs)).toEqual([9_000]);
  });

  it('knows nothing, then that nothing runs, then what runs', () => {
    const { store } = createStore();
    expect(store.view()).toMatchObject({ known: false, status: null });
    store.apply({ type: 'idle' });
    expect(store.view()).toMatchObject({ known: true, status: null });
    store.apply({ type: 'status', status: status('a') });
    expect(store.view()).toMatchObject({ known: true, status: { runId: 'a' }, totals: null });
  });

  it('keeps what it shows when the connection is lost, and what was refused until it is dismissed', () => {
    const { store } = createStore();
    store.apply(progress('a', 1_000));
    store.setConnection('lost');
    store.apply({ type: 'error', message: 'no' });
    expect(store.view()).toMatchObject({ connection: 'lost', error: 'no', status: { runId: 'a' } });
    store.dismissError();
    expect(store.view().error).toBeNull();
  });
});

describe('what looks the same', () => {
  const agent = (id: string, strip: AgentRow['strip']): AgentRow => ({ id, strip }) as AgentRow;

  it('is the same object: a strip that has not grown', () => {
    const before = [agent('1', [[0, 'ready']]), agent('2', [[0, 'ready']])];
    const now = keepStrips(before, [
      agent('1', [[0, 'ready']]),
      agent('2', [
        [0, 'ready'],
        [5, 'busy'],
      ]),
    ]);
    expect(now[0]?.strip).toBe(before[0]?.strip);
    expect(now[1]?.strip).toEqual([
      [0, 'ready'],
      [5, 'busy'],
    ]);
    expect(keepStrips(before, [agent('9', [[0, 'ready']])])[0]?.strip).not.toBe(before[0]?.strip);
  });
});

describe('the stream in memory', () => {
  it('keeps the newest', () => {
    const ring = createStreamRing(100);
    for (let n = 1; n <= 1_000; n += 1) ring.append([{ n } as StreamItem]);
    expect(ring.items().length).toBeLessThanOrEqual(110);
    expect(ring.items().at(-1)?.n).toBe(1_000);
  });
});

describe('keys', () => {
  const sent: unknown[] = [];
  const nothing = (): void => undefined;
  const context = (state: RunStatus['state'] | null): CommandContext => ({
    status:
      state === null
        ? null
        : ({
            state,
            speed: 1,
            virtualMs: 0,
            warmupMs: 1,
            seed: 3,
            scenario: 's',
            scenarioFile: 's.yaml',
            traffic: null,
          } as RunStatus),
    send: (command) => sent.push(command),
    go: nothing,
    focus: nothing,
    openStart: nothing,
    openPalette: nothing,
    openKeys: nothing,
    openReport: nothing,
    toggleScheme: nothing,
    copyLink: nothing,
    filterStream: nothing,
    screen: 'run',
    searchHistory: nothing,
  });

  it('are each of one command', () => {
    for (const state of ['running', 'paused', 'finished', null] as const) {
      const keys = listCommands(context(state)).flatMap((command) => command.keys ?? []);
      expect(new Set(keys).size, String(state)).toBe(keys.length);
    }
  });

  it('do what the run allows: nothing is paused that has finished', () => {
    expect(listCommands(context('running')).map(({ id }) => id)).toEqual(
      expect.arrayContaining(['toggle', 'second', 'decision', 'skip', 'speed-max']),
    );
    const over = listCommands(context('finished')).map(({ id }) => id);
    expect(over).toEqual(expect.arrayContaining(['again', 'next-seed', 'report']));
    expect(over).not.toEqual(expect.arrayContaining(['toggle']));
    expect(listCommands(context(null)).map(({ id }) => id)).not.toEqual(expect.arrayContaining(['report']));
  });

  it.each([
    [{ key: ' ' }, 'toggle'],
    [{ key: '.', code: 'Period' }, 'second'],
    [{ key: ':', code: 'Period', shiftKey: true }, 'decision'],
    [{ key: '/' }, 'filter'],
    [{ key: '?', shiftKey: true }, 'keys'],
    [{ key: 'k', ctrlKey: true }, 'palette'],
    [{ key: 'k', metaKey: true }, 'palette'],
    [{ key: '3' }, 'speed-100'],
    [{ key: 'k' }, undefined],
    [{ key: ' ', altKey: true }, undefined],
  ])('%j is %s', (event, id) => {
    const pressed = {
      code: '',
      ctrlKey: false,
      metaKey: false,
      altKey: false,
      shiftKey: false,
      isComposing: false,
      target: null,
      ...event,
    };
    expect(commandOfKey(pressed as unknown as KeyboardEvent, listCommands(context('running')))?.id).toBe(id);
  });
});
