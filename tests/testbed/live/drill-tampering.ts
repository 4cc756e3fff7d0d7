/**
 * The negative controls of what is read back: into the stores of a run that is over, an event is put a second time and one that
 * nobody has sent, past all that would keep them out.
 */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { assert, present } from '#core/assert.ts';
import type { StoreChoice } from '#ports/store-choice.ts';
import { quoteKeyspace } from '#stores/cassandra/cassandra-schema.ts';
import { idKeyOf } from '#stores/sqlite/history-rows.ts';
import { createClient } from '#tests/stores/cassandra-stage.ts';

/** The event that nobody has sent. */
const UNSENT = 'sent-by-nobody';

export async function tamper(store: StoreChoice, folder: string): Promise<void> {
  assert(store !== 'memory', 'what is to be read back has to outlive its process');
  if (store === 'sqlite') tamperWithFile(join(folder, 'history.db'));
  else await tamperWithKeyspace(store);
}

function tamperWithFile(file: string): void {
  const database = new Database(file);
  const table = database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'events_[0-9]*' ORDER BY name LIMIT 1")
    .pluck()
    .get();
  const copy = (key: string, id: string): void => {
    database.exec(
      `INSERT INTO ${String(table)} (id_key, visit, ms, kind, expires_at, terms, event_id, body)
       SELECT ${key}, visit, ms, kind, expires_at, terms, ${id}, body FROM ${String(table)} ORDER BY seq LIMIT 1`,
    );
  };
  copy('id_key', 'event_id');
  // By its key, as a listing of ids goes on behind it.
  copy(String(idKeyOf(UNSENT)), `'${UNSENT}'`);
  database.close();
}

/** The second place of an event is in another visit: inside one, an id is listed once whatever rows there are. */
async function tamperWithKeyspace(choice: Exclude<StoreChoice, string>): Promise<void> {
  const client = createClient(choice);
  const table = `${quoteKeyspace(choice.keyspace)}.events`;
  const { rows } = await client.execute(`SELECT * FROM ${table} LIMIT 1000`);
  const row = present(rows[0], 'row of an event');
  const other = present(
    rows.find((each) => each['visit_id'] !== row['visit_id']),
    'row of another visit',
  );
  const put = `INSERT INTO ${table} (visit_id, day, at, event_id, stored, written, event_name, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
  for (const [place, id] of [
    [other, row['event_id']],
    [row, UNSENT],
  ] as const) {
    const values = [row['at'], id, row['stored'], row['written'], row['event_name'], row['body']];
    await client.execute(put, [place['visit_id'], place['day'], ...values], { prepare: true });
  }
  await client.shutdown();
}
