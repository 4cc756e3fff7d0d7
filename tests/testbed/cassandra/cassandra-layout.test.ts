/** How a local Cassandra cluster is laid out, and what its nodes are told: against known answers and the rules of Cassandra itself. */
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { present } from '#core/assert.ts';
import { listJavaArguments } from '#testbed/cassandra/cassandra-arguments.ts';
import { layOutCluster, type CassandraOrder } from '#testbed/cassandra/cassandra-layout.ts';
import { renderCassandraYaml, renderRackFile } from '#testbed/cassandra/cassandra-yaml.ts';

const ORDER: CassandraOrder = {
  clusterName: 'It: "tries"',
  nodes: 3,
  profile: 'fast',
  dataCenters: false,
  ports: { native: 19_160, storage: 17_000, sslStorage: 17_001 },
  heapMb: 384,
};
const FOLDERS = {
  data: '/n/data',
  commitLog: '/n/log',
  savedCaches: '/n/caches',
  hints: '/n/hints',
  changes: '/n/cdc',
};

function yamlOf(change: Partial<CassandraOrder>, number = 1): Record<string, unknown> {
  const order = { ...ORDER, ...change };
  const layout = layOutCluster(order);
  const node = layout.nodes[number - 1];
  if (node === undefined) throw new Error(`no node ${number}`);
  return parse(renderCassandraYaml(order, layout, node, FOLDERS)) as Record<string, unknown>;
}

describe('the layout of a cluster', () => {
  it('divides the ring as ccm does', () => {
    expect(layOutCluster({ nodes: 3, dataCenters: false }).nodes.map(({ token }) => token)).toEqual([
      '-9223372036854775808',
      '-3074457345618258603',
      '3074457345618258602',
    ]);
  });

  it.each([1, 3, 4] as const)('gives %s nodes an address each and evenly spread parts of the ring', (nodes) => {
    const layout = layOutCluster({ nodes, dataCenters: false });
    expect(new Set(layout.nodes.map(({ address }) => address)).size).toBe(nodes);
    const tokens = layout.nodes.map(({ token }) => BigInt(token));
    const gaps = tokens.slice(1).map((token, index) => token - (tokens[index] ?? 0n));
    for (const gap of gaps) expect(gap).toBe(2n ** 64n / BigInt(nodes));
    expect(layout.replication).toEqual({ strategy: 'SimpleStrategy', factor: Math.min(3, nodes) });
  });

  it('alternates two data centers along the ring, with a seed in each', () => {
    const { nodes, seeds, replication } = layOutCluster({ nodes: 4, dataCenters: true });
    const along = nodes.toSorted((one, other) => (BigInt(one.token) < BigInt(other.token) ? -1 : 1));
    expect(along.map(({ dataCenter }) => dataCenter)).toEqual(['DC1', 'DC2', 'DC1', 'DC2']);
    expect(nodes.map(({ dataCenter }) => dataCenter)).toEqual(['DC1', 'DC1', 'DC2', 'DC2']);
    expect(seeds).toEqual(['127.0.0.1', '127.0.0.3']);
    expect(replication).toEqual({ strategy: 'NetworkTopologyStrategy', factors: { DC1: 2, DC2: 2 } });
    expect(renderRackFile(present(nodes[2], 'node 3'))).toBe('dc=DC2\nrack=rack1\n');
  });
});

describe('the configuration of a node', () => {
  it('is YAML that says what was ordered', () => {
    expect(yamlOf({}, 2)).toMatchObject({
      cluster_name: 'It: "tries"',
      initial_token: '-3074457345618258603',
      listen_address: '127.0.0.2',
      rpc_address: '127.0.0.2',
      native_transport_port: 19_160,
      storage_port: 17_000,
      endpoint_snitch: 'SimpleSnitch',
      data_file_directories: ['/n/data'],
      seed_provider: [{ parameters: [{ seeds: '127.0.0.1,127.0.0.2,127.0.0.3' }] }],
    });
    expect(yamlOf({ nodes: 4, dataCenters: true })).toMatchObject({ endpoint_snitch: 'GossipingPropertyFileSnitch' });
  });

  test('durable syncs before it acknowledges, and has no period, which Cassandra refuses beside that', () => {
    expect(yamlOf({ profile: 'durable' })).toMatchObject({ commitlog_sync: 'batch' });
    expect(yamlOf({ profile: 'durable' })).not.toHaveProperty('commitlog_sync_period');
    expect(yamlOf({ profile: 'fast' })).toMatchObject({ commitlog_sync: 'periodic', commitlog_sync_period: '10s' });
  });
});

describe('the command line of a node', () => {
  const PLACES = { lib: '/lib', jamm: 'jamm-0.4.0.jar', home: '/c/node-1' };

  it('ends with the class to run, keeps its output open and finds its files', () => {
    const words = listJavaArguments(ORDER, PLACES);
    expect(words.at(-1)).toBe('org.apache.cassandra.service.CassandraDaemon');
    expect(words).toContain('-Dcassandra-foreground=yes');
    expect(words).toContain('-Dcassandra.config=file:///c/node-1/conf/cassandra.yaml');
    expect(words).toContain('-javaagent:/lib/jamm-0.4.0.jar');
    expect(words).toContain('-Xmx384m');
  });

  it('keeps the shortcuts of the fast profile out of the durable one', () => {
    const unsafe = '-Dcassandra.unsafesystem=true';
    expect(listJavaArguments(ORDER, PLACES)).toContain(unsafe);
    expect(listJavaArguments({ ...ORDER, profile: 'durable' }, PLACES)).not.toContain(unsafe);
  });

  it('lets a node alone wait for nobody, and several for each other', () => {
    const waiting = (nodes: 1 | 3): readonly string[] =>
      listJavaArguments({ ...ORDER, nodes }, PLACES).filter((word) => word.includes('gossip'));
    expect(waiting(1)).toEqual(['-Dcassandra.skip_wait_for_gossip_to_settle=0']);
    expect(waiting(3)).toHaveLength(3);
  });
});
