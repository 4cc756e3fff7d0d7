/** A fuse: the expected acceptances of the invites of the last minute stay near what the group can take in. */
import { numbersOf, type GovernorSnapshot } from './pacer-snapshot.ts';

const windowSeconds = 60;

export class InviteGovernor {
  readonly #invites = new Int32Array(windowSeconds);
  #second = 0;
  #total = 0;

  sent(at: number): void {
    this.#roll(at);
    const i = this.#second % windowSeconds;
    this.#invites[i] = (this.#invites[i] ?? 0) + 1;
    this.#total += 1;
  }

  /** Further invites that fit: sum of k p over a minute <= 1.5 x 60 S mu / (1 - goal) + 2 S. */
  room(at: number, slots: number, releasePerSecond: number, acceptShare: number, goalShare: number): number {
    this.#roll(at);
    const chats = (1.5 * windowSeconds * slots * releasePerSecond) / (1 - goalShare) + 2 * slots;
    return Math.max(0, Math.floor(chats / acceptShare) - this.#total);
  }

  snapshot(): GovernorSnapshot {
    return { second: this.#second, invites: numbersOf(this.#invites) };
  }

  restore({ second, invites }: GovernorSnapshot): void {
    this.#second = second;
    this.#invites.set(invites.slice(0, windowSeconds));
    this.#total = this.#invites.reduce((total, count) => total + count, 0);
  }

  #roll(at: number): void {
    const second = Math.floor(at / 1000);
    const steps = Math.min(windowSeconds, second - this.#second);
    for (let step = 1; step <= steps; step += 1) {
      const i = (this.#second + step) % windowSeconds;
      this.#total -= this.#invites[i] ?? 0;
      this.#invites[i] = 0;
    }
    if (second > this.#second) this.#second = second;
  }
}
