/**
 * One node of a local Cassandra cluster as a process: its folder with configuration, data, log and the id of its process, by
 * which later commands find it again. The process outlives the command that started it.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatingError } from '#protocol/operating-error.ts';
import { listJavaArguments } from './cassandra-arguments.ts';
import type { CassandraLayout, CassandraNode, CassandraOrder } from './cassandra-layout.ts';
import { describeFailedStart, saysItServes } from './cassandra-log.ts';
import { renderCassandraYaml, renderLogback, renderRackFile, type NodeFolders } from './cassandra-yaml.ts';

const LOOK_EVERY_MS = 100;
/** From SIGTERM, on which it drains, to SIGKILL. */
const STOP_MS_MAX = 30_000;
const PID_FILE = 'node.pid';

export interface NodeTools {
  readonly java: string;
  readonly lib: string;
  readonly jamm: string;
}

export class CassandraProcess {
  readonly node: CassandraNode;
  /** Absolute. */
  readonly home: string;

  constructor(node: CassandraNode, clusterFolder: string) {
    this.node = node;
    this.home = join(clusterFolder, node.name);
  }

  /** Of the process that runs; null: none does. */
  get pid(): number | null {
    const file = join(this.home, PID_FILE);
    if (!existsSync(file)) return null;
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isSafeInteger(pid) && pid > 0 && this.#isOurs(pid) ? pid : null;
  }

  get log(): string {
    const file = this.#logFile;
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** MiB that the process holds in memory; null: it does not run, or this system does not tell. */
  get residentMb(): number | null {
    const { pid } = this;
    const status = pid === null ? '' : readProc(pid, 'status');
    const kb = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
    return kb === undefined ? null : Math.round(Number(kb) / 1024);
  }

  /** Starts the process; it serves later, see `untilServing`. */
  launch(order: CassandraOrder, layout: CassandraLayout, { java, lib, jamm }: NodeTools, folders: NodeFolders): void {
    this.#prepare(order, layout, folders);
    const output = openSync(this.#logFile, 'w');
    try {
      const child = spawn(java, [...listJavaArguments(order, { lib, jamm, home: this.home })], {
        cwd: this.home,
        detached: true,
        stdio: ['ignore', output, output],
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], LANG: 'C.UTF-8', MALLOC_ARENA_MAX: '4' },
      });
      child.on('error', (error) => writeFileSync(this.#logFile, `${error.message}\n`));
      child.unref();
      writeFileSync(join(this.home, PID_FILE), String(child.pid ?? 0));
    } finally {
      closeSync(output);
    }
  }

  /** Resolves when it listens to clients; rejects with UNAVAILABLE, saying why, when it ends or takes longer. */
  async untilServing(limitMs: number): Promise<void> {
    const endsAt = performance.now() + limitMs;
    while (!saysItServes(this.log)) {
      if (this.pid === null) throw this.#failure('ended before it served');
      if (performance.now() > endsAt) throw this.#failure(`does not serve after ${Math.round(limitMs / 1_000)} s`);
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** Lets it drain and end, and ends it where it does not. */
  async stop(): Promise<void> {
    const { pid } = this;
    if (pid === null) return;
    signal(pid, 'SIGTERM');
    if (!(await this.#ends(STOP_MS_MAX))) await this.kill();
    rmSync(join(this.home, PID_FILE), { force: true });
  }

  /** SIGKILL, sent before this returns; resolves when it is gone. `pid`: that of the process, where it has been looked up. */
  async kill(pid = this.pid): Promise<void> {
    if (pid === null) return;
    signal(pid, 'SIGKILL');
    await this.#ends(STOP_MS_MAX);
    rmSync(join(this.home, PID_FILE), { force: true });
  }

  async #ends(limitMs: number): Promise<boolean> {
    const endsAt = performance.now() + limitMs;
    while (this.pid !== null) {
      if (performance.now() > endsAt) return false;
      await sleep(LOOK_EVERY_MS);
    }
    return true;
  }

  get #logFile(): string {
    return join(this.home, 'logs', 'node.log');
  }

  #prepare(order: CassandraOrder, layout: CassandraLayout, folders: NodeFolders): void {
    const own = ['conf', 'logs', 'tmp', 'triggers'].map((name) => join(this.home, name));
    for (const folder of [...own, ...Object.values(folders)]) mkdirSync(folder, { recursive: true });
    const conf = (name: string): string => join(this.home, 'conf', name);
    writeFileSync(conf('cassandra.yaml'), renderCassandraYaml(order, layout, this.node, folders));
    writeFileSync(conf('cassandra-rackdc.properties'), renderRackFile(this.node));
    writeFileSync(conf('logback.xml'), renderLogback());
    if (existsSync(this.#logFile)) renameSync(this.#logFile, join(this.home, 'logs', 'before.log'));
  }

  #failure(what: string): OperatingError {
    return new OperatingError('UNAVAILABLE', `Cassandra's ${this.node.name} ${what}: ${describeFailedStart(this.log)}`);
  }

  /** A process of this id that is another's, or dead and not yet collected, does not count. */
  #isOurs(pid: number): boolean {
    if (process.platform !== 'linux') return isAlive(pid);
    return readProc(pid, 'cmdline').includes(`${this.home}/conf/`);
  }
}

function readProc(pid: number, name: 'cmdline' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    // It is gone: nothing is said of it.
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // There is no such process.
    return false;
  }
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It has ended by itself meanwhile.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
