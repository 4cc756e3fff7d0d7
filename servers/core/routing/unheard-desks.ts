/**
 * Which agents' desks the contact center can't hear at the moment, and since when: their Backend's link is lost, or they have not
 * come back since a restart. What is known of them grows old, and pacing must not decide by it for long.
 */
import type { Agent } from './agent.ts';

export class UnheardDesks {
  /** Backends whose link is lost, and since when. */
  readonly #away = new Map<string, number>();
  #restoredAt = 0;

  backendAway(node: string, at: number): void {
    if (!this.#away.has(node)) this.#away.set(node, at);
  }

  backendBack(node: string): void {
    this.#away.delete(node);
  }

  /** After a restart: desks that are awaited are not heard from here on. */
  restored(at: number): void {
    this.#restoredAt = at;
  }

  /** Since when one of these agents, of those who are logged in or awaited, has not been heard; null: all of them are. */
  since(agents: readonly Agent[]): number | null {
    let oldest: number | null = null;
    for (const { loggedIn, awaited, via } of agents) {
      const since = awaited ? this.#restoredAt : loggedIn ? this.#away.get(via) : undefined;
      if (since !== undefined && (oldest === null || since < oldest)) oldest = since;
    }
    return oldest;
  }
}
