/**
 * The decisions of pacing that can still be asked for: of each group the last one in every bucket of the run's course, so that
 * memory is bounded by the length of the course (7,200 buckets), however long the run is. What a screen shows of them is thinner.
 */
import type { PacingDecision } from '#core/pacing/pacer.ts';

export interface LoggedDecision {
  /** End of the bucket that it is the last of, ms since the start of the run. */
  readonly atMs: number;
  readonly decision: PacingDecision;
}

export class DecisionLog {
  readonly #byGroup = new Map<string, LoggedDecision[]>();

  /** In order of time. */
  add(atMs: number, decision: PacingDecision): void {
    const kept = this.#byGroup.get(decision.group);
    if (kept === undefined) this.#byGroup.set(decision.group, [{ atMs, decision }]);
    else kept.push({ atMs, decision });
  }

  /** The decision of the bucket that holds `atMs`, the newest where that is still to come; undefined: nothing of the group is known. */
  at(group: string, atMs: number): LoggedDecision | undefined {
    const kept = this.#byGroup.get(group) ?? [];
    let low = 0;
    let high = kept.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((kept[middle]?.atMs ?? 0) < atMs) low = middle + 1;
      else high = middle;
    }
    return kept[low];
  }
}
