/**
 * Tells whether leads are so scarce that the ledger must not gather credit that nobody could have spent: most refreshes left
 * invites unsent, and hardly a lead is refused. Both are needed: where leads come every few seconds nearly every refresh leaves
 * invites unsent, although leads are being refused and the credit is wanted.
 */
import type { SupplySnapshot } from './pacer-snapshot.ts';
import type { PacingTuning } from './tuning.ts';

/** Share of refreshes with invites left over above which supply may be scarce, and what each second of the past keeps. */
const unspentShareMax = 0.5;
const keptPerSecond = 0.98;

export class SupplyWatch {
  readonly #tuning: PacingTuning;
  #unspentShare = 0;
  #refusedShare: number;

  constructor(tuning: PacingTuning) {
    this.#tuning = tuning;
    this.#refusedShare = tuning.refusedPriorShare;
  }

  /** Leads come more slowly than invites are allowed. */
  get scarce(): boolean {
    return this.#unspentShare > unspentShareMax;
  }

  /** Scarce, and nearly all of them are invited. */
  get starved(): boolean {
    return this.scarce && this.#refusedShare < this.#tuning.refusedShareMin;
  }

  /** A refresh period ended; `unspent`: fewer invites were sent than it allowed. */
  period(unspent: boolean, elapsedSeconds: number): void {
    const keep = keptPerSecond ** elapsedSeconds;
    this.#unspentShare = keep * this.#unspentShare + (unspent ? 1 - keep : 0);
  }

  snapshot(): SupplySnapshot {
    return { unspentShare: this.#unspentShare, refusedShare: this.#refusedShare };
  }

  restore({ unspentShare, refusedShare }: SupplySnapshot): void {
    this.#unspentShare = unspentShare;
    this.#refusedShare = refusedShare;
  }

  lead(refused: boolean): void {
    this.#refusedShare += ((refused ? 1 : 0) - this.#refusedShare) / this.#tuning.supplyMemoryLeads;
  }
}
