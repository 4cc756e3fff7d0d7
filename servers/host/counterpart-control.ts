/**
 * The counterpart of the run that is shown: begun, followed and ended here, simulated in a worker of its own, so that neither the host's
 * thread nor the run waits for it. One at a time; another run, or another rule, ends it.
 */
import { Worker } from 'node:worker_threads';
import { joinCounterpart } from '#protocol/control-api-series.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { Counterpart, CounterpartState, PacedBy } from '#protocol/run-feed-counterpart.ts';
import type { RunStatus, RunUpdate } from '#protocol/run-feed.ts';
import type { FromCounterpart, ToCounterpart } from '#host/counterpart-messages.ts';

type Progress = Extract<RunUpdate, { readonly type: 'progress' }>;

interface Thread {
  readonly worker: Worker;
  counterpart: Counterpart;
}

export interface CounterpartControl {
  /** null: takes it away. OperatingError CONFLICT where there is no run to stand beside. */
  compare(pacedBy: PacedBy | null): void;
  /** Told of every update of the run: it comes as far as the run, and ends with it. */
  follow(update: RunUpdate): void;
  snapshot(): Counterpart | null;
  close(): Promise<void>;
}

export function createCounterpartControl(
  scenariosFolder: string,
  tell: (update: RunUpdate) => void,
): CounterpartControl {
  let thread: Thread | undefined;
  let latest: Progress | undefined;
  const ending = new Set<Promise<number>>();

  function end(): void {
    if (thread === undefined) return;
    const ended = thread.worker.terminate();
    ending.add(ended);
    void ended.finally(() => ending.delete(ended));
    thread = undefined;
  }

  function begin({ status }: Progress, pacedBy: PacedBy): void {
    const worker = new Worker(new URL('./counterpart-worker.ts', import.meta.url), { name: `beside ${status.runId}` });
    const begun: Thread = { worker, counterpart: { state: loadingState(status, pacedBy), series: [], pacing: [] } };
    thread = begun;
    const take = (next: Counterpart, news: Pick<Counterpart, 'series' | 'pacing'>): void => {
      begun.counterpart = next;
      if (thread === begun) tell({ type: 'counterpart', counterpart: { state: next.state, ...news } });
    };
    const fail = (failure: string): void => {
      const { counterpart } = begun;
      take({ ...counterpart, state: { ...counterpart.state, state: 'failed', failure } }, NOTHING_NEW);
    };
    worker.on('message', (message: FromCounterpart) => {
      if (message.type === 'refused') return fail(message.why);
      take(joined(begun.counterpart, message), message);
    });
    worker.on('error', (error) => {
      console.error(`the counterpart of ${status.runId} crashed:`, error);
      fail(`Its simulator crashed: ${error instanceof Error ? error.message : String(error)}`);
    });
    const { scenarioFile: scenario, seed, traffic } = status;
    post(worker, { type: 'begin', scenariosFolder, scenario, seed, traffic, pacedBy });
    tell({ type: 'counterpart', counterpart: begun.counterpart });
  }

  function reach({ status, totals }: Progress): void {
    if (thread === undefined || thread.counterpart.state.state === 'failed') return;
    const targetMs = Math.floor(status.virtualMs);
    const { counterpart } = thread;
    thread.counterpart = { ...counterpart, state: { ...counterpart.state, targetMs } };
    post(thread.worker, { type: 'reach', virtualMs: targetMs, totals });
  }

  return {
    compare(pacedBy) {
      if (pacedBy === null) {
        end();
        return tell({ type: 'counterpart', counterpart: null });
      }
      if (latest === undefined)
        throw new OperatingError('CONFLICT', 'Nothing runs that could be compared: start a scenario first');
      end();
      begin(latest, pacedBy);
      reach(latest);
    },
    follow(update) {
      if (update.type !== 'progress' && update.type !== 'status') return;
      const runId = latest?.status.runId;
      if (runId !== undefined && update.status.runId !== runId) {
        latest = undefined;
        if (thread !== undefined) {
          end();
          tell({ type: 'counterpart', counterpart: null });
        }
      }
      if (update.type !== 'progress') return;
      const isFurther = latest === undefined || update.status.virtualMs > latest.status.virtualMs;
      latest = update;
      if (isFurther) reach(update);
    },
    snapshot: () => thread?.counterpart ?? null,
    async close() {
      end();
      await Promise.all(ending);
    },
  };
}

const NOTHING_NEW = { series: [], pacing: [] } as const;

function loadingState({ runId, virtualMs }: RunStatus, pacedBy: PacedBy): CounterpartState {
  return {
    runId,
    pacedBy,
    state: 'loading',
    failure: null,
    virtualMs: 0,
    targetMs: Math.floor(virtualMs),
    figuresAtMs: null,
    figures: [],
  };
}

function joined(before: Counterpart, news: Extract<FromCounterpart, { readonly type: 'reached' }>): Counterpart {
  const { state } = before;
  return {
    state: {
      ...state,
      state: news.figures === null ? 'running' : 'level',
      virtualMs: news.virtualMs,
      figuresAtMs: news.figures === null ? state.figuresAtMs : news.virtualMs,
      figures: news.figures ?? state.figures,
    },
    ...joinCounterpart(before, news),
  };
}

function post(worker: Worker, message: ToCounterpart): void {
  worker.postMessage(message);
}
