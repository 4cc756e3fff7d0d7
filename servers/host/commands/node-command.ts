/**
 * `engage node`: one node of an installation as its own process, from engage.yaml: where it listens, where the others are, the
 * store, the options and the secret. Live runs start their nodes themselves.
 */
import type { Command } from 'commander';
import type { FromNode, NodeConfig } from '#node/node-ipc.ts';
import { ENGAGE_CONFIG_FILE, type EngageConfig, type NodeEntry } from '#protocol/engage-config.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { createForkSpawn } from '#testbed/live/node-process.ts';
import { scriptOfRole } from '#testbed/live/node-scripts.ts';
import { configsOf, readInstallation } from './installation.ts';
import { createInterrupt } from './interrupt.ts';

interface NodeOptions {
  readonly config: string;
  readonly all?: true;
}

const EXAMPLES = `
engage.yaml names the nodes, each in a process of its own, on one machine or several:

  nodes:
    - { name: store, role: store, port: 9300 }
    - { name: contact-center, role: contactCenter, port: 9200 }
    - { name: balancer, role: balancer, port: 8000 }
    - { name: backend-1, role: backend, port: 9081 }
    - { name: frontend-1, role: frontend, port: 8081 }
  store: { kind: sqlite, folder: store }   # or { kind: cassandra, contactPoints: [10.0.0.1, 10.0.0.2] }
  secret: { env: ENGAGE_SECRET }            # or { file: secret.txt }; at least 16 characters, the same for all
  serves: scenarios/guide-example.yaml      # its site, rules, categories and groups
  origins: [https://www.shop.example]       # pages that may talk to the nodes

Examples:
  engage node store
  engage node frontend-1 --config /etc/engage/engage.yaml
  engage node --all                          all of them, to try an installation on one machine

Start them in the guide's order: store, contact center, balancer, Backends, Frontends. Log lines go to stdout.
Exit status: 0 stopped as asked, 2 invalid input or usage, 4 it could not start or died.`;

/** The guide's order: who is depended on comes first. */
const START_ORDER: readonly NodeEntry['role'][] = ['store', 'contactCenter', 'balancer', 'backend', 'frontend'];

export function addNodeCommand(program: Command): void {
  program
    .command('node')
    .description('one node of an installation, from engage.yaml')
    .argument('[name]', 'the node, as engage.yaml names it')
    .option('--all', 'every node that it names, in this one terminal')
    .option('--config <file>', 'the configuration of the installation', ENGAGE_CONFIG_FILE)
    .addHelpText('after', EXAMPLES)
    .action((name: string | undefined, options: NodeOptions) => {
      if ((name === undefined) !== (options.all === true)) {
        throw new OperatingError('INVALID_USAGE', 'expected the name of a node, or --all');
      }
      return name === undefined ? runAllNodes(options.config) : runNamedNode(name, options.config);
    });
}

/** Runs until it is stopped or dies. */
async function runNamedNode(name: string, file: string): Promise<void> {
  const find = ({ nodes }: EngageConfig): NodeEntry => {
    const found = nodes.find((node) => node.name === name);
    if (found !== undefined) return found;
    const names = nodes.map((node) => node.name);
    const known = names.length === 0 ? 'it names none' : `it names ${names.join(', ')}`;
    throw new OperatingError('INVALID_USAGE', `${file} has no node ${name}: ${known}`);
  };
  const installation = readInstallation(file, find);
  const entry = find(installation.config);
  const interrupt = createInterrupt();
  const { ended } = startEntry(entry, configsOf(installation)(entry), interrupt.signal);
  await ended.finally(() => interrupt.end());
}

/** Starts all nodes in the guide's order, each when the one before it serves, and runs until they are stopped or one dies. */
async function runAllNodes(file: string): Promise<void> {
  const installation = readInstallation(file);
  const configOf = configsOf(installation);
  const entries = START_ORDER.flatMap((role) => installation.config.nodes.filter((node) => node.role === role));
  if (entries.length === 0) throw new OperatingError('INVALID_INPUT', `${file} names no nodes`);
  const interrupt = createInterrupt();
  const running: { readonly node: RunningNode; readonly stop: AbortController }[] = [];
  try {
    for (const entry of entries) {
      if (interrupt.signal.aborted) return;
      const stop = new AbortController();
      const node = startEntry(entry, configOf(entry), stop.signal);
      running.push({ node, stop });
      await Promise.race([node.ready, node.ended]);
    }
    process.stderr.write(`all ${entries.length} nodes serve; Ctrl-C stops them\n`);
    const interrupted = new Promise<void>((done) => interrupt.signal.addEventListener('abort', () => done()));
    await Promise.race([interrupted, ...running.map(({ node }) => node.ended)]);
  } finally {
    // Who depends on others goes first.
    for (const { node, stop } of running.toReversed()) {
      stop.abort();
      await Promise.allSettled([node.ended]);
    }
    interrupt.end();
  }
}

interface RunningNode {
  /** It serves. */
  readonly ready: Promise<void>;
  /** It has stopped as asked; rejects where it died. */
  readonly ended: Promise<void>;
}

function startEntry(entry: NodeEntry, config: NodeConfig, stop: AbortSignal): RunningNode {
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  let lastWords: string | undefined;
  const hear = (message: FromNode): void => {
    if (message.type === 'ready') {
      process.stderr.write(`${entry.name} serves at http://${entry.host}:${message.port}\n`);
      ready.resolve();
    } else if (message.type === 'failed') lastWords = message.message;
  };
  const node = createForkSpawn()(
    { name: entry.name, script: scriptOfRole(entry.role) },
    {
      onMessage: hear,
      onLine: (_stream, line) => void process.stdout.write(`${line}\n`),
      onEnd: (code) => {
        if (code === 0) ended.resolve();
        else ended.reject(new OperatingError('UNAVAILABLE', `${entry.name}: ${lastWords ?? `ended with ${code}`}`));
      },
    },
  );
  stop.addEventListener('abort', () => node.tell({ type: 'stop' }));
  node.tell({ type: 'configure', config });
  return { ready: ready.promise, ended: ended.promise };
}
