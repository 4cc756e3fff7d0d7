/** The configuration files of one Cassandra 5.0 node, as text. */
import type { CassandraLayout, CassandraNode, CassandraOrder } from './cassandra-layout.ts';

/** Absolute folders of a node. */
export interface NodeFolders {
  readonly data: string;
  readonly commitLog: string;
  readonly savedCaches: string;
  readonly hints: string;
  readonly changes: string;
}

/**
 * cassandra.yaml with small caches and few threads, for several nodes on one machine. Unknown keys are fatal to Cassandra, and
 * `batch` refuses a period.
 */
export function renderCassandraYaml(
  order: CassandraOrder,
  layout: CassandraLayout,
  node: CassandraNode,
  folders: NodeFolders,
): string {
  const { ports } = order;
  const sync =
    order.profile === 'durable'
      ? ['commitlog_sync: batch']
      : ['commitlog_sync: periodic', 'commitlog_sync_period: 10s'];
  return lines([
    `cluster_name: ${quote(order.clusterName)}`,
    'partitioner: org.apache.cassandra.dht.Murmur3Partitioner',
    `endpoint_snitch: ${order.dataCenters ? 'GossipingPropertyFileSnitch' : 'SimpleSnitch'}`,
    'num_tokens: 1',
    `initial_token: ${quote(node.token)}`,
    'auto_bootstrap: false',
    'seed_provider:',
    '  - class_name: org.apache.cassandra.locator.SimpleSeedProvider',
    `    parameters: [{ seeds: ${quote(layout.seeds.join(','))} }]`,
    `listen_address: ${node.address}`,
    `rpc_address: ${node.address}`,
    `storage_port: ${ports.storage}`,
    `ssl_storage_port: ${ports.sslStorage}`,
    `native_transport_port: ${ports.native}`,
    'start_native_transport: true',
    `data_file_directories: [${quote(folders.data)}]`,
    `commitlog_directory: ${quote(folders.commitLog)}`,
    `saved_caches_directory: ${quote(folders.savedCaches)}`,
    `hints_directory: ${quote(folders.hints)}`,
    `cdc_raw_directory: ${quote(folders.changes)}`,
    'cdc_enabled: false',
    ...sync,
    'commitlog_segment_size: 8MiB',
    'commitlog_total_space: 512MiB',
    // A node that can't write ends, so that nobody takes it for well.
    'disk_failure_policy: die',
    'commit_failure_policy: die',
    'auto_snapshot: false',
    'disk_access_mode: standard',
    'memtable_allocation_type: heap_buffers',
    'memtable_heap_space: 64MiB',
    'memtable_offheap_space: 64MiB',
    'file_cache_size: 32MiB',
    'networking_cache_size: 16MiB',
    'key_cache_size: 8MiB',
    'counter_cache_size: 0MiB',
    'prepared_statements_cache_size: 8MiB',
    'concurrent_reads: 8',
    'concurrent_writes: 8',
    'concurrent_compactors: 1',
    'native_transport_max_threads: 16',
    'hinted_handoff_enabled: true',
    'phi_convict_threshold: 6',
    'read_request_timeout: 5s',
    'write_request_timeout: 2s',
    'range_request_timeout: 10s',
    'cas_contention_timeout: 2s',
    'truncate_request_timeout: 60s',
  ]);
}

/** cassandra-rackdc.properties, which GossipingPropertyFileSnitch reads (guide L1274). */
export function renderRackFile({ dataCenter }: CassandraNode): string {
  return lines([`dc=${dataCenter}`, 'rack=rack1']);
}

/** Without a configuration logback writes all its debugging to the console. */
export function renderLogback(): string {
  return lines([
    '<configuration>',
    '  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">',
    '    <encoder><pattern>%-5level [%thread] %date{ISO8601} %logger{0} - %msg%n</pattern></encoder>',
    '  </appender>',
    '  <root level="INFO"><appender-ref ref="out" /></root>',
    '</configuration>',
  ]);
}

/** JSON's quoting is YAML's too. */
function quote(text: string): string {
  return JSON.stringify(text);
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
