/** The front door of the memory stores. */
import type { HistorySettings } from '#ports/history.ts';
import type { Stores } from '#ports/stores.ts';
import { MemoryHistory } from './memory-history.ts';
import { MemoryOperations } from './memory-operations.ts';

/** Empty stores; nothing of them is left when the process ends. */
export function createMemoryStores(settings: HistorySettings): Stores {
  return { history: new MemoryHistory(settings), operations: new MemoryOperations() };
}
