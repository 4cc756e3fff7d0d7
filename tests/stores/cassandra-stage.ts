/** A real Cassandra for tests: a cluster of its own on free ports, in a folder of the system's, that ends with the tests whatever happens. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'cassandra-driver';
import type { HistorySettings } from '#ports/history.ts';
import type { CassandraChoice } from '#ports/store-choice.ts';
import type { HistoryStore, Stores } from '#ports/stores.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { quoteKeyspace, TABLES } from '#stores/cassandra/cassandra-schema.ts';
import { openCassandraStores } from '#stores/cassandra/cassandra-stores.ts';
import { layOutCluster, type CassandraOrder } from '#testbed/cassandra/cassandra-layout.ts';
import { findFreePorts } from '#testbed/cassandra/cassandra-ports.ts';
import { findJava, hasJars } from '#testbed/cassandra/cassandra-tools.ts';
import { LocalCassandra } from '#testbed/cassandra/local-cassandra.ts';
import { PROJECT_ROOT } from '#tests/house/project-files.ts';
import { findComponent } from '#tests/house/real-component.ts';
import type { OpenHistory } from './history-contract.ts';
import type { Opened, StoreKind } from './store-contract.ts';
import { storeSettings } from './store-settings.ts';

const LIB = join(PROJECT_ROOT, '.cassandra', 'lib');
const JAVA = findComponent(['java']);
const MAVEN = hasJars(LIB) ? JAVA : findComponent(['mvn']);
/** Why there can be no Cassandra here; null: there can. */
export const CASSANDRA_MISSING = JAVA.missing ?? MAVEN.missing ?? (await whyNoJava());
/** To end a suite's name with. */
export const WHY_SKIPPED = CASSANDRA_MISSING === null ? '' : ` (${CASSANDRA_MISSING})`;

/** A java of another version is none; in CI, which installs the right one, that is a failure. */
async function whyNoJava(): Promise<string | null> {
  try {
    await findJava();
    return null;
  } catch (error) {
    if (process.env['CI'] !== undefined || !(error instanceof OperatingError)) throw error;
    return error.message;
  }
}

export interface CassandraStage {
  readonly cluster: LocalCassandra;
  /** Of the cluster: a folder for each node in it. */
  readonly folder: string;
  /** A keyspace of the tests' own, which is not there yet. */
  readonly choice: CassandraChoice;
  /** From nothing until all nodes served and agreed. */
  readonly readySeconds: number;
  end(): Promise<void>;
}

export async function startCassandra(
  asked: Pick<CassandraOrder, 'nodes' | 'profile'> & { readonly dataCenters?: boolean },
): Promise<CassandraStage> {
  const folder = mkdtempSync(join(tmpdir(), 'cassandra-'));
  const ports = await findFreePorts();
  const order: CassandraOrder = { clusterName: 'Tests', dataCenters: false, heapMb: 384, ports, ...asked };
  const cluster = new LocalCassandra({ folder: join(folder, 'cluster'), lib: LIB });
  const startedAt = performance.now();
  const endTie = cluster.tieToThisProcess();
  try {
    await cluster.up(order, 'Base');
  } catch (error) {
    endTie();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const readySeconds = (performance.now() - startedAt) / 1_000;
  return {
    cluster,
    folder: join(folder, 'cluster'),
    readySeconds,
    choice: {
      kind: 'cassandra',
      contactPoints: layOutCluster(order).nodes.map(({ address }) => address),
      port: ports.native,
      keyspace: 'Tests',
      replication: layOutCluster(order).replication,
      write: 'QUORUM',
      read: 'QUORUM',
    },
    end: async () => {
      await Promise.all(layOutCluster(order).nodes.map(({ number }) => cluster.kill(number).catch(ignoreDead)));
      await cluster.down({ wipe: true });
      endTie();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ignoreDead(): void {
  // A test has killed it before.
}

/** Stores of a keyspace that each opening finds empty. */
export function cassandraKind(choice: () => CassandraChoice, runs: number): StoreKind {
  return { runs, open: (settings = storeSettings()) => openAfter(emptyTables(choice()), choice, settings) };
}

/** Histories of a keyspace that each opening finds empty. */
export function cassandraHistory(choice: () => CassandraChoice): OpenHistory {
  return (settings) => {
    const { stores } = cassandraKind(choice, 0).open(settings);
    const { history, operations } = stores;
    const close = (): void => {
      history.close();
      operations.close();
    };
    return new Proxy(history, {
      get: (target, method: keyof HistoryStore) => (method === 'close' ? close : target[method]),
    });
  };
}

function openAfter(before: Promise<unknown>, choice: () => CassandraChoice, settings: HistorySettings): Opened {
  const opening = before.then(() => openCassandraStores(choice(), settings));
  return {
    stores: openLater(opening),
    reopen: () =>
      openAfter(
        opening.then((stores) => {
          stores.history.close();
          stores.operations.close();
        }),
        choice,
        settings,
      ),
  };
}

async function emptyTables(choice: CassandraChoice): Promise<void> {
  const stores = await openCassandraStores(choice, storeSettings());
  const client = createClient(choice);
  try {
    for (const table of TABLES) await client.execute(`TRUNCATE ${quoteKeyspace(choice.keyspace)}.${table}`);
  } finally {
    await client.shutdown();
    stores.history.close();
    stores.operations.close();
  }
}

export function createClient({ contactPoints, port }: CassandraChoice, localDataCenter = 'datacenter1'): Client {
  return new Client({
    contactPoints: [...contactPoints],
    localDataCenter,
    protocolOptions: { port },
    socketOptions: { readTimeout: 60_000 },
  });
}

/** Stores whose every call waits until they are open: for those who open and ask at once. */
function openLater(opening: Promise<Stores>): Stores {
  const later = <K extends keyof Stores>(name: K): Stores[K] =>
    new Proxy({} as Stores[K], {
      get: (_target, method: string) => {
        // The one that answers at once: nothing is left to sweep in a Cassandra.
        if (method === 'sweep') return () => false;
        return (...params: unknown[]) =>
          opening.then((stores) => {
            const port = stores[name] as unknown as Record<string, (...params: unknown[]) => unknown>;
            return port[method]?.apply(stores[name], params);
          });
      },
    });
  return { history: later('history'), operations: later('operations') };
}
