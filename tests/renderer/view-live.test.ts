/** What the screen says of a live run: health of nodes, gauges of the clock, marks of faults, lines of logs, and what a mode can do. */
import { describe, expect, it } from 'vitest';
import { runCommandSchema } from '#protocol/control-api-schemas.ts';
import type { LiveNode, LiveState, LogLine } from '#protocol/run-feed-live.ts';
import type { RunStatus, RunUpdate } from '#protocol/run-feed.ts';
import { createRunStore } from '#renderer/feed/run-store.ts';
import { listCommands, type CommandContext } from '#renderer/shared/commands.ts';
import { faultMarks } from '#renderer/view/fault-marks.ts';
import { clockGauges, storeGauge } from '#renderer/view/live-gauges.ts';
import { canBeStruck, describeFigure, describeFindings, describeHealth, filterLog } from '#renderer/view/live-words.ts';
import { speedFor, speedsOf } from '#renderer/view/run-mode.ts';
import { pointsProblem, STORE_CHOICES, storeForm, storeRequest } from '#renderer/view/store-form.ts';

const UP: LiveNode = {
  name: 'backend-1',
  role: 'backend',
  phase: 'up',
  incarnation: 1,
  failing: null,
  degraded: null,
  slowedMs: 0,
  partitioned: false,
  fault: null,
  figures: [],
};

const LIVE: LiveState = {
  store: {
    asked: { name: 'auto', contactPoints: null },
    kind: 'sqlite',
    about: 'SQLite, as no Cassandra answers at a:1',
  },
  doing: null,
  nodes: [UP],
  clockLagMs: 3,
  latenessMs: { p50: 0.4, p99: 2.1, max: 12 },
  startsDropped: 0,
  eventsAcknowledged: 1_234,
  faults: [],
  findings: null,
};

describe('the health of a node', () => {
  it.each([
    [{}, 'up', 'good', ''],
    [{ phase: 'down', incarnation: 0 }, 'waiting', 'waiting', ''],
    [{ phase: 'starting' }, 'starting', 'waiting', ''],
    [{ phase: 'ending' }, 'ending', 'waiting', ''],
    [{ phase: 'ending', fault: 'restart' }, 'ending', 'waiting', ''],
    [{ phase: 'down' }, 'ended', 'waiting', ''],
    [{ phase: 'down', fault: 'kill' }, 'down', 'bad', 'killed, on purpose'],
    [{ phase: 'crashed' }, 'crashed', 'bad', 'ended unasked: see its log'],
    [{ phase: 'held', fault: 'stop' }, 'held', 'hurt', 'stands still, on purpose'],
    [{ failing: 'store (connection refused)' }, 'failing', 'bad', 'store (connection refused)'],
    [{ degraded: 'store (history.db was damaged)' }, 'degraded', 'hurt', 'store (history.db was damaged)'],
    [{ slowedMs: 200, fault: 'slow' }, 'slowed', 'hurt', '200\u202fms more each way, on purpose'],
    [{ partitioned: true, failing: 'store' }, 'cut off', 'hurt', 'carries nothing, on purpose'],
  ] as const)('of %j is %s', (what, word, tone, detail) => {
    expect(describeHealth({ ...UP, ...what })).toMatchObject({ word, tone, detail });
  });

  it('never rests on colour alone: each tone has words and a sign of its own', () => {
    const tones = [UP, { ...UP, phase: 'down', fault: 'kill' }, { ...UP, phase: 'held' }, { ...UP, phase: 'starting' }];
    const signs = tones.map((node) => describeHealth(node as LiveNode));
    expect(new Set(signs.map(({ icon }) => icon)).size).toBe(4);
    expect(signs.every(({ word }) => word !== '')).toBe(true);
  });

  it('lets a node be struck that runs and is under nothing, but never the crowd', () => {
    expect(canBeStruck(UP)).toBe(true);
    expect(canBeStruck({ ...UP, phase: 'starting' })).toBe(false);
    expect(canBeStruck({ ...UP, fault: 'slow' })).toBe(false);
    expect(canBeStruck({ ...UP, role: 'crowd' })).toBe(false);
  });
});

