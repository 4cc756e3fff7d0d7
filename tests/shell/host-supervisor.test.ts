/** The host is started, heard, started again with growing patience, given up aloud, and never left behind. */
import { describe, expect, test } from 'vitest';
import {
  CRASH_WINDOW_MS,
  CRASHES_MAX,
  HostSupervisor,
  parseListening,
  START_DEADLINE_MS,
  STOP_DEADLINE_MS,
  type HostState,
  type Timers,
} from '#main/host-supervisor.ts';
import type { NodeProcess, NodeProcessListener, NodeProcessSpec, SpawnNode } from '#main/spawn-node.ts';

const SPEC: NodeProcessSpec = { name: 'host', script: 'host/cli.js', args: ['serve'], cwd: '.' };
const LISTENING = 'listening http://127.0.0.1:40123/?token=abc';

class TimersDouble implements Timers {
  #now = 0;
  readonly #waiting = new Set<{ readonly at: number; readonly call: () => void }>();

  readonly nowMs = (): number => this.#now;
  readonly after = (delayMs: number, call: () => void): (() => void) => {
    const timer = { at: this.#now + delayMs, call };
    this.#waiting.add(timer);
    return () => void this.#waiting.delete(timer);
  };

  get pending(): number {
    return this.#waiting.size;
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#waiting].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#waiting.delete(next);
      this.#now = next.at;
      next.call();
    }
    this.#now = end;
  }
}

class ProcessDouble implements NodeProcess {
  readonly listener: NodeProcessListener;
  asked = 0;
  killed = 0;

  constructor(listener: NodeProcessListener) {
    this.listener = listener;
  }
  readonly stop = (): void => {
    this.asked += 1;
  };
  readonly kill = (): void => {
    this.killed += 1;
  };
  says(line: string): void {
    this.listener.onLine('stdout', line);
  }
  ends(code: number): void {
    this.listener.onExit(code);
  }
}

function createScene(): {
  supervisor: HostSupervisor;
  timers: TimersDouble;
  processes: ProcessDouble[];
  states: HostState[];
  last: () => ProcessDouble;
} {
  const timers = new TimersDouble();
  const processes: ProcessDouble[] = [];
  const states: HostState[] = [];
  const spawn: SpawnNode = (spec, listener) => {
    expect(spec).toBe(SPEC);
    const process = new ProcessDouble(listener);
    processes.push(process);
    return process;
  };
  const supervisor = new HostSupervisor(SPEC, spawn, timers, (state) => states.push(state));
  const last = (): ProcessDouble => {
    const process = processes.at(-1);
    if (process === undefined) throw new Error('no process was started');
    return process;
  };
  return { supervisor, timers, processes, states, last };
}

