/**
 * Whether the nodes know tables that were just created. The driver takes their schemas for agreed a moment before each node can
 * serve the tables; who asks in that moment gets a failure of the server.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { errors, types, type Client } from 'cassandra-driver';
import { CassandraFault } from './cassandra-fault.ts';

const KNOWN_MS_MAX = 20_000;
const LOOK_MS = 100;
/** What a node answers about a table that it, or the one that it asks, does not know yet. */
const UNKNOWN_TABLE: ReadonlySet<number> = new Set([
  types.responseErrorCodes.serverError,
  types.responseErrorCodes.readFailure,
  types.responseErrorCodes.invalid,
]);

/** Ends when every node that is connected knows all of them; they are asked for a row each, so they should be almost empty. */
export async function untilTablesKnown(client: Client, tables: readonly string[]): Promise<void> {
  const endsAt = performance.now() + KNOWN_MS_MAX;
  for (const host of client.getState().getConnectedHosts()) {
    for (const table of tables) {
      const query = `SELECT * FROM ${table} LIMIT 1`;
      const options = { host, prepare: false, consistency: types.consistencies.localOne };
      // A node that has gone meanwhile takes the tables over when it comes back.
      while (host.isUp() && !(await isKnown(client.execute(query, [], options)))) {
        if (performance.now() > endsAt) throw notAgreed();
        await sleep(LOOK_MS);
      }
    }
  }
}

export function notAgreed(): CassandraFault {
  return new CassandraFault(
    'unavailable',
    'the nodes of Cassandra do not agree on the tables: try again when all are up',
  );
}

/** Also where too few replicas answer: that says nothing against the table. */
async function isKnown(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (thrown) {
    return !(thrown instanceof errors.ResponseError && UNKNOWN_TABLE.has(thrown.code));
  }
}
