/**
 * A Cassandra cluster on this machine, for users and tests without a cluster of their own: real nodes, each in a Java process, on
 * 127.0.0.1 to 127.0.0.4. Its folder holds what was ordered and each node's files, so that every command finds it again.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { OperatingError } from '#protocol/operating-error.ts';
import { createKeyspace, untilAgreed, type RunningCluster } from './cassandra-agreement.ts';
import { layOutCluster, type CassandraLayout, type CassandraNode, type CassandraOrder } from './cassandra-layout.ts';
import { checkPorts } from './cassandra-ports.ts';
import { CassandraProcess, type NodeTools } from './cassandra-process.ts';
import { ensureJars, findJamm, findJava } from './cassandra-tools.ts';
import type { NodeFolders } from './cassandra-yaml.ts';

const SERVES_MS_MAX = 120_000;
const AGREES_MS_MAX = 60_000;
const ORDER_FILE = 'cluster.json';
const GUARD = 'read -r word || for file in "$0"/*/node.pid; do kill -KILL "$(cat "$file")"; done';

export interface LocalCassandraPlaces {
  /** Of this cluster. */
  readonly folder: string;
  /** Of the jars, which clusters share. */
  readonly lib: string;
  /** Where nodes keep their data, commit log and caches, a folder a node in each; absent: in the cluster's folder. */
  readonly data?: string | undefined;
  readonly commitLog?: string | undefined;
  readonly savedCaches?: string | undefined;
}

export interface LocalNodeState extends CassandraNode {
  /** Null: it does not run. */
  readonly pid: number | null;
  readonly residentMb: number | null;
}

export interface LocalClusterState {
  readonly order: CassandraOrder;
  readonly layout: CassandraLayout;
  readonly nodes: readonly LocalNodeState[];
}

export class LocalCassandra {
  readonly #places: LocalCassandraPlaces;
  readonly #say: (line: string) => void;

  /** `say` is told what goes on, a line at a time. */
  constructor(places: LocalCassandraPlaces, say: (line: string) => void = () => undefined) {
    this.#places = places;
    this.#say = say;
  }

  /** Null: there is none. */
  state(): LocalClusterState | null {
    const order = this.#order();
    if (order === null) return null;
    const layout = layOutCluster(order);
    const nodes = layout.nodes.map((node) => {
      const { pid, residentMb } = this.#process(node);
      return { ...node, pid, residentMb };
    });
    return { order, layout, nodes };
  }

