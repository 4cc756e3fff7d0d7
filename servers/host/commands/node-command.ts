/**
 * `engage node`: one node of an installation as its own process, from engage.yaml: where it listens, where the others are, the
 * store, the options and the secret. Live runs start their nodes themselves.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { readMonoMs } from '#node/domain-clock.ts';
import type { FromNode, NodeAddress, NodeConfig, Peers } from '#node/node-ipc.ts';
import {
  ENGAGE_CONFIG_FILE,
  type EngageConfig,
  type NodeEntry,
  type SecretReference,
} from '#protocol/engage-config.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { createForkSpawn } from '#testbed/live/node-process.ts';
import { scriptOfRole } from '#testbed/live/node-scripts.ts';
import { loadScenario } from '#testbed/load-scenario.ts';
import { optionsOf, readConfigFile } from './config-file.ts';
import { createInterrupt } from './interrupt.ts';

interface NodeOptions {
  readonly config: string;
}

const EXAMPLES = `
engage.yaml names the nodes, each in a process of its own, on one machine or several:

  nodes:
    - { name: store, role: store, port: 9300 }
    - { name: contact-center, role: contactCenter, port: 9200 }
    - { name: balancer, role: balancer, port: 8000 }
    - { name: backend-1, role: backend, port: 9081 }
    - { name: frontend-1, role: frontend, port: 8081 }
  store: { kind: sqlite, folder: store }
  secret: { env: ENGAGE_SECRET }            # or { file: secret.txt }; at least 16 characters, the same for all
  serves: scenarios/guide-example.yaml      # its site, rules, categories and groups
  origins: [https://www.shop.example]       # pages that may talk to the nodes

Examples:
  engage node store
  engage node frontend-1 --config /etc/engage/engage.yaml

Start them in the guide's order: store, contact center, balancer, Backends, Frontends. Log lines go to stdout.
Exit status: 0 stopped as asked, 2 invalid input or usage, 4 it could not start or died.`;

const SECRET_LENGTH_MIN = 16;

export function addNodeCommand(program: Command): void {
  program
    .command('node')
    .description('one node of an installation, from engage.yaml')
    .argument('<name>', 'the node, as engage.yaml names it')
    .option('--config <file>', 'the configuration of the installation', ENGAGE_CONFIG_FILE)
    .addHelpText('after', EXAMPLES)
    .action((name: string, options: NodeOptions) => runNamedNode(name, options.config));
}

/** Runs until it is stopped or dies. */
async function runNamedNode(name: string, file: string): Promise<void> {
  const configFile = readConfigFile(file, false);
  optionsOf(configFile);
  const { config } = configFile;
  const entry = config.nodes.find((node) => node.name === name);
  if (entry === undefined) {
    const names = config.nodes.map((node) => node.name);
    const known = names.length === 0 ? 'it names none' : `it names ${names.join(', ')}`;
    throw new OperatingError('INVALID_USAGE', `${file} has no node ${name}: ${known}`);
  }
  const folder = dirname(resolve(file));
  const secret = readSecret(config.secret, folder, file);
  const scenario = loadServed(config, folder, file);
  await runEntry(entry, createConfig(entry, config, { folder, secret, scenario }));
}

function readSecret(reference: SecretReference | undefined, folder: string, file: string): string {
  if (reference === undefined) {
    throw new OperatingError('INVALID_INPUT', `${file} does not say where the secret is: secret: { env: NAME }`);
  }
  const where = 'env' in reference ? `the environment variable ${reference.env}` : resolve(folder, reference.file);
  let secret: string | undefined;
  try {
    secret = 'env' in reference ? process.env[reference.env] : readFileSync(resolve(folder, reference.file), 'utf8');
  } catch {
    secret = undefined;
  }
  const trimmed = secret?.trim() ?? '';
  if (trimmed.length >= SECRET_LENGTH_MIN) return trimmed;
  throw new OperatingError(
    'INVALID_INPUT',
    `expected a secret of at least ${SECRET_LENGTH_MIN} characters in ${where}`,
  );
}

/** The options of the installation stand before those of the scenario. */
function loadServed(config: EngageConfig, folder: string, file: string): Scenario {
  if (config.serves === undefined) {
    throw new OperatingError('INVALID_INPUT', `${file} does not say what the nodes serve: serves: scenarios/x.yaml`);
  }
  const loaded = loadScenario(resolve(folder, config.serves));
  if (!loaded.ok) throw new OperatingError('INVALID_INPUT', `${config.serves} can not be served`, loaded.problems);
  const scenario = loaded.value;
  const options = { ...scenario.options };
  for (const [section, given] of Object.entries(config.options)) options[section] = { ...options[section], ...given };
  return { ...scenario, options, fidelity: config.fidelity };
}

function createConfig(
  entry: NodeEntry,
  config: EngageConfig,
  given: { readonly folder: string; readonly secret: string; readonly scenario: Scenario },
): NodeConfig {
  const folder = join(given.folder, config.store.folder);
  mkdirSync(folder, { recursive: true });
  const nowMs = readMonoMs();
  return {
    role: entry.role,
    name: entry.name,
    // Grows with each start, so that links and ids of an earlier life are known as that.
    incarnation: Math.floor(Date.now() / 1_000),
    host: entry.host,
    port: entry.port,
    secret: given.secret,
    folder,
    journal: false,
    law: { anchorMonoMs: nowMs, anchorDomainMs: Date.now(), speed: 1, fromMonoMs: nowMs },
    scenario: given.scenario,
    store: config.store.kind,
    peers: peersOf(config.nodes),
    allowedOrigins: config.origins,
  };
}

function peersOf(nodes: readonly NodeEntry[]): Peers {
  const address = ({ name, host, port }: NodeEntry): NodeAddress => ({ name, url: `http://${host}:${port}` });
  const all = (role: NodeEntry['role']): readonly NodeAddress[] =>
    nodes.filter((node) => node.role === role).map(address);
  return {
    store: all('store')[0]?.url ?? null,
    contactCenter: all('contactCenter')[0]?.url ?? null,
    backends: all('backend'),
    frontends: all('frontend'),
    balancer: all('balancer')[0]?.url ?? null,
  };
}

async function runEntry(entry: NodeEntry, config: NodeConfig): Promise<void> {
  const interrupt = createInterrupt();
  const ended = Promise.withResolvers<void>();
  let lastWords: string | undefined;
  const hear = (message: FromNode): void => {
    if (message.type === 'ready') {
      process.stderr.write(`${entry.name} serves at http://${entry.host}:${message.port}\n`);
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
  interrupt.signal.addEventListener('abort', () => node.tell({ type: 'stop' }));
  node.tell({ type: 'configure', config });
  await ended.promise.finally(() => interrupt.end());
}
