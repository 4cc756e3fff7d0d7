/** A connection to a Cassandra cluster, set for a store: quick to notice a dead node, quick to find one that is back. */
import { Client, policies, types, type ClientOptions } from 'cassandra-driver';
import type { CassandraChoice, StoreLevel } from '#ports/store-choice.ts';
import type { KnownNodes } from './feasible-levels.ts';
import { CassandraFault, describeFault } from './cassandra-fault.ts';
import { SPECULATIVE_MS } from './write-tries.ts';

export const LEVELS: Readonly<Record<StoreLevel, number>> = {
  ONE: types.consistencies.one,
  LOCAL_ONE: types.consistencies.localOne,
  TWO: types.consistencies.two,
  THREE: types.consistencies.three,
  QUORUM: types.consistencies.quorum,
  LOCAL_QUORUM: types.consistencies.localQuorum,
  EACH_QUORUM: types.consistencies.eachQuorum,
  ALL: types.consistencies.all,
};

/** Above a node's own limit for a write, 2 s: its answer tells more than our silence. */
const READ_TIMEOUT_MS = 3_000;
const CONNECT_TIMEOUT_MS = 2_000;

/** Connects to the nodes of the data center that the contact points are in. Rejects with a fault `unavailable`. */
export async function connectClient(choice: CassandraChoice): Promise<{ client: Client; known: KnownNodes }> {
  const local = await findDataCenter(choice);
  const client = new Client({
    ...optionsOf(choice),
    localDataCenter: local,
    policies: {
      reconnection: new policies.reconnection.ExponentialReconnectionPolicy(500, 10_000, false),
      speculativeExecution: new policies.speculativeExecution.ConstantSpeculativeExecutionPolicy(SPECULATIVE_MS, 1),
    },
  });
  await connect(client, choice);
  return { client, known: { nodes: countNodes(client), local } };
}

async function findDataCenter(choice: CassandraChoice): Promise<string> {
  const policy = new policies.loadBalancing.RoundRobinPolicy();
  const client = new Client({ ...optionsOf(choice), policies: { loadBalancing: policy } });
  try {
    await connect(client, choice);
    const points = choice.contactPoints.map((point) => addressOf(point, choice.port));
    const hosts = client.hosts.values();
    const near = hosts.find(({ address }) => points.includes(address)) ?? hosts[0];
    if (near?.datacenter) return near.datacenter;
    throw new CassandraFault('unavailable', `Cassandra at ${points.join(', ')} does not tell its data center`);
  } finally {
    await client.shutdown();
  }
}

async function connect(client: Client, { keyspace, contactPoints, port }: CassandraChoice): Promise<void> {
  try {
    await client.connect();
  } catch (thrown) {
    await client.shutdown();
    const { message } = describeFault(thrown, keyspace, false);
    const points = contactPoints.map((point) => addressOf(point, port)).join(', ');
    throw new CassandraFault('unavailable', `no Cassandra answers at ${points}: ${message}`, thrown);
  }
}

function optionsOf({ contactPoints, port, read }: CassandraChoice): ClientOptions {
  return {
    contactPoints: [...contactPoints],
    protocolOptions: { port, maxSchemaAgreementWaitSeconds: 20 },
    socketOptions: { readTimeout: READ_TIMEOUT_MS, connectTimeout: CONNECT_TIMEOUT_MS, defunctReadTimeoutThreshold: 8 },
    pooling: { heartBeatInterval: 5_000 },
    queryOptions: { consistency: LEVELS[read], prepare: true, isIdempotent: true, fetchSize: 1_000 },
    encoding: { useBigIntAsLong: true },
  };
}

function countNodes(client: Client): Readonly<Record<string, number>> {
  const nodes: Record<string, number> = {};
  for (const { datacenter } of client.hosts.values()) nodes[datacenter] = (nodes[datacenter] ?? 0) + 1;
  return nodes;
}

function addressOf(point: string, port: number): string {
  return /:\d+$/.test(point) ? point : `${point}:${port}`;
}
