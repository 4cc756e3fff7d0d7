/**
 * `engage backup`: backups of the embedded store of an installation. Making one and acknowledging damage is asked of the store node,
 * which runs; listing, checking and restoring look at the folders, on the machine of the store node.
 */
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { describeDamage } from '#node/store-backups.ts';
import type { Backup, BackupPlan, DamageReport } from '#ports/backups.ts';
import type { StoreFault } from '#ports/stores.ts';
import { ENGAGE_CONFIG_FILE, type NodeEntry } from '#protocol/engage-config.ts';
import { EXIT, OperatingError } from '#protocol/operating-error.ts';
import { findBackupFault, listBackups, newestGood } from '#stores/sqlite/backup-folder.ts';
import { readDamage, restoreBackup } from '#stores/sqlite/restore-file.ts';
import { optionsOf, readConfigFile } from './config-file.ts';
import { backupPlanOf, readInstallation } from './installation.ts';

interface Where {
  readonly config: string;
  readonly json?: true;
}

/** The files of an installation that has any. */
interface Files {
  readonly store: string;
  readonly plan: BackupPlan;
  /** Undefined: engage.yaml names none. */
  readonly node: NodeEntry | undefined;
}

const EXAMPLES = `
engage.yaml says where backups are, how often they are made and how many good ones are kept:

  store: { kind: sqlite, folder: store, backup: { folder: backups, every: 1h, keep: 3 } }   # every: never

Examples:
  engage backup make                       now, while everything goes on
  engage backup list                       with age and size
  engage backup check                      all of them, to the last byte
  engage backup restore                    the newest good one; the store node must be stopped
  engage backup restore 2026-11-30T07-55-00-000Z --into /srv/other/store
  engage backup acknowledge                what was found damaged has been read: the store is no longer degraded

Exit status: 0 done, 2 invalid input or usage, 4 the store node or a good backup was not to be had. What is restored, what is lost and
what a damaged file leads to: docs/backup.md.`;

export function addBackupCommand(program: Command): void {
  const backup = program.command('backup').description('backups of the embedded store of an installation');
  backup.addHelpText('after', EXAMPLES);
  withWhere(backup.command('make'))
    .description('a backup now, by the store node that runs')
    .action(async (where: Where) => {
      const made = (await askStoreNode(where.config, '/store/backups')) as Backup;
      say(where, made, () => [`${pc.green('made')} ${describeBackup(made)}`]);
    });
  withWhere(backup.command('list'))
    .description('the backups that there are, newest first')
    .action((where: Where) => list(where, false));
  withWhere(backup.command('check'))
    .description('reads every backup whole')
    .action((where: Where) => list(where, true));
  withWhere(backup.command('restore'))
    .description('puts a backup in the place of the store')
    .argument('[name]', 'a backup, as list names it; left out: the newest good one')
    .option('--into <folder>', "another folder than the store's, for a new instance")
    .action(restore);
  withWhere(backup.command('acknowledge'))
    .description('takes note of damage that was found')
    .action(async (where: Where) => {
      const { acknowledged } = (await askStoreNode(where.config, '/store/damage/acknowledge')) as {
        readonly acknowledged: readonly DamageReport[];
      };
      say(where, acknowledged, () => [describeDamage(acknowledged) ?? 'there was no damage']);
    });
}

function withWhere(command: Command): Command {
  return command
    .option('--config <file>', 'the configuration of the installation', ENGAGE_CONFIG_FILE)
    .option('--json', 'the answer, for machines')
    .addHelpText('after', EXAMPLES);
}

function filesOf(file: string): Files {
  const configFile = readConfigFile(file, false);
  optionsOf(configFile);
  const { store, nodes } = configFile.config;
  if (store.kind !== 'sqlite') {
    throw new OperatingError('INVALID_USAGE', `${file} has a store of kind ${store.kind}: backups are of kind sqlite`);
  }
  const folder = dirname(resolve(file));
  const node = nodes.find(({ role }) => role === 'store');
  return { store: resolve(folder, store.folder), plan: backupPlanOf(store, folder), node };
}

interface Listed extends Backup {
  /** What is wrong with it; null: nothing; absent: nobody has looked. */
  readonly fault?: string | null;
}