describe('the supervisor of the host', () => {
  test('starts one process and reports its address', () => {
    const { supervisor, timers, processes, states, last } = createScene();
    supervisor.start();
    supervisor.start();
    last().says('some other line');
    last().says(LISTENING);
    expect(processes).toHaveLength(1);
    expect(states).toEqual([
      { is: 'starting' },
      { is: 'running', url: 'http://127.0.0.1:40123/?token=abc', origin: 'http://127.0.0.1:40123' },
    ]);
    expect(timers.pending).toBe(0);
  });

  test('believes an address from stdout alone', () => {
    const { supervisor, last } = createScene();
    supervisor.start();
    last().listener.onLine('stderr', LISTENING);
    expect(supervisor.state.is).toBe('starting');
  });

  test('starts a host that died again, waiting longer each time', () => {
    const { supervisor, timers, processes, states, last } = createScene();
    supervisor.start();
    for (let crash = 1; crash < CRASHES_MAX; crash += 1) {
      last().says(LISTENING);
      last().ends(1);
      expect(processes).toHaveLength(crash);
      const state = supervisor.state;
      timers.advance(state.is === 'waiting' ? state.delayMs - 1 : 0);
      expect(processes).toHaveLength(crash);
      timers.advance(1);
      expect(processes).toHaveLength(crash + 1);
    }
    expect(states.flatMap((state) => (state.is === 'waiting' ? [state.delayMs] : []))).toEqual([250, 500, 1000, 2000]);
  });

  test(`gives up after ${CRASHES_MAX} crashes within a minute, with the last words, and starts anew when asked`, () => {
    const { supervisor, timers, processes, last } = createScene();
    supervisor.start();
    for (let crash = 1; crash <= CRASHES_MAX; crash += 1) {
      last().listener.onLine('stderr', `no port was free, try ${crash}`);
      last().ends(4);
      timers.advance(5_000);
    }
    expect(processes).toHaveLength(CRASHES_MAX);
    expect(supervisor.state).toEqual({
      is: 'failed',
      why: 'The host ended unasked, with exit code 4. That was 5 times within a minute.',
      lastWords: ['no port was free, try 5'],
    });
    supervisor.start();
    last().says(LISTENING);
    expect(supervisor.state.is).toBe('running');
    last().ends(1);
    expect(supervisor.state).toMatchObject({ is: 'waiting', delayMs: 250 });
  });

  test('does not give up on a host that dies rarely', () => {
    const { supervisor, timers, processes, last } = createScene();
    supervisor.start();
    for (let crash = 1; crash <= 3 * CRASHES_MAX; crash += 1) {
      last().says(LISTENING);
      timers.advance(CRASH_WINDOW_MS);
      last().ends(1);
      expect(supervisor.state).toMatchObject({ is: 'waiting', delayMs: 250 });
      timers.advance(250);
    }
    expect(processes).toHaveLength(3 * CRASHES_MAX + 1);
  });

  test('kills a host that gives no address in time, and counts that as a crash', () => {
    const { supervisor, timers, last } = createScene();
    supervisor.start();
    timers.advance(START_DEADLINE_MS);
    expect(last().killed).toBe(1);
    last().ends(137);
    expect(supervisor.state.is).toBe('waiting');
  });

  test('stops by asking, and resolves when the process is gone', async () => {
    const { supervisor, timers, last } = createScene();
    supervisor.start();
    last().says(LISTENING);
    const stopped = supervisor.stop();
    expect(supervisor.stop()).toBe(stopped);
    expect(last()).toMatchObject({ asked: 1, killed: 0 });
    last().ends(0);
    await stopped;
    expect(supervisor.state).toEqual({ is: 'stopped' });
    expect(timers.pending).toBe(0);
  });

  test('kills what does not stop when asked', async () => {
    const { supervisor, timers, last } = createScene();
    supervisor.start();
    const stopped = supervisor.stop();
    timers.advance(STOP_DEADLINE_MS);
    expect(last()).toMatchObject({ asked: 1, killed: 1 });
    last().ends(137);
    await stopped;
    expect(supervisor.state).toEqual({ is: 'stopped' });
  });

  test('stopped while it waits, starts nothing any more', async () => {
    const { supervisor, timers, processes, last } = createScene();
    supervisor.start();
    last().ends(1);
    await supervisor.stop();
    timers.advance(CRASH_WINDOW_MS);
    expect(processes).toHaveLength(1);
    expect(supervisor.state).toEqual({ is: 'stopped' });
  });

  test('does not hear a process that is no longer its own', () => {
    const { supervisor, timers, processes, last } = createScene();
    supervisor.start();
    last().ends(1);
    timers.advance(250);
    processes[0]?.says(LISTENING);
    processes[0]?.ends(1);
    expect(supervisor.state).toEqual({ is: 'starting' });
  });
});

test.each([
  [LISTENING, 'http://127.0.0.1:40123/?token=abc'],
  ['  listening http://127.0.0.1:8080/  ', 'http://127.0.0.1:8080/'],
  ['listening http://127.0.0.1.evil.example:1/', undefined],
  ['listening http://127.0.0.1@evil.example/', undefined],
  ['listening https://127.0.0.1:1/', undefined],
  ['listening http://0.0.0.0:1/', undefined],
  ['listening', undefined],
  ['now listening http://127.0.0.1:1/', undefined],
  ['listening http://127.0.0.1:1/ and more', undefined],
])('the line "%s" gives the address %s', (line, href) => {
  expect(parseListening(line)?.href).toBe(href);
});
