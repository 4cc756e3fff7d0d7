/** What stores are opened with in tests: a clock that is told the time, and a retention that nothing outlives unless it moves. */
import type { HistoryEntity } from '#core/visits/history-records.ts';
import { HISTORY_ENTITIES } from '#core/visits/history-records.ts';
import type { HistoryClock, HistorySettings } from '#ports/history.ts';

const DAY_MS = 86_400_000;

/** Shows what it is told. */
export class ToldClock implements HistoryClock {
  wall = 1_000;
  domain = 0;

  wallMs(): number {
    return this.wall;
  }

  domainMs(): number {
    return this.domain;
  }
}

export function storeSettings(changes: Partial<HistorySettings> = {}): HistorySettings {
  return { retentionMs: retentionOfAll(DAY_MS), limitIndexing: false, clock: new ToldClock(), ...changes };
}

export function retentionOfAll(ms: number): Readonly<Record<HistoryEntity, number>> {
  return Object.fromEntries(HISTORY_ENTITIES.map((entity) => [entity, ms])) as Record<HistoryEntity, number>;
}