function list(where: Where, isChecked: boolean): void {
  const { plan, store } = filesOf(where.config);
  const backups: readonly Listed[] = listBackups(plan.folder).map((backup) =>
    isChecked ? { ...backup, fault: findBackupFault(plan.folder, backup) } : backup,
  );
  if (backups.some(({ fault }) => typeof fault === 'string')) process.exitCode = EXIT.unavailable;
  const damage = describeDamage(readDamage(store).filter(({ acknowledgedAt }) => acknowledgedAt === null));
  say(where, backups, () => [
    ...(backups.length === 0 ? [`no backup in ${plan.folder}`] : backups.map(describeBackup)),
    ...(damage === null ? [] : [pc.red(damage)]),
  ]);
}

async function restore(
  name: string | undefined,
  { into, ...where }: Where & { readonly into?: string },
): Promise<void> {
  const { plan, store, node } = filesOf(where.config);
  const backup = name === undefined ? newestGood(plan.folder) : named(plan.folder, name);
  if (backup === undefined) throw new OperatingError('UNAVAILABLE', `no backup in ${plan.folder} is good`);
  const folder = into === undefined ? store : resolve(into);
  if (folder === store && node !== undefined && (await listens(node))) {
    throw new OperatingError('CONFLICT', `${node.name} is running on these files: stop it first`);
  }
  try {
    mkdirSync(folder, { recursive: true });
    const aside = restoreBackup(plan.folder, backup, folder, Date.now());
    say(where, { backup, folder, aside }, () => [
      `${pc.green('restored')} ${describeBackup(backup)}`,
      `into ${folder}${aside.length === 0 ? '' : `; what was there is now ${aside.join(', ')}`}`,
    ]);
  } catch (error) {
    if (!isStoreFault(error)) throw error;
    throw new OperatingError('UNAVAILABLE', error.message);
  }
}

/** Throws NOT_FOUND for a name that no backup has, UNAVAILABLE for one that is not good. */
function named(folder: string, name: string): Backup {
  const found = listBackups(folder).find((backup) => backup.name === name);
  if (found === undefined) throw new OperatingError('NOT_FOUND', `there is no backup ${name} in ${folder}`);
  const fault = findBackupFault(folder, found);
  if (fault !== null) throw new OperatingError('UNAVAILABLE', `the backup ${name} is not good: ${fault}`);
  return found;
}

/** The answer of the store node, a node of this very version. Throws OperatingError for every answer but 200. */
async function askStoreNode(file: string, path: string): Promise<unknown> {
  const { node } = filesOf(file);
  const { secret } = readInstallation(file);
  if (node === undefined) throw new OperatingError('INVALID_INPUT', `${file} names no store node`);
  const url = `http://${node.host}:${node.port}`;
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(url + path, { method: 'POST', headers: { authorization: `Bearer ${secret}` } });
    answer = await response.json();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new OperatingError('UNAVAILABLE', `no store node answers at ${url}: ${cause}`);
  }
  if (response.ok) return answer;
  if (response.status === 401)
    throw new OperatingError('INVALID_USAGE', `the store node at ${url} knows another secret`);
  const { error } = answer as { readonly error?: { readonly message?: string } };
  throw new OperatingError('UNAVAILABLE', error?.message ?? `the store node at ${url} answered ${response.status}`);
}

/** Whether somebody takes connections there. */
function listens({ host, port }: NodeEntry): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const end = (answer: boolean): void => {
      socket.destroy();
      done(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

function describeBackup({ name, madeAt, bytes, fault }: Listed): string {
  const minutes = Math.max(0, Math.round((Date.now() - madeAt) / 60_000));
  const age = minutes < 120 ? `${minutes} min old` : `${Math.round(minutes / 60)} h old`;
  const checked = fault === undefined ? '' : fault === null ? `, ${pc.green('good')}` : `, ${pc.red(fault)}`;
  return `${name}  ${age}, ${(bytes / 1024 / 1024).toFixed(1)} MiB${checked}`;
}

function say(where: Where, answer: unknown, describe: () => readonly string[]): void {
  const text = where.json === true ? JSON.stringify(answer, null, 2) : describe().join('\n');
  process.stdout.write(`${text}\n`);
}

function isStoreFault(error: unknown): error is StoreFault {
  return error instanceof Error && 'fault' in error;
}