describe('the gauges of the clock', () => {
  it('say nothing is wrong where nothing is', () => {
    expect(clockGauges(LIVE).map(({ value, note, alarm }) => [value, note, alarm])).toEqual([
      ['3.00', 'of the crowd, lately', false],
      ['2.10', 'p50 0.40, max 12.0 ms', false],
      ['1,234', 'read back at the end', false],
    ]);
  });

  it('alarm where this machine is late, drops starts, or has lost what was promised', () => {
    const late = { ...LIVE, clockLagMs: 400, startsDropped: 7, findings: { acknowledged: 9, stored: 8, lost: 1 } };
    expect(clockGauges(late).map(({ note, alarm }) => [note, alarm])).toEqual([
      ['too much: slow it down', true],
      ['7 starts dropped', true],
      ['1 lost', true],
    ]);
  });

  it('are empty before the crowd has told anything', () => {
    const values = clockGauges({ ...LIVE, clockLagMs: null, latenessMs: null }).map(({ value }) => value);
    expect(values.slice(0, 2)).toEqual(['–', '–']);
  });
});

describe('the tile of the store', () => {
  const store: LiveNode = { ...UP, name: 'store', role: 'store' };
  const inStore = (change: Partial<LiveState['store']>, node: Partial<LiveNode> = {}): unknown => {
    const gauge = storeGauge({ ...LIVE, nodes: [UP, { ...store, ...node }], store: { ...LIVE.store, ...change } });
    return gauge && [gauge.value, gauge.unit, gauge.note, gauge.alarm];
  };

  it('says which the run has, how well it is, and why it has that one', () => {
    expect(inStore({})).toEqual(['SQLite', 'up', 'as no Cassandra answers at a:1', false]);
    expect(inStore({ about: 'SQLite' })).toEqual(['SQLite', 'up', 'as it was asked for', false]);
    expect(inStore({ kind: 'memory', about: 'memory, gone when the run ends' })).toEqual([
      'Memory',
      'up',
      'gone when the run ends',
      false,
    ]);
    const about = 'Cassandra at 10.0.0.1:9042 (3 nodes, factor 3), keyspace X_run_1';
    expect(inStore({ kind: 'cassandra', about })).toEqual([
      'Cassandra',
      'up',
      'at 10.0.0.1:9042 (3 nodes, factor 3), keyspace X_run_1',
      false,
    ]);
    expect(inStore({ kind: 'cassandra', about }, { failing: 'too few nodes answer' })).toEqual([
      'Cassandra',
      'failing',
      'too few nodes answer',
      true,
    ]);
  });

  it('is not there while the store is looked for', () => {
    expect(inStore({ kind: null, about: '' })).toBeNull();
  });
});

describe('the choice of a store', () => {
  it('begins with what the run was started with, and asks for contact points of a Cassandra alone', () => {
    const asked = { name: 'cassandra', contactPoints: ['a', 'b:9042'] } as const;
    expect(storeForm(undefined)).toEqual({ name: 'auto', contactPoints: '' });
    expect(storeForm(asked)).toEqual({ name: 'cassandra', contactPoints: 'a, b:9042' });
    expect(storeRequest(storeForm(asked))).toEqual(asked);
    expect(storeRequest({ name: 'cassandra', contactPoints: '  ' })).toEqual({
      name: 'cassandra',
      contactPoints: null,
    });
    expect(storeRequest({ name: 'sqlite', contactPoints: 'a' })).toEqual({ name: 'sqlite', contactPoints: null });
  });

  it('tells at the contact points what is wrong with which', () => {
    const problem = (path: string, message: string) => ({ file: '', line: 0, column: 0, path, message });
    const form = { name: 'cassandra', contactPoints: 'a, -b' } as const;
    expect(pointsProblem(form, [problem('store/contactPoints/1', 'expected a host')])).toBe(
      'expected a host, got "-b"',
    );
    expect(pointsProblem(form, [problem('store/contactPoints', 'too many')])).toBe('too many');
    expect(pointsProblem(form, [problem('scenario', 'not there')])).toBeUndefined();
  });

  it('can be sent as every choice that the form offers', () => {
    for (const { value } of STORE_CHOICES) {
      const store = storeRequest({ name: value, contactPoints: '10.0.0.1, b:9042' });
      const start = { type: 'start', mode: 'live', scenario: 'a.yaml', seed: 1, speed: 1, traffic: null, store };
      expect(runCommandSchema.parse(start)).toEqual(start);
    }
  });
});

