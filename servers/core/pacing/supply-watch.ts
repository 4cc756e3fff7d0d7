/**
 * Tells whether leads are so scarce that the ledger must not gather credit that nobody could have spent: most refreshes left
 * invites unsent and no lead is being refused.
 */
export class SupplyWatch {
  readonly #leadMemory: number;
  readonly #perLead: boolean;
  #unspent = 0;
  #refused = 0.1;

  constructor(leadMemory: number, perLead: boolean) {
    this.#leadMemory = leadMemory;
    this.#perLead = perLead;
  }

  get starved(): boolean {
    return this.#unspent > 0.5 && (!this.#perLead || this.#refused < 0.02);
  }

  period(unspent: boolean, elapsedSeconds: number): void {
    const keep = 0.98 ** elapsedSeconds;
    this.#unspent = keep * this.#unspent + (unspent ? 1 - keep : 0);
  }

  lead(refused: boolean): void {
    this.#refused += ((refused ? 1 : 0) - this.#refused) / this.#leadMemory;
  }
}
