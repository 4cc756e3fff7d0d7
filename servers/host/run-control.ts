/**
 * What the control server needs of a run, however it is run: commands in, updates out, and the whole picture for who comes late.
 * `worker-run-control.ts` is the simulator's; live runs will bring another.
 */
import type { DecisionReply } from '#protocol/control-api.ts';
import type { RunCommand, RunUpdate } from '#protocol/run-feed.ts';

export interface RunControl {
  /** Carries a command out; OperatingError (in words for the screen) where it can't be. Its effect arrives as updates. */
  command(command: RunCommand): void;
  /** Updates from now on. Returns what ends the subscription. */
  subscribe(listener: (update: RunUpdate) => void): () => void;
  /** Everything so far: `history`, or `idle` where nothing ran yet. */
  snapshot(): RunUpdate;
  /** The run's report as one HTML file; undefined where there is no such run. */
  report(runId: string): Promise<string | undefined>;
  /** The exact decision of pacing of a group at a moment of the run; undefined where there is none. */
  decision(runId: string, group: string, atMs: number): Promise<DecisionReply | undefined>;
  close(): Promise<void>;
}
