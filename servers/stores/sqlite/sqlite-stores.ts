/** The front door of the SQLite stores: a file for the history, a file for operations, in one folder. */
import { join } from 'node:path';
import type { HistorySettings } from '#ports/history.ts';
import type { Stores } from '#ports/stores.ts';
import { HISTORY_FILE } from './read-events.ts';
import { SqliteHistory } from './sqlite-history.ts';
import { SqliteOperations } from './sqlite-operations.ts';

/** Opens or creates both files in `folder`, which must exist and have one user; throws a `StoreFault`. */
export function openSqliteStores(folder: string, settings: HistorySettings): Stores {
  const history = new SqliteHistory(join(folder, HISTORY_FILE), settings);
  try {
    return { history, operations: new SqliteOperations(join(folder, 'operations.db')) };
  } catch (thrown) {
    history.close();
    throw thrown;
  }
}
