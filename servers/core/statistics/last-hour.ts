/** How often something has happened, in all and within the last hour: by minutes, the one under way and the 59 before it. */

const MINUTE_MS = 60_000;
const MINUTES = 60;

export class LastHour {
  total = 0;
  readonly #byMinute = new Uint32Array(MINUTES);
  /** The latest minute that anything is counted in. */
  #minute = -Infinity;

  /** Times (ms) do not decrease. */
  add(at: number): void {
    this.#moveTo(at);
    this.total += 1;
    const place = this.#minute % MINUTES;
    this.#byMinute[place] = (this.#byMinute[place] ?? 0) + 1;
  }

  countAt(at: number): number {
    this.#moveTo(at);
    return this.#byMinute.reduce((sum, count) => sum + count, 0);
  }

  #moveTo(at: number): void {
    const minute = Math.floor(at / MINUTE_MS);
    if (minute <= this.#minute) return;
    const begun = Math.max(this.#minute + 1, minute - MINUTES + 1);
    for (let one = begun; one <= minute; one += 1) this.#byMinute[one % MINUTES] = 0;
    this.#minute = minute;
  }
}
