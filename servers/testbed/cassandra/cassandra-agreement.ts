/** When a local cluster is ready: every running node serves, knows all others, and has the same schema as they. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, policies } from 'cassandra-driver';
import { OperatingError } from '#protocol/operating-error.ts';
import type { Replication } from '#ports/store-choice.ts';
import { createKeyspaceStatement } from '#stores/cassandra/cassandra-schema.ts';
import type { CassandraNode } from './cassandra-layout.ts';

const LOOK_EVERY_MS = 200;

export interface RunningCluster {
  /** Those that run. */
  readonly running: readonly CassandraNode[];
  /** All that belong to it. */
  readonly nodeCount: number;
  readonly port: number;
}

/** Rejects with UNAVAILABLE, saying what is lacking, when they do not agree in time. */
export async function untilAgreed(cluster: RunningCluster, limitMs: number): Promise<void> {
  const endsAt = performance.now() + limitMs;
  for (;;) {
    const lacking = await askWhatLacks(cluster);
    if (lacking === null) return;
    if (performance.now() > endsAt) {
      const seconds = Math.round(limitMs / 1_000);
      throw new OperatingError('UNAVAILABLE', `Cassandra's nodes do not agree after ${seconds} s: ${lacking}`);
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** Creates the keyspace where it is missing. */
export async function createKeyspace(cluster: RunningCluster, name: string, replication: Replication): Promise<void> {
  const client = createClient(cluster);
  try {
    await client.connect();
    await client.execute(createKeyspaceStatement(name, replication), [], { prepare: false });
  } finally {
    await client.shutdown();
  }
}

async function askWhatLacks(cluster: RunningCluster): Promise<string | null> {
  const client = createClient(cluster);
  try {
    await client.connect();
    return await compareNodes(client, cluster);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await client.shutdown();
  }
}

async function compareNodes(client: Client, { running, nodeCount, port }: RunningCluster): Promise<string | null> {
  const schemas = new Set<string>();
  for (const { name, address } of running) {
    const host = client.hosts.get(`${address}:${port}`);
    if (host === undefined) return `${name} is not known to the others`;
    if (!host.isUp()) return `${name} is not up`;
    const options = { host, prepare: false };
    const local = await client.execute('SELECT schema_version FROM system.local', [], options);
    const peers = await client.execute('SELECT peer FROM system.peers', [], options);
    if (peers.rowLength !== nodeCount - 1) return `${name} knows ${peers.rowLength} of ${nodeCount - 1} others`;
    schemas.add(String(local.first()?.['schema_version']));
  }
  return schemas.size === 1 ? null : `there are ${schemas.size} versions of the schema`;
}

function createClient({ running, port }: RunningCluster): Client {
  return new Client({
    contactPoints: running.map(({ address }) => `${address}:${port}`),
    protocolOptions: { port },
    socketOptions: { connectTimeout: 2_000, readTimeout: 12_000 },
    policies: { loadBalancing: new policies.loadBalancing.RoundRobinPolicy() },
  });
}
