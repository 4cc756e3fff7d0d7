/** Runs a scenario in the simulator from start to end. */
import type { Scenario } from '#protocol/scenario.ts';
import type { StoreProfile } from '#sim/latency.ts';
import type { EventWriter, JournalWriter } from './run-recorder.ts';
import type { RunResult } from './run-result.ts';
import { createSimRun } from './sim-run.ts';

export interface RunChoice {
  readonly seed: number;
  readonly store?: StoreProfile;
  /** Told every `progressEveryMs` of virtual time (default: a hundredth of the run). */
  readonly onProgress?: (virtualMs: number, totalMs: number) => void;
  readonly progressEveryMs?: number;
  /** Asked as often; true ends the run early with what there is. */
  readonly shouldStop?: () => boolean;
  readonly journal?: JournalWriter;
  readonly events?: EventWriter | undefined;
}

export function runScenario(scenario: Scenario, choice: RunChoice): RunResult {
  const run = createSimRun(scenario, choice);
  const everyMs = Math.max(1, choice.progressEveryMs ?? Math.ceil(run.totalMs / 100));
  while (!run.finished) {
    run.advanceTo(run.virtualMs + everyMs);
    choice.onProgress?.(run.virtualMs, run.totalMs);
    if (choice.shouldStop?.() === true) break;
  }
  const result = run.result();
  run.close();
  return result;
}
