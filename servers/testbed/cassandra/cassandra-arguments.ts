/** The command line of one Cassandra node on Java 17: what its own scripts would have put together. */
import { pathToFileURL } from 'node:url';
import type { CassandraOrder } from './cassandra-layout.ts';

const EXPORTS = [
  'java.base/java.lang.ref',
  'java.base/jdk.internal.misc',
  'java.base/jdk.internal.ref',
  'java.base/sun.nio.ch',
  'java.management.rmi/com.sun.jmx.remote.internal.rmi',
  'java.management/com.sun.jmx.remote.security',
  'java.rmi/sun.rmi.registry',
  'java.rmi/sun.rmi.server',
  'java.sql/java.sql',
  'jdk.attach/sun.tools.attach',
  'jdk.compiler/com.sun.tools.javac.file',
  'jdk.unsupported/sun.misc',
];

const OPENS = [
  'java.base/java.io',
  'java.base/java.lang',
  'java.base/java.lang.module',
  'java.base/java.lang.reflect',
  'java.base/java.nio',
  'java.base/java.nio.charset',
  'java.base/java.util',
  'java.base/java.util.concurrent',
  'java.base/java.util.concurrent.atomic',
  'java.base/jdk.internal.loader',
  'java.base/jdk.internal.math',
  'java.base/jdk.internal.module',
  'java.base/jdk.internal.ref',
  'java.base/jdk.internal.reflect',
  'java.base/jdk.internal.util.jar',
  'java.base/sun.nio.ch',
  'jdk.compiler/com.sun.tools.javac',
  'jdk.management/com.sun.management.internal',
];

/** C1 and the serial collector: several nodes share a small machine. */
const ECONOMY = [
  '-Xss256k',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:+ExitOnOutOfMemoryError',
  '-XX:MaxDirectMemorySize=256m',
];

export const CASSANDRA_MAIN_CLASS = 'org.apache.cassandra.service.CassandraDaemon';

export interface NodePlaces {
  /** Of the jars. */
  readonly lib: string;
  /** File name of the agent that measures objects. */
  readonly jamm: string;
  /** The node's own, absolute; `conf`, `logs`, `tmp` and `triggers` are in it. */
  readonly home: string;
}

/** Arguments of `java`. The path of the node's home is among them, by which its process is known again. */
export function listJavaArguments(order: CassandraOrder, { lib, jamm, home }: NodePlaces): readonly string[] {
  const file = (name: string): string => pathToFileURL(`${home}/conf/${name}`).href;
  return [
    '-Djdk.attach.allowAttachSelf=true',
    '-Dio.netty.tryReflectionSetAccessible=true',
    '-Dio.netty.allocator.useCacheForAllThreads=true',
    '-Dio.netty.allocator.maxOrder=11',
    '-Djava.net.preferIPv4Stack=true',
    ...EXPORTS.map((name) => `--add-exports=${name}=ALL-UNNAMED`),
    ...OPENS.map((name) => `--add-opens=${name}=ALL-UNNAMED`),
    `-Xms${Math.min(256, order.heapMb)}m`,
    `-Xmx${order.heapMb}m`,
    ...ECONOMY,
    `-javaagent:${lib}/${jamm}`,
    '-cp',
    `${lib}/*`,
    `-Dcassandra.config=${file('cassandra.yaml')}`,
    `-Dcassandra-rackdc.properties=${file('cassandra-rackdc.properties')}`,
    `-Dlogback.configurationFile=${home}/conf/logback.xml`,
    `-Dcassandra.storagedir=${home}`,
    `-Dcassandra.logdir=${home}/logs`,
    `-Dcassandra.triggers_dir=${home}/triggers`,
    `-Djava.io.tmpdir=${home}/tmp`,
    `-Djna.tmpdir=${home}/tmp`,
    // Else it closes its output.
    '-Dcassandra-foreground=yes',
    '-Dcassandra.available_processors=2',
    '-Dcassandra.ring_delay_ms=1000',
    '-Dcassandra.shutdown_announce_in_ms=200',
    ...listGossipProperties(order),
    // System tables are not flushed at each change of the schema.
    ...(order.profile === 'fast' ? ['-Dcassandra.unsafesystem=true'] : []),
    CASSANDRA_MAIN_CLASS,
  ];
}

/** A node alone has nobody to wait for; several wait as briefly as Cassandra's own tests. */
function listGossipProperties({ nodes }: CassandraOrder): readonly string[] {
  if (nodes === 1) return ['-Dcassandra.skip_wait_for_gossip_to_settle=0'];
  return [
    '-Dcassandra.gossip_settle_min_wait_ms=500',
    '-Dcassandra.gossip_settle_interval_ms=250',
    '-Dcassandra.gossip_settle_poll_success_required=6',
  ];
}
