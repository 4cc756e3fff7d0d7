/**
 * `DIR/hotleads.ndjson`, `DIR/summary.json` and `DIR/timing.json` of a replay, and `DIR/diff.ndjson` where rules are compared: they
 * appear at its end, each of them whole.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Firing } from '#core/rules/firing.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { describeFiringLine, type FiringSink } from './firing-stream.ts';
import { writeReplaySummary, type ReplaySummary } from './replay-summary.ts';
import { writeReplayTiming, type ReplayTiming } from './replay-timing.ts';
import type { ChangeSink } from './rule-diff.ts';
import { WholeFile } from './whole-file.ts';

const HOT_LEADS = 'hotleads.ndjson';
const CHANGES = 'diff.ndjson';

export class ReplayFiles {
  readonly firings: FiringSink;
  readonly changes: ChangeSink;
  readonly #folder: string;
  /** In the order in which they are named. */
  readonly #files: { readonly [name: string]: WholeFile };

  /** Makes `folder` where it is not there. Throws OperatingError where it can not be written. */
  constructor(folder: string, { isDiff }: { readonly isDiff: boolean }) {
    this.#folder = folder;
    const names = [HOT_LEADS, ...(isDiff ? [CHANGES] : []), 'summary.json', 'timing.json'];
    this.#files = attempt(() => {
      mkdirSync(folder, { recursive: true });
      return Object.fromEntries(names.map((name) => [name, new WholeFile(join(folder, name))]));
    });
    this.firings = {
      restart: () => this.#restart(HOT_LEADS),
      take: (firing) => this.#write(HOT_LEADS, `${describeFiringLine(firing)}\n`),
    };
    this.changes = {
      restart: () => this.#restart(CHANGES),
      takeChange: (change, firing) => this.#write(CHANGES, `${describeChangeLine(change, firing)}\n`),
    };
  }

  /** Puts the files into their place, and takes away an earlier replay's comparison; returns their paths. */
  commit(summary: ReplaySummary, timing: ReplayTiming): readonly string[] {
    this.#write('summary.json', writeReplaySummary(summary));
    this.#write('timing.json', writeReplayTiming(timing));
    const files = Object.values(this.#files);
    attempt(() => {
      for (const file of files) file.commit();
      if (this.#files[CHANGES] === undefined) rmSync(join(this.#folder, CHANGES), { force: true });
    });
    return files.map(({ path }) => path);
  }

  /** Leaves nothing of a replay that did not come to its end. */
  discard(): void {
    for (const file of Object.values(this.#files)) file.discard();
  }

  #restart(name: string): void {
    attempt(() => this.#files[name]?.restart());
  }

  #write(name: string, text: string): void {
    attempt(() => this.#files[name]?.write(text));
  }
}

/** A gained or lost hot lead as `diff.ndjson` has it, without a line end. */
function describeChangeLine(change: 'gained' | 'lost', firing: Firing): string {
  return `{"change":"${change}",${describeFiringLine(firing).slice(1)}`;
}

function attempt<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new OperatingError('UNAVAILABLE', `the results can not be written: ${error.message}`);
  }
}
