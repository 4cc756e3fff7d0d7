/**
 * Runs the seeds of a scenario in workers, as many at once as the machine has cores: the command line's own thread stays free
 * for the progress bar and for Ctrl-C, which ends everything at once.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { present } from '#core/assert.ts';
import type { Scenario } from '#protocol/scenario.ts';
import type { StoreProfile } from '#sim/latency.ts';
import type { RunResult, RunTiming } from '#testbed/run-result.ts';

/** What a worker is asked: one seed. */
export interface SeedTask {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly store: StoreProfile;
  /** Folder of `<node>.ndjson`; null: no journal. */
  readonly journal: string | null;
  /** Folder of `events.ndjson`; null: events are not kept. */
  readonly events: string | null;
  /** With the course of the run, for charts; without it only its figures come back, so that many seeds fit into memory. */
  readonly isWhole: boolean;
}

export type SeedReply =
  | { readonly type: 'progress'; readonly virtualMs: number }
  | { readonly type: 'done'; readonly result: RunResult; readonly runMs: number };

export interface SeedRun {
  readonly result: RunResult;
  readonly timing: RunTiming;
}

export interface SeedsOrder extends Omit<SeedTask, 'seed' | 'isWhole'> {
  readonly seeds: readonly number[];
  /** Virtual ms done by all seeds together, and how many seeds are finished. */
  readonly onProgress: (virtualMs: number, seedsDone: number) => void;
  /** Aborted, every worker is ended and the call throws the signal's reason. */
  readonly signal: AbortSignal;
}

/** The runs in the order of the seeds; the first one whole. A crash of the simulator throws its error. */
export async function runSeeds(order: SeedsOrder): Promise<readonly SeedRun[]> {
  order.signal.throwIfAborted();
  const crew = Math.min(order.seeds.length, Math.max(1, availableParallelism()));
  const workers = Array.from({ length: crew }, () => new Worker(new URL('./run-seeds-worker.ts', import.meta.url)));
  const runs: SeedRun[] = [];
  const virtualMs = new Map<number, number>();
  const queue = order.seeds.keys();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(order.signal.reason);
  order.signal.addEventListener('abort', onAbort);
  const serve = async (worker: Worker): Promise<void> => {
    for (const index of queue) {
      const asked = performance.now();
      const seed = present(order.seeds[index], `seed ${index}`);
      const { result, runMs } = await runOne(worker, { ...pickTask(order), seed, isWhole: index === 0 }, (reached) => {
        virtualMs.set(index, reached);
        order.onProgress(sum(virtualMs.values()), runs.filter(Boolean).length);
      });
      runs[index] = { result, timing: describeTiming(result, runMs, performance.now() - asked - runMs) };
    }
  };
  try {
    await Promise.race([Promise.all(workers.map(serve)), aborted.promise]);
    return runs;
  } finally {
    order.signal.removeEventListener('abort', onAbort);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function pickTask({ scenario, store, journal, events }: SeedsOrder): Omit<SeedTask, 'seed' | 'isWhole'> {
  return { scenario, store, journal, events };
}

function runOne(
  worker: Worker,
  task: SeedTask,
  onProgress: (virtualMs: number) => void,
): Promise<Extract<SeedReply, { readonly type: 'done' }>> {
  return new Promise((resolve, reject) => {
    const onMessage = (reply: SeedReply): void => {
      if (reply.type === 'progress') {
        onProgress(reply.virtualMs);
        return;
      }
      worker.off('message', onMessage);
      worker.off('error', reject);
      resolve(reply);
    };
    worker.on('message', onMessage);
    worker.on('error', reject);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window: there is no origin
    worker.postMessage(task);
  });
}

function describeTiming(result: RunResult, runMs: number, startUpMs: number): RunTiming {
  return {
    startUpMs: Math.round(startUpMs),
    runMs: Math.round(runMs),
    speed: Math.round((result.simulatedSeconds * 1000) / Math.max(1, runMs)),
  };
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
