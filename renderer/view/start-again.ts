/** The command that starts a run as it was started. */
import type { RunCommand, RunStatus } from '#protocol/run-feed.ts';

/** The same scenario, traffic and, live, store; with another seed where one is given. */
export function startAgain(status: RunStatus, seed: number = status.seed): RunCommand {
  const { mode, scenarioFile, speed, traffic, live } = status;
  const store = live === null ? {} : { store: live.store.asked };
  return { type: 'start', mode, scenario: scenarioFile, seed, speed, traffic, ...store };
}