describe('words of a live run', () => {
  it('count in rates, in one and in many', () => {
    expect(describeFigure({ label: 'events', value: 12.34, unit: '/s' })).toBe('12.3 events/s');
    expect(describeFigure({ label: 'backends', value: 1, unit: '' })).toBe('1 backend');
    expect(describeFigure({ label: 'backends', value: 2, unit: '' })).toBe('2 backends');
  });

  it('tell at the end what was promised and what of it is lost', () => {
    expect(describeFindings(null)).toBe('');
    expect(describeFindings(LIVE)).toBe('');
    const findings = { acknowledged: 1_234, stored: 1_234, lost: 0 };
    expect(describeFindings({ ...LIVE, findings })).toBe(' 1,234 events were promised to visitors, none is lost.');
    expect(describeFindings({ ...LIVE, findings: { ...findings, lost: 2 } })).toMatch(/2 are lost\.$/);
  });

  it('mark faults from their start to their end, or to now', () => {
    const fault = { id: 4, kind: 'kill', node: 'backend-1', fromMs: 2_000 } as const;
    expect(faultMarks([{ ...fault, untilMs: 7_000 }], 60_000)).toEqual([
      { key: '4', label: 'backend-1 killed', fromMs: 2_000, untilMs: 7_000, isOpen: false, tone: 'failure' },
    ]);
    expect(faultMarks([{ ...fault, untilMs: null }], 60_400)).toMatchObject([{ untilMs: 60_000, isOpen: true }]);
    expect(faultMarks([{ ...fault, untilMs: null }], 1_900)).toMatchObject([{ untilMs: 2_000 }]);
  });
});

const line = (n: number, level: LogLine['level'] = 'info'): LogLine => ({
  n,
  level,
  atMs: null,
  message: '',
  more: '',
});

describe('the log of a node', () => {
  it('is filtered to a level and what is worse', () => {
    const lines = [line(1, 'debug'), line(2), line(3, 'warn'), line(4, 'error')];
    const numbers = (level: LogLine['level']): number[] => filterLog(lines, level).map(({ n }) => n);
    expect([numbers('debug'), numbers('info'), numbers('warn'), numbers('error')]).toEqual([
      [1, 2, 3, 4],
      [2, 3, 4],
      [3, 4],
      [4],
    ]);
  });

  it('takes each line once, whoever asked for it, of the run that is shown alone', () => {
    const store = createRunStore((callback) => callback());
    store.apply({ type: 'status', status: { runId: 'a' } as RunStatus });
    const log = (runId: string, ...numbers: number[]): RunUpdate => ({
      type: 'log',
      runId,
      node: 'store',
      lines: numbers.map((n) => line(n)),
    });
    store.apply(log('a', 1, 2));
    store.apply(log('a', 1, 2, 3));
    store.apply(log('b', 9));
    expect(
      store
        .view()
        .logs.get('store')
        ?.map(({ n }) => n),
    ).toEqual([1, 2, 3]);
    store.apply({ type: 'status', status: { runId: 'b' } as RunStatus });
    expect(store.view().logs.size).toBe(0);
  });
});

describe('a mode', () => {
  it('offers the speeds that it can go, and takes the nearest of another', () => {
    expect(speedsOf('live')).toEqual([0.1, 0.5, 1, 2, 5, 10]);
    expect([speedFor('live', 'max'), speedFor('live', 100), speedFor('live', 1), speedFor('sim', 'max')]).toEqual([
      10,
      10,
      1,
      'max',
    ]);
  });

  it('has the commands that it can carry out, and starts again as it was', () => {
    const sent: unknown[] = [];
    const ids = (status: Partial<RunStatus>): readonly string[] => commandsOf(status).map(({ id }) => id);
    const commandsOf = (status: Partial<RunStatus>) =>
      listCommands({ status: status as RunStatus, send: (command) => void sent.push(command) } as CommandContext);
    const moving = { state: 'running', virtualMs: 0, warmupMs: 1 } as const;
    expect(ids({ ...moving, mode: 'sim', live: null })).toEqual(
      expect.arrayContaining(['second', 'skip', 'speed-max']),
    );
    const live = ids({ ...moving, mode: 'live', live: LIVE });
    expect(live).toEqual(expect.arrayContaining(['toggle', 'speed-0.1', 'panel-nodes']));
    expect(live.filter((id) => ['second', 'decision', 'skip', 'speed-max'].includes(id))).toEqual([]);
    expect(ids({ ...moving, mode: 'live', live: { ...LIVE, doing: 'Ending' } })).not.toContain('toggle');
    commandsOf({ state: 'finished', mode: 'live', scenarioFile: 'a.yaml', live: LIVE })
      .find(({ id }) => id === 'again')
      ?.act();
    expect(sent).toMatchObject([{ type: 'start', mode: 'live', scenario: 'a.yaml', store: LIVE.store.asked }]);
  });
});
