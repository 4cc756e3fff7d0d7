/** Which Cassandra the options name: the guide's `wmdb.cassandra.cluster.*`. */
import { randomBytes } from 'node:crypto';
import type { ResolvedOptions } from '#core/options/resolved-options.ts';
import type { CassandraChoice, Replication } from '#ports/store-choice.ts';

const KEYSPACE_CHARS_MAX = 48;
const PORT = /:(\d+)$/;

/**
 * `given` contact points in place of the seed nodes; undefined: those. All nodes listen at one port: that which a contact point
 * names, else that of the options. Reads and writes are by QUORUM, as in the original (guide L1270).
 */
export function readCassandraChoice(options: ResolvedOptions, given: readonly string[] | undefined): CassandraChoice {
  const contactPoints = given ?? options.get('environment/wmdb.cassandra.cluster.seedNodes');
  const [named] = contactPoints.flatMap((point) => PORT.exec(point)?.[1] ?? []);
  return {
    kind: 'cassandra',
    contactPoints,
    port: named === undefined ? options.get('environment/wmdb.cassandra.cluster.rpcPort') : Number(named),
    keyspace: options.get('environment/wmdb.cassandra.cluster.keyspaceName'),
    replication: readReplication(options),
    write: 'QUORUM',
    read: 'QUORUM',
  };
}

function readReplication(options: ResolvedOptions): Replication {
  if (options.get('environment/wmdb.cassandra.cluster.defaultStrategy') === 'SimpleStrategy') {
    const factor = options.get('environment/wmdb.cassandra.cluster.defaultReplicationFactor');
    return { strategy: 'SimpleStrategy', factor };
  }
  const params = options.get('environment/wmdb.cassandra.cluster.defaultStrategyParams');
  const factors = params.map(({ dataCenter, replicas }) => [dataCenter, replicas] as const);
  return { strategy: 'NetworkTopologyStrategy', factors: Object.fromEntries(factors) };
}

/** A keyspace for one run alone, beside the named one and spread as it is: runs do not meet what earlier runs have left. */
export function chooseRunKeyspace(choice: CassandraChoice, replication: Replication): CassandraChoice {
  const end = `_run_${randomBytes(4).toString('hex')}`;
  return { ...choice, replication, keyspace: `${choice.keyspace.slice(0, KEYSPACE_CHARS_MAX - end.length)}${end}` };
}

/** Each as `127.0.0.1:19160`. */
export function describeContactPoints({ contactPoints, port }: CassandraChoice): readonly string[] {
  return contactPoints.map((point) => (PORT.test(point) ? point : `${point}:${port}`));
}
