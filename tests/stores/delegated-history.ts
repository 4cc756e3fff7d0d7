/** A history that does some things its own way and leaves the rest to another. */
import type { HistoryStore } from '#ports/stores.ts';

export function delegateHistory(history: HistoryStore, own: Partial<HistoryStore>): HistoryStore {
  return {
    put: (batches) => history.put(batches),
    putAttempts: (tellings) => history.putAttempts(tellings),
    pastOf: (visitID) => history.pastOf(visitID),
    eventIDs: (after, limit) => history.eventIDs(after, limit),
    counts: () => history.counts(),
    get: (entity, id) => history.get(entity, id),
    list: (entity, scope, range) => history.list(entity, scope, range),
    erase: (identityId) => history.erase(identityId),
    sweep: () => history.sweep(),
    close: () => history.close(),
    ...own,
  };
}
