/** `engage cassandra`, also `npm run cassandra`: a real Cassandra on this machine, from Maven's jars, without containers. */
import { join } from 'node:path';
import type { Command } from 'commander';
import type { ResolvedOptions } from '#core/options/resolved-options.ts';
import { ENGAGE_CONFIG_FILE } from '#protocol/engage-config.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { Problem } from '#core/result.ts';
import { NODE_COUNTS, type CassandraOrder, type NodeCount } from '#testbed/cassandra/cassandra-layout.ts';
import { LocalCassandra, type LocalClusterState } from '#testbed/cassandra/local-cassandra.ts';
import { findProjectFolder } from '#host/project-folder.ts';
import { optionsOf, readConfigFile } from './config-file.ts';

interface ConfiguredOptions {
  readonly config: string;
}

interface UpOptions extends ConfiguredOptions {
  readonly nodes: string;
  readonly durable?: true;
  readonly dataCenters?: true;
  readonly heap: string;
}

const HEAP_MB_DEFAULT = '384';
const HEAP_MB = { min: 256, max: 8_192 };
const EXAMPLES = `
Examples:
  npm run cassandra -- up --nodes 3          three nodes on 127.0.0.1 to 127.0.0.3, ready when all serve and agree
  npm run cassandra -- up --nodes 4 --data-centers
  npm run cassandra -- status
  npm run cassandra -- kill 2                SIGKILL; kill 1 3: both at once
  npm run cassandra -- start 2
  npm run cassandra -- down                  stops all; up starts them again with their data
  npm run cassandra -- down --wipe
  engage run scenarios/live-smoke.yaml --mode live --store cassandra

It needs Java 17, and Maven to bring Cassandra's jars the first time (npm run components installs both). Ports, cluster name,
keyspace and folders are those of engage.yaml's wmdb.cassandra.cluster.* (section environment), else the guide's defaults:
clients at port 19160, nodes at 17000. The keyspace gets min(3, nodes) replicas, in two data centers two in each. A node takes
about 0.6 GiB of memory.

Exit status: 0 done, 2 invalid input or usage, 4 something was not to be had (Java, Maven, a port), or a node did not start.`;

export function addCassandraCommand(program: Command): void {
  const command = program
    .command('cassandra')
    .description('a real Cassandra on this machine, for live runs and tests')
    .addHelpText('after', EXAMPLES);
  const sub = (name: string, about: string): Command =>
    command
      .command(name)
      .description(about)
      .option('--config <file>', 'the configuration whose ports and folders count', ENGAGE_CONFIG_FILE);
  sub('up', 'start a cluster, or what is down of the one that is there')
    .option('--nodes <n>', 'nodes: 1, 3 or 4', '1')
    .option('--durable', 'a write is on the disk before it is acknowledged (commitlog_sync batch)')
    .option('--data-centers', 'two data centers of two nodes (with --nodes 4)')
    .option('--heap <mb>', `Java heap of a node, MiB, ${HEAP_MB.min} to ${HEAP_MB.max}`, HEAP_MB_DEFAULT)
    .action(up);
  sub('status', 'which nodes run, and what they take')
    .option('--json', 'as JSON')
    .action(async (options: ConfiguredOptions & { readonly json?: true }) => tellStatus(options));
  sub('down', 'stop all nodes')
    .option('--wipe', 'and remove all that they hold')
    .action(async (options: ConfiguredOptions & { readonly wipe?: true }) => {
      await open(options).cluster.down({ wipe: options.wipe === true });
      say(options.wipe === true ? 'stopped and removed' : 'stopped; up starts it again');
    });
  sub('kill', 'end nodes without a warning (SIGKILL), several at the same moment')
    .argument('<nodes...>', 'their numbers')
    .action(async (nodes: readonly string[], options: ConfiguredOptions) => {
      await open(options).cluster.killTogether([...new Set(nodes.map(readNode))]);
      for (const node of nodes) say(`node-${node} is dead; start ${node} brings it back`);
    });
  sub('start', 'start a node that is down')
    .argument('<node>', 'its number')
    .action(async (node: string, options: ConfiguredOptions) => {
      await open(options).cluster.start(readNode(node));
    });
}

