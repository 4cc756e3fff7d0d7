/** The front door of the memory stores. */
import type { Stores } from '#ports/stores.ts';
import { MemoryHistory } from './memory-history.ts';
import { MemoryOperations } from './memory-operations.ts';

/** Empty stores; nothing of them is left when the process ends. */
export function createMemoryStores(): Stores {
  return { history: new MemoryHistory(), operations: new MemoryOperations() };
}
