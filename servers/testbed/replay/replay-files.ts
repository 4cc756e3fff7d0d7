/** `DIR/hotleads.ndjson` and `DIR/summary.json` of a replay: they appear at its end, each of them whole. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Firing } from '#core/rules/firing.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { describeFiringLine, type FiringSink } from './firing-stream.ts';
import { writeReplaySummary, type ReplaySummary } from './replay-summary.ts';
import { WholeFile } from './whole-file.ts';

export class ReplayFiles implements FiringSink {
  readonly #hotLeads: WholeFile;
  readonly #summary: WholeFile;

  /** Makes `folder` where it is not there. Throws OperatingError where it can not be written. */
  constructor(folder: string) {
    [this.#hotLeads, this.#summary] = attempt(() => {
      mkdirSync(folder, { recursive: true });
      return [new WholeFile(join(folder, 'hotleads.ndjson')), new WholeFile(join(folder, 'summary.json'))] as const;
    });
  }

  restart(): void {
    attempt(() => this.#hotLeads.restart());
  }

  take(firing: Firing): void {
    attempt(() => this.#hotLeads.write(`${describeFiringLine(firing)}\n`));
  }

  /** Puts both files into their place; returns their paths. */
  commit(summary: ReplaySummary): readonly string[] {
    attempt(() => {
      this.#summary.write(writeReplaySummary(summary));
      this.#hotLeads.commit();
      this.#summary.commit();
    });
    return [this.#hotLeads.path, this.#summary.path];
  }

  /** Leaves nothing of a replay that did not come to its end. */
  discard(): void {
    this.#hotLeads.discard();
    this.#summary.discard();
  }
}

function attempt<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new OperatingError('UNAVAILABLE', `the results can not be written: ${error.message}`);
  }
}