interface Opened {
  readonly cluster: LocalCassandra;
  readonly options: ResolvedOptions;
}

function open({ config }: ConfiguredOptions): Opened {
  const options = optionsOf(readConfigFile(config, config === ENGAGE_CONFIG_FILE));
  const root = join(findProjectFolder(import.meta.dirname), '.cassandra');
  const places = {
    folder: join(root, 'cluster'),
    lib: join(root, 'lib'),
    data: options.get('environment/wmdb.cassandra.cluster.dataDirectory') ?? undefined,
    commitLog: options.get('environment/wmdb.cassandra.cluster.commitLogDirectory') ?? undefined,
    savedCaches: options.get('environment/wmdb.cassandra.cluster.savedCachesDirectory') ?? undefined,
  };
  return { cluster: new LocalCassandra(places, say), options };
}

async function up(given: UpOptions): Promise<void> {
  const { cluster, options } = open(given);
  const order = readOrder(given, options);
  const startedAt = performance.now();
  const state = await cluster.up(order, options.get('environment/wmdb.cassandra.cluster.keyspaceName'));
  say(`ready after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s: ${describeOrder(state)}`);
}

/** Throws INVALID_USAGE with everything that is wrong. */
function readOrder({ nodes, durable, dataCenters, heap }: UpOptions, options: ResolvedOptions): CassandraOrder {
  const problems: Problem[] = [];
  const wrong = (option: string, message: string): void =>
    void problems.push({ file: option, line: 0, column: 0, path: '', message });
  const count = NODE_COUNTS.find((each) => String(each) === nodes);
  if (count === undefined) wrong(`--nodes ${nodes}`, `expected ${NODE_COUNTS.join(', ')}`);
  if (dataCenters === true && count !== 4) wrong('--data-centers', 'two data centers of two need --nodes 4');
  const heapMb = /^\d+$/.test(heap) ? Number(heap) : Number.NaN;
  if (!(heapMb >= HEAP_MB.min && heapMb <= HEAP_MB.max)) {
    wrong(`--heap ${heap}`, `expected a whole number from ${HEAP_MB.min} to ${HEAP_MB.max}`);
  }
  if (problems.length > 0) throw new OperatingError('INVALID_USAGE', 'such a cluster can not be started', problems);
  return {
    clusterName: options.get('environment/wmdb.cassandra.cluster.name'),
    nodes: count as NodeCount,
    profile: durable === true ? 'durable' : 'fast',
    dataCenters: dataCenters === true,
    ports: {
      native: options.get('environment/wmdb.cassandra.cluster.rpcPort'),
      storage: options.get('environment/wmdb.cassandra.cluster.storagePort'),
      sslStorage: options.get('environment/wmdb.cassandra.cluster.sslStoragePort'),
    },
    heapMb,
  };
}

function readNode(text: string): number {
  if (/^\d$/.test(text)) return Number(text);
  throw new OperatingError('INVALID_USAGE', `expected the number of a node, got ${text}`);
}

function tellStatus(options: ConfiguredOptions & { readonly json?: true }): void {
  const state = open(options).cluster.state();
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(state, null, 2)}\n`);
    return;
  }
  if (state === null) {
    say('there is no cluster here: npm run cassandra -- up');
    return;
  }
  say(describeOrder(state));
  for (const { name, address, dataCenter, pid, residentMb } of state.nodes) {
    const place = `${name}  ${address}:${state.order.ports.native}  ${dataCenter}`;
    say(`  ${place}  ${pid === null ? 'down' : `process ${pid}${residentMb === null ? '' : `, ${residentMb} MiB`}`}`);
  }
}

function describeOrder({ order, layout }: LocalClusterState): string {
  const { replication } = layout;
  const replicas =
    replication.strategy === 'SimpleStrategy'
      ? `replication factor ${replication.factor}`
      : `replicas ${Object.entries(replication.factors)
          .map(([name, factor]) => `${name}:${factor}`)
          .join(', ')}`;
  return `${order.nodes} ${order.profile} node${order.nodes === 1 ? '' : 's'}, ${replicas}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
