/**
 * Keeps the host alive: starts it, waits for its address, starts it again when it dies, gives up when that does not help.
 *
 *   stopped, failed --start--> starting --"listening URL"--> running
 *   starting, running --exit--> waiting --backoff--> starting      (who gives no address in time is killed, and so exits)
 *   starting, running --exit, too often--> failed
 *   any --stop, and the exit it leads to--> stopped
 *
 * Invariant: at most one process at a time; what a past process says is not heard.
 */
import type { NodeProcess, NodeProcessSpec, SpawnNode } from './spawn-node.ts';

export type HostState =
  | { readonly is: 'stopped' }
  | { readonly is: 'starting' }
  | { readonly is: 'running'; readonly url: string; readonly origin: string }
  | { readonly is: 'waiting'; readonly why: string; readonly delayMs: number }
  | { readonly is: 'failed'; readonly why: string; readonly lastWords: readonly string[] };

/** Wall time, handed in so that tests need not wait. */
export interface Timers {
  readonly nowMs: () => number;
  /** Calls back once after `delayMs`, unless cancelled by the function it returns. */
  readonly after: (delayMs: number, call: () => void) => () => void;
}

export const CRASHES_MAX = 5;
export const CRASH_WINDOW_MS = 60_000;
export const START_DEADLINE_MS = 30_000;
export const STOP_DEADLINE_MS = 5_000;
const BACKOFF_MS = [250, 500, 1_000, 2_000] as const;
const LAST_WORDS_MAX = 12;

export class HostSupervisor {
  readonly #spec: NodeProcessSpec;
  readonly #spawn: SpawnNode;
  readonly #timers: Timers;
  readonly #onChange: (state: HostState) => void;
  #state: HostState = { is: 'stopped' };
  #child: NodeProcess | null = null;
  /** Counts processes, so that a past one can be told from the present one. */
  #launches = 0;
  #cancelTimer = (): void => {};
  #crashTimes: readonly number[] = [];
  #lastWords: readonly string[] = [];
  #stopping: PromiseWithResolvers<void> | null = null;

  /** @param onChange told every new state, in order */
  constructor(spec: NodeProcessSpec, spawn: SpawnNode, timers: Timers, onChange: (state: HostState) => void) {
    this.#spec = spec;
    this.#spawn = spawn;
    this.#timers = timers;
    this.#onChange = onChange;
  }

  get state(): HostState {
    return this.#state;
  }

  /** Starts the host, also after it was given up; the count of crashes begins anew. No effect while there is one. */
  start(): void {
    if (this.#child !== null) return;
    this.#crashTimes = [];
    this.#launch();
  }

  /** Resolves when no process is left; one that does not end by itself is killed after its deadline. */
  stop(): Promise<void> {
    if (this.#stopping !== null) return this.#stopping.promise;
    this.#cancelTimer();
    const child = this.#child;
    if (child === null) {
      this.#enter({ is: 'stopped' });
      return Promise.resolve();
    }
    this.#stopping = Promise.withResolvers();
    this.#cancelTimer = this.#timers.after(STOP_DEADLINE_MS, () => child.kill());
    child.stop();
    return this.#stopping.promise;
  }

  #enter(state: HostState): void {
    this.#state = state;
    this.#onChange(state);
  }

  #launch(): void {
    this.#cancelTimer();
    this.#lastWords = [];
    this.#launches += 1;
    const launch = this.#launches;
    const child = this.#spawn(this.#spec, {
      onLine: (stream, line) => {
        if (launch === this.#launches) this.#hear(stream, line);
      },
      onExit: (code) => {
        if (launch === this.#launches) this.#bury(code);
      },
    });
    this.#child = child;
    this.#cancelTimer = this.#timers.after(START_DEADLINE_MS, () => {
      this.#lastWords = [...this.#lastWords, `It gave no address within ${START_DEADLINE_MS / 1000} s.`];
      child.kill();
    });
    this.#enter({ is: 'starting' });
  }

  #hear(stream: 'stdout' | 'stderr', line: string): void {
    this.#lastWords = [...this.#lastWords, line].slice(-LAST_WORDS_MAX);
    if (this.#state.is !== 'starting' || this.#stopping !== null || stream !== 'stdout') return;
    const url = parseListening(line);
    if (url === null) return;
    this.#cancelTimer();
    this.#enter({ is: 'running', url: url.href, origin: url.origin });
  }

  #bury(code: number): void {
    this.#child = null;
    this.#cancelTimer();
    const stopping = this.#stopping;
    if (stopping !== null) {
      this.#stopping = null;
      this.#enter({ is: 'stopped' });
      stopping.resolve();
      return;
    }
    const now = this.#timers.nowMs();
    this.#crashTimes = [...this.#crashTimes.filter((at) => now - at < CRASH_WINDOW_MS), now];
    const crashes = this.#crashTimes.length;
    const why = `The host ended unasked, with exit code ${code}.`;
    if (crashes >= CRASHES_MAX) {
      this.#enter({
        is: 'failed',
        why: `${why} That was ${crashes} times within a minute.`,
        lastWords: this.#lastWords,
      });
      return;
    }
    const delayMs = BACKOFF_MS[crashes - 1] ?? BACKOFF_MS[3];
    this.#cancelTimer = this.#timers.after(delayMs, () => this.#launch());
    this.#enter({ is: 'waiting', why, delayMs });
  }
}

/** The address in `listening http://127.0.0.1:PORT/...`; null for any other line, and for anything but loopback. */
export function parseListening(line: string): URL | null {
  const text = /^listening (\S+)$/.exec(line.trim())?.[1];
  if (text === undefined || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === 'http:' && url.hostname === '127.0.0.1' ? url : null;
}
