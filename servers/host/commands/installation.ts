/**
 * An installation as engage.yaml describes it: its nodes and where they listen, the secret that they share, and what they serve.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readMonoMs } from '#node/domain-clock.ts';
import type { NodeAddress, NodeConfig, Peers } from '#node/node-ipc.ts';
import { optionsOf as optionsInForce } from '#node/read-settings.ts';
import type { BackupPlan } from '#ports/backups.ts';
import type { StoreChoice } from '#ports/store-choice.ts';
import {
  DEFAULT_BACKUP,
  type EngageConfig,
  type NodeEntry,
  type SecretReference,
  type StoreEntry,
} from '#protocol/engage-config.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { readCassandraChoice } from '#testbed/cassandra/cassandra-choice.ts';
import { loadScenario } from '#testbed/load-scenario.ts';
import { optionsOf, readConfigFile } from './config-file.ts';

const SECRET_LENGTH_MIN = 16;

export interface Installation {
  /** Where it was read from, as it was named. */
  readonly file: string;
  readonly config: EngageConfig;
  readonly secret: string;
}

/**
 * Throws OperatingError with all that is wrong with the file, or where the secret is not to be had. `check` may refuse what the
 * file says before the secret is looked for.
 */
export function readInstallation(file: string, check: (config: EngageConfig) => void = () => undefined): Installation {
  const configFile = readConfigFile(file, false);
  optionsOf(configFile);
  const { config } = configFile;
  check(config);
  return { file, config, secret: readSecret(config.secret, dirname(resolve(file)), file) };
}

/** What each of its nodes is told at its start; the scenario that they serve is loaded once. */
export function configsOf({ file, config, secret }: Installation): (entry: NodeEntry) => NodeConfig {
  const folder = dirname(resolve(file));
  const scenario = loadServed(config, folder, file);
  return (entry) => createConfig(entry, config, { folder, secret, scenario });
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
    store: storeOf(config.store, given.scenario),
    ...(entry.role === 'store' ? plansOf(config.store, given.folder) : {}),
    peers: peersOf(config.nodes),
    allowedOrigins: config.origins,
  };
}

function storeOf({ kind, contactPoints }: StoreEntry, scenario: Scenario): StoreChoice {
  return kind === 'cassandra' ? readCassandraChoice(optionsInForce(scenario), contactPoints) : kind;
}

function plansOf(store: StoreEntry, folder: string): { readonly backups?: BackupPlan } {
  return store.kind === 'sqlite' ? { backups: backupPlanOf(store, folder) } : {};
}

/** `folder`: that of engage.yaml. */
export function backupPlanOf({ backup = DEFAULT_BACKUP }: StoreEntry, folder: string): BackupPlan {
  return { folder: resolve(folder, backup.folder), everyMs: backup.every, keep: backup.keep };
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
