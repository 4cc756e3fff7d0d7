/**
 * What the control server needs of a run, however it is run: commands in, updates out, and the whole picture for who comes late.
 * `worker-run-control.ts` is the simulator's; live runs will bring another.
 */
import type { DecisionReply } from '#protocol/control-api.ts';
import type { RunCommand, RunUpdate } from '#protocol/run-feed.ts';

/** How the Backends of a live run are reached; it stays in the host. */
export interface BackendAccess {
  /** Those that are up, in the order in which to ask them. */
  readonly backends: readonly { readonly name: string; readonly url: string }[];
  /** Of HTTP Basic (options of section `security`); null: nobody is asked who he is. */
  readonly basic: { readonly user: string; readonly password: string } | null;
  /** The secret of the run. */
  readonly secret: string;
}

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
  /** The way to the run's Backends; undefined where there is no such run, or it is simulated, still being launched, or crashed. */
  backendAccess(runId: string): Promise<BackendAccess | undefined>;
  close(): Promise<void>;
}