  /**
   * Starts what does not run yet and makes the keyspace; resolves when all nodes serve and agree. On a failure nothing that was
   * started here keeps running. Throws CONFLICT where another cluster is in the folder.
   */
  async up(order: CassandraOrder, keyspace: string): Promise<LocalClusterState> {
    const before = this.#order();
    if (before !== null && !isDeepStrictEqual(before, order)) throw conflict(before);
    const layout = layOutCluster(order);
    const tools = await this.#findTools();
    const missing = layout.nodes.filter((node) => this.#process(node).pid === null);
    await checkPorts(missing, order.ports);
    mkdirSync(this.#places.folder, { recursive: true });
    writeFileSync(join(this.#places.folder, ORDER_FILE), `${JSON.stringify(order, null, 2)}\n`);
    try {
      // The first time one after the other: the ring comes into being with the first.
      if (before === null) for (const node of missing) await this.#startAll([node], order, layout, tools);
      else await this.#startAll(missing, order, layout, tools);
      const cluster = this.#running(order, layout);
      await untilAgreed(cluster, AGREES_MS_MAX);
      await createKeyspace(cluster, keyspace, layout.replication);
    } catch (error) {
      await Promise.all(missing.map((node) => this.#process(node).kill()));
      if (before === null) rmSync(this.#places.folder, { recursive: true, force: true });
      throw error;
    }
    return { order, layout, nodes: this.state()?.nodes ?? [] };
  }

  /** Starts one node again; resolves when it serves and agrees with those that run. */
  async start(number: number): Promise<void> {
    const { order, layout, node } = this.#find(number);
    const process = this.#process(node);
    if (process.pid !== null)
      throw new OperatingError('CONFLICT', `${node.name} runs already, as process ${process.pid}`);
    const tools = await this.#findTools();
    await checkPorts([node], order.ports);
    try {
      await this.#startAll([node], order, layout, tools);
      await untilAgreed(this.#running(order, layout), AGREES_MS_MAX);
    } catch (error) {
      await process.kill();
      throw error;
    }
  }

  /** SIGKILL: what a power cut leaves of a process. */
  async kill(number: number): Promise<void> {
    await this.killTogether([number]);
  }

  /**
   * Several at once, all of which must run: every process is found before the first is killed. Resolves when all are gone, with the
   * ms from the first signal to the last.
   */
  async killTogether(numbers: readonly number[]): Promise<number> {
    const found = numbers.map((number) => {
      const { node } = this.#find(number);
      const process = this.#process(node);
      const { pid } = process;
      if (pid === null) throw new OperatingError('CONFLICT', `${node.name} does not run`);
      return { process, pid };
    });
    const firstAt = performance.now();
    const ends = found.map(({ process, pid }) => process.kill(pid));
    const withinMs = performance.now() - firstAt;
    await Promise.all(ends);
    return withinMs;
  }

  /** Lets all nodes drain and end; `wipe`: and removes all that they hold. */
  async down({ wipe }: { readonly wipe: boolean }): Promise<void> {
    const state = this.state();
    if (state === null) return;
    await Promise.all(state.layout.nodes.map((node) => this.#process(node).stop()));
    if (!wipe) return;
    for (const node of state.layout.nodes) {
      for (const folder of Object.values(this.#foldersOf(node))) rmSync(folder, { recursive: true, force: true });
    }
    rmSync(this.#places.folder, { recursive: true, force: true });
  }

  /** From now on all nodes end at once when this process does, however it ends; for tests. Gives back how to let them live on. */
  tieToThisProcess(): () => void {
    // Waits on a pipe from us; when that breaks without a word, it ends whatever then runs.
    const guard = spawn('/bin/sh', ['-c', GUARD, this.#places.folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: process.env['PATH'] },
      detached: true,
    });
    guard.stdin.on('error', () => undefined);
    guard.unref();
    return () => void guard.stdin.end('released\n');
  }

  async #findTools(): Promise<NodeTools> {
    const { lib } = this.#places;
    const java = await findJava();
    await ensureJars(lib, this.#say);
    return { java, lib, jamm: findJamm(lib) };
  }

  async #startAll(
    nodes: readonly CassandraNode[],
    order: CassandraOrder,
    layout: CassandraLayout,
    tools: NodeTools,
  ): Promise<void> {
    const startedAt = performance.now();
    const all = nodes.map((node) => this.#process(node));
    for (const each of all) each.launch(order, layout, tools, this.#foldersOf(each.node));
    await Promise.all(
      all.map(async (each) => {
        await each.untilServing(SERVES_MS_MAX);
        const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
        const { name, address } = each.node;
        const memory = each.residentMb === null ? '' : `, ${each.residentMb} MiB of memory`;
        this.#say(`${name} serves at ${address}:${order.ports.native} after ${seconds} s${memory}`);
      }),
    );
  }

  #running({ ports }: CassandraOrder, { nodes }: CassandraLayout): RunningCluster {
    const running = nodes.filter((node) => this.#process(node).pid !== null);
    return { running, nodeCount: nodes.length, port: ports.native };
  }

  #find(number: number): { order: CassandraOrder; layout: CassandraLayout; node: CassandraNode } {
    const order = this.#order();
    if (order === null) throw new OperatingError('NOT_FOUND', 'there is no cluster here: up makes one');
    const layout = layOutCluster(order);
    const node = layout.nodes.find((each) => each.number === number);
    if (node !== undefined) return { order, layout, node };
    throw new OperatingError('NOT_FOUND', `there is no node ${number}: the cluster has ${layout.nodes.length}`);
  }

  #order(): CassandraOrder | null {
    const file = join(this.#places.folder, ORDER_FILE);
    // Written by this very class.
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as CassandraOrder) : null;
  }

  #process(node: CassandraNode): CassandraProcess {
    return new CassandraProcess(node, this.#places.folder);
  }

  #foldersOf({ name }: CassandraNode): NodeFolders {
    const { folder, data, commitLog, savedCaches } = this.#places;
    const own = join(folder, name);
    return {
      data: data === undefined ? join(own, 'data') : join(data, name),
      commitLog: commitLog === undefined ? join(own, 'commitlog') : join(commitLog, name),
      savedCaches: savedCaches === undefined ? join(own, 'saved_caches') : join(savedCaches, name),
      hints: join(own, 'hints'),
      changes: join(own, 'cdc_raw'),
    };
  }
}

function conflict({ nodes, profile, dataCenters }: CassandraOrder): OperatingError {
  const centers = dataCenters ? ' in two data centers' : '';
  return new OperatingError(
    'CONFLICT',
    `there is another cluster already: ${nodes} ${profile} node${nodes === 1 ? '' : 's'}${centers}; down --wipe removes it with its data`,
  );
}
