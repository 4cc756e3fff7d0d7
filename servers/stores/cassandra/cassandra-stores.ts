/** The front door of the Cassandra stores: one connection and one keyspace for both. */
import type { Client } from 'cassandra-driver';
import type { HistorySettings } from '#ports/history.ts';
import type { CassandraChoice, Replication } from '#ports/store-choice.ts';
import type { Stores } from '#ports/stores.ts';
import { connectClient, LEVELS } from './cassandra-client.ts';
import { CassandraFault, describeFault } from './cassandra-fault.ts';
import { CassandraHistory } from './cassandra-history.ts';
import { CassandraOperations } from './cassandra-operations.ts';
import {
  createKeyspaceStatement,
  createVersionTableStatement,
  dropKeyspaceStatement,
  listMigrations,
  parseReplication,
  quoteKeyspace,
  SCHEMA_VERSION,
  TABLES,
} from './cassandra-schema.ts';
import { CassandraSession } from './cassandra-session.ts';
import { describeImpossible, describeReplication, type KnownNodes } from './feasible-levels.ts';
import { notAgreed, untilTablesKnown } from './known-tables.ts';
import { StoredClock } from './stored-clock.ts';

/** A Cassandra as it was found. */
export interface CassandraFinding {
  /** Of the keyspace where it is there, else what it will be created with. */
  readonly replication: Replication;
  /** In words: how many nodes, how replicated. */
  readonly about: string;
}

/**
 * Opens the keyspace, which is created or brought to this program's version where needed. Rejects with a `StoreFault`:
 * `unavailable` where nobody answers or a level can never be met, `newer` where a newer version wrote the keyspace.
 */
export async function openCassandraStores(choice: CassandraChoice, settings: HistorySettings): Promise<Stores> {
  return withClient(choice, async (client, known) => {
    await checkLevels(client, known, choice);
    await openSchema(client, choice);
    const session = new CassandraSession(client, choice);
    const clock = new StoredClock();
    return {
      history: new CassandraHistory(session, clock, settings),
      operations: new CassandraOperations(session, clock),
    };
  });
}

/** Whether the stores could be opened; changes nothing. Rejects as `openCassandraStores` does. */
export async function findCassandra(choice: CassandraChoice): Promise<CassandraFinding> {
  return withClient(choice, async (client, known) => {
    const replication = await checkLevels(client, known, choice);
    await client.shutdown();
    const nodes = Object.values(known.nodes).reduce((sum, count) => sum + count, 0);
    return { replication, about: `${nodes} node${nodes === 1 ? '' : 's'}, ${describeReplication(replication)}` };
  });
}

/** Removes the keyspace with all that it holds. */
export async function dropCassandraKeyspace(choice: CassandraChoice): Promise<void> {
  await withClient(choice, async (client) => {
    await client.execute(dropKeyspaceStatement(choice.keyspace), [], DEFINITION);
    await client.shutdown();
  });
}

const DEFINITION = { prepare: false, isIdempotent: true, readTimeout: 20_000 } as const;

/** The client outlives the work, unless the work fails. */
async function withClient<T>(
  choice: CassandraChoice,
  work: (client: Client, known: KnownNodes) => Promise<T>,
): Promise<T> {
  const { client, known } = await connectClient(choice);
  try {
    return await work(client, known);
  } catch (thrown) {
    await client.shutdown();
    throw describeFault(thrown, choice.keyspace, false);
  }
}

/** The keyspace's replication; throws where a level can never be met with it. */
async function checkLevels(client: Client, known: KnownNodes, choice: CassandraChoice): Promise<Replication> {
  const replication = (await readReplication(client, choice.keyspace)) ?? choice.replication;
  for (const [what, level] of [
    ['writes', choice.write],
    ['reads', choice.read],
  ] as const) {
    const impossible = describeImpossible(replication, known, level);
    if (impossible === null) continue;
    throw new CassandraFault('unavailable', `keyspace ${choice.keyspace} can not serve ${what}: ${impossible}`);
  }
  return replication;
}

/** Null: there is no such keyspace. */
async function readReplication(client: Client, keyspace: string): Promise<Replication | null> {
  const query = 'SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = ?';
  const found = (await client.execute(query, [keyspace])).first();
  if (found === null || found === undefined) return null;
  // A map of texts, as the system table has it.
  const row = found['replication'] as Readonly<Record<string, string>>;
  const replication = parseReplication(row);
  if (replication !== null) return replication;
  throw new CassandraFault('unavailable', `keyspace ${keyspace} is spread by ${row['class']}, which is not known here`);
}

async function openSchema(client: Client, { keyspace, replication, write }: CassandraChoice): Promise<void> {
  await define(client, createKeyspaceStatement(keyspace, replication));
  await define(client, createVersionTableStatement(keyspace));
  await untilTablesKnown(client, [`${quoteKeyspace(keyspace)}.schema_version`]);
  const version = await readVersion(client, keyspace);
  if (version > SCHEMA_VERSION) {
    throw new CassandraFault(
      'newer',
      `keyspace ${keyspace} was written by a newer version of this program: its schema is ${version}, this version knows ` +
        `${SCHEMA_VERSION} at most. Use the newer version, or another keyspace.`,
    );
  }
  for (const [index, statements] of listMigrations(keyspace, version).entries()) {
    for (const statement of statements) await define(client, statement);
    await untilTablesKnown(
      client,
      TABLES.map((table) => `${quoteKeyspace(keyspace)}.${table}`),
    );
    const query = `INSERT INTO ${quoteKeyspace(keyspace)}.schema_version (part, version) VALUES (?, ?)`;
    await client.execute(query, ['store', version + index + 1], { consistency: LEVELS[write] });
  }
}

async function readVersion(client: Client, keyspace: string): Promise<number> {
  const query = `SELECT version FROM ${quoteKeyspace(keyspace)}.schema_version WHERE part = ?`;
  const row = (await client.execute(query, ['store'])).first();
  return row === null || row === undefined ? 0 : Number(row['version']);
}

/** Ends when all nodes that are up have it; those that are down take it over when they come back. */
async function define(client: Client, statement: string): Promise<void> {
  const { info } = await client.execute(statement, [], DEFINITION);
  // The driver tells it, but not its types.
  if ((info as { readonly isSchemaInAgreement?: boolean }).isSchemaInAgreement !== false) return;
  throw notAgreed();
}
