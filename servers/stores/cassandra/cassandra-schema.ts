/**
 * The keyspace of the store: how it is spread over the nodes, its tables by query, and their version. Whoever opens it first
 * makes it; every statement may be made twice.
 */
import { assert } from '#core/assert.ts';
import type { Replication } from '#ports/store-choice.ts';

const KEYSPACE = /^[A-Za-z][A-Za-z0-9_]{0,47}$/;
const DATA_CENTER = /^[A-Za-z0-9_.-]+$/;

/** For rows that only arrive: those of a day lie together, and so go together. */
const ARRIVING =
  "compaction = {'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': 'DAYS', 'compaction_window_size': 1}";

/**
 * `migrations[n]` takes the keyspace from version n to n + 1.
 *
 * A partition key that would be a single text gets a second column: Cassandra takes no empty one.
 */
const MIGRATIONS: readonly ((keyspace: string) => readonly string[])[] = [
  (keyspace) => [
    // A visit's events of a day. The day bounds a partition, whatever a robot does.
    `CREATE TABLE IF NOT EXISTS ${keyspace}.events (
       visit_id text, day int, at bigint, event_id text,
       stored bigint, written bigint, event_name text, body text,
       PRIMARY KEY ((visit_id, day), at, event_id)
     ) WITH ${ARRIVING}`,
    // In which of those partitions the events of a visit, or of an identity, are.
    `CREATE TABLE IF NOT EXISTS ${keyspace}.event_days (
       scope text, id text, visit_id text, day int,
       PRIMARY KEY ((scope, id), visit_id, day)
     )`,
    // Every event once, by its id; the ids are spread over shards, in order inside each.
    `CREATE TABLE IF NOT EXISTS ${keyspace}.event_ids (
       shard int, event_id text,
       visit_id text, day int, page boolean, written bigint,
       PRIMARY KEY ((shard), event_id)
     ) WITH ${ARRIVING}`,
    `CREATE TABLE IF NOT EXISTS ${keyspace}.user_agents (
       shard int, id text, raw text, written bigint,
       PRIMARY KEY ((shard), id)
     )`,
    `CREATE TABLE IF NOT EXISTS ${keyspace}.attempts (
       scope text, attempt_id text, step int, at bigint, written bigint, body text,
       PRIMARY KEY ((scope, attempt_id), step)
     )`,
    // Of a visit, or of an identity.
    `CREATE TABLE IF NOT EXISTS ${keyspace}.attempts_of (
       scope text, id text, attempt_id text,
       PRIMARY KEY ((scope, id), attempt_id)
     )`,
    // Full indexing: where records of all visitors begin, in partitions of ten minutes.
    `CREATE TABLE IF NOT EXISTS ${keyspace}.by_time (
       entity text, bucket bigint, shard int, at bigint, id text, visit_id text,
       PRIMARY KEY ((entity, bucket, shard), at, id)
     ) WITH CLUSTERING ORDER BY (at DESC, id DESC) AND ${ARRIVING}`,
    `CREATE TABLE IF NOT EXISTS ${keyspace}.time_buckets (
       entity text, bucket bigint,
       PRIMARY KEY ((entity), bucket)
     )`,
    `CREATE TABLE IF NOT EXISTS ${keyspace}.operations (
       kind text, shard int, id text,
       at bigint, step int, change bigint, body text,
       PRIMARY KEY ((kind, shard), id)
     )`,
    // Written by lightweight transactions alone.
    `CREATE TABLE IF NOT EXISTS ${keyspace}.claims (
       scope text, key text, claimant text,
       PRIMARY KEY ((scope, key))
     )`,
  ],
];

/** The version that this program makes and knows. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/** All tables with content. */
export const TABLES = [
  'events',
  'event_days',
  'event_ids',
  'user_agents',
  'attempts',
  'attempts_of',
  'by_time',
  'time_buckets',
  'operations',
  'claims',
] as const;

/** A keyspace's name as CQL has it: else its capitals would be lost. */
export function quoteKeyspace(name: string): string {
  assert(KEYSPACE.test(name), `${name} is a keyspace's name`);
  return `"${name}"`;
}

export function createKeyspaceStatement(name: string, replication: Replication): string {
  return `CREATE KEYSPACE IF NOT EXISTS ${quoteKeyspace(name)} WITH replication = ${renderReplication(replication)}`;
}

export function dropKeyspaceStatement(name: string): string {
  return `DROP KEYSPACE IF EXISTS ${quoteKeyspace(name)}`;
}

function renderReplication(replication: Replication): string {
  if (replication.strategy === 'SimpleStrategy') {
    return `{'class': 'SimpleStrategy', 'replication_factor': ${replication.factor}}`;
  }
  const factors = Object.entries(replication.factors).map(([name, factor]) => {
    assert(DATA_CENTER.test(name), `${name} is a data center's name`);
    return `, '${name}': ${factor}`;
  });
  return `{'class': 'NetworkTopologyStrategy'${factors.join('')}}`;
}

/** As `system_schema.keyspaces` has it; null: a strategy that this program does not know. */
export function parseReplication(row: Readonly<Record<string, string>>): Replication | null {
  const { class: strategy = '', ...factors } = row;
  if (strategy.endsWith('.SimpleStrategy')) {
    return { strategy: 'SimpleStrategy', factor: Number.parseInt(factors['replication_factor'] ?? '', 10) };
  }
  if (!strategy.endsWith('.NetworkTopologyStrategy')) return null;
  const numbers = Object.entries(factors).map(([name, factor]) => [name, Number.parseInt(factor, 10)] as const);
  return { strategy: 'NetworkTopologyStrategy', factors: Object.fromEntries(numbers) };
}

/** Where the version stands. */
export function createVersionTableStatement(name: string): string {
  return `CREATE TABLE IF NOT EXISTS ${quoteKeyspace(name)}.schema_version (part text PRIMARY KEY, version int)`;
}

/** What takes a keyspace of `version` to the newest, a version each. */
export function listMigrations(name: string, version: number): readonly (readonly string[])[] {
  return MIGRATIONS.slice(version).map((statementsOf) => statementsOf(quoteKeyspace(name)));
}
