/** Four real nodes in two data centers, asked at every level in keyspaces of one and two replicas in each; what they answer as data. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, errors, policies, types } from 'cassandra-driver';
import { present } from '#core/assert.ts';
import type { CassandraNode } from '#testbed/cassandra/cassandra-layout.ts';
import { LEVELS } from '#stores/cassandra/cassandra-client.ts';
import { createKeyspaceStatement } from '#stores/cassandra/cassandra-schema.ts';
import type { CassandraStage } from './cassandra-stage.ts';
import {
  CENTER_LEVELS,
  CENTERS,
  countByCenter,
  holdersOf,
  type Answer,
  type ByCenter,
  type Center,
  type CenterLevel,
} from './center-levels.ts';

/** Rows (1,1), (1,2), (2,1) and (2,2) of the storage notes' table, section 2.6. */
export const LAYOUTS: readonly ByCenter[] = [
  { DC1: 1, DC2: 1 },
  { DC1: 1, DC2: 2 },
  { DC1: 2, DC2: 1 },
  { DC1: 2, DC2: 2 },
];
const KEYS = Array.from({ length: 24 }, (_, key) => key);
const NOTICED_MS_MAX = 60_000;
const LOOK_MS = 250;
/** Of a request that nodes that are up do not answer in time, as on a busy machine. */
const TRIES = 5;

export interface Observation {
  readonly replicas: ByCenter;
  readonly alive: ByCenter;
  readonly level: CenterLevel;
  /** Where the node was that was asked. */
  readonly from: Center;
  readonly kind: 'write' | 'read';
  readonly answer: Answer;
}

interface Key {
  readonly key: number;
  readonly replicas: ByCenter;
  readonly holders: readonly CassandraNode[];
}

export class CenterQuestions {
  readonly #stage: CassandraStage;
  readonly #client: Client;
  #keys: readonly Key[] = [];

  constructor(stage: CassandraStage) {
    this.#stage = stage;
    const { contactPoints, port } = stage.choice;
    this.#client = new Client({
      contactPoints: [...contactPoints],
      protocolOptions: { port },
      socketOptions: { readTimeout: 15_000, connectTimeout: 2_000 },
      encoding: { useBigIntAsLong: true },
      policies: {
        // Nodes of both data centers are asked, each one by name, and nobody else in its place.
        loadBalancing: new policies.loadBalancing.RoundRobinPolicy(),
        retry: new policies.retry.FallthroughRetryPolicy(),
        reconnection: new policies.reconnection.ConstantReconnectionPolicy(500),
      },
    });
  }

  /** While all nodes are up. */
  async prepare(): Promise<void> {
    const nodes = this.#nodes().map(({ node }) => node);
    const found: Key[] = [];
    for (const replicas of LAYOUTS) {
      const name = keyspaceOf(replicas);
      const replication = { strategy: 'NetworkTopologyStrategy', factors: replicas } as const;
      await this.#client.execute(createKeyspaceStatement(name, replication));
      await this.#client.execute(`CREATE TABLE "${name}".rows (key int PRIMARY KEY, value int)`);
      const options = { prepare: true, consistency: types.consistencies.all };
      for (const key of KEYS) {
        await this.#client.execute(`INSERT INTO "${name}".rows (key, value) VALUES (?, 0)`, [key], options);
        const row = (
          await this.#client.execute(`SELECT token(key) AS t FROM "${name}".rows WHERE key = ?`, [key], options)
        ).first();
        found.push({ key, replicas, holders: holdersOf(BigInt(String(row['t'])), nodes, replicas) });
      }
    }
    this.#keys = found;
  }

  /** Resolves when every node that runs counts as alive exactly those that run. */
  async untilNoticed(): Promise<void> {
    const endsAt = performance.now() + NOTICED_MS_MAX;
    const whole = { DC1: 2, DC2: 2 };
    const running = this.#nodes().filter(({ runs }) => runs);
    const all = this.#nodes().length;
    const expected: Answer = running.length === all ? 'served' : `${all} asked, ${running.length} alive`;
    for (const { node } of running) {
      for (;;) {
        const answer = await this.#ask(whole, 0, 'ALL', 'read', node).catch(String);
        if (answer === expected) break;
        if (performance.now() > endsAt) throw new Error(`${node.name} answers: ${answer}; awaited: ${expected}`);
        await sleep(LOOK_MS);
      }
    }
  }

  /** Every level, written and read, over a node of each data center that has one; of each layout a key for every loss there is. */
  async askAll(): Promise<readonly Observation[]> {
    const running = this.#nodes().flatMap(({ node, runs }) => (runs ? [node] : []));
    const observations: Observation[] = [];
    for (const { key, replicas, alive } of this.#oneOfEachLoss(running)) {
      for (const from of CENTERS) {
        const asked = running.find(({ dataCenter }) => dataCenter === from);
        if (asked === undefined) continue;
        for (const level of CENTER_LEVELS) {
          for (const kind of ['write', 'read'] as const) {
            const answer = await this.#ask(replicas, key, level, kind, asked);
            observations.push({ replicas, alive, level, from, kind, answer });
          }
        }
      }
    }
    return observations;
  }

  close(): Promise<void> {
    return this.#client.shutdown();
  }

  #oneOfEachLoss(running: readonly CassandraNode[]): readonly (Key & { readonly alive: ByCenter })[] {
    const names = new Set(running.map(({ name }) => name));
    const chosen = new Map<string, Key & { readonly alive: ByCenter }>();
    for (const each of this.#keys) {
      const alive = countByCenter(each.holders.filter(({ name }) => names.has(name)));
      const loss = JSON.stringify([each.replicas, alive]);
      if (!chosen.has(loss)) chosen.set(loss, { ...each, alive });
    }
    return [...chosen.values()];
  }

  async #ask(
    replicas: ByCenter,
    key: number,
    level: CenterLevel,
    kind: Observation['kind'],
    node: CassandraNode,
  ): Promise<Answer> {
    const table = `"${keyspaceOf(replicas)}".rows`;
    const query =
      kind === 'write' ? `UPDATE ${table} SET value = 1 WHERE key = ?` : `SELECT value FROM ${table} WHERE key = ?`;
    const host = present(this.#client.hosts.get(`${node.address}:${this.#stage.choice.port}`), node.name);
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#client.execute(query, [key], { prepare: true, consistency: LEVELS[level], host });
        return 'served';
      } catch (thrown) {
        const refusal = parseRefusal(thrown);
        if (refusal !== null) return refusal;
        if (tries >= TRIES) throw thrown;
        await sleep(LOOK_MS);
      }
    }
  }

  #nodes(): readonly { readonly node: CassandraNode; readonly runs: boolean }[] {
    return present(this.#stage.cluster.state(), 'cluster').nodes.map((node) => ({ node, runs: node.pid !== null }));
  }
}

function keyspaceOf({ DC1, DC2 }: ByCenter): string {
  return `Rows_${DC1}_${DC2}`;
}

/** Null: it was no refusal by arithmetic. */
function parseRefusal(thrown: unknown): Answer | null {
  if (!(thrown instanceof errors.ResponseError) || thrown.code !== types.responseErrorCodes.unavailableException)
    return null;
  // The driver tells them, but not its types.
  const { required, alive } = thrown as unknown as { readonly required: number; readonly alive: number };
  return `${required} asked, ${alive} alive`;
}
