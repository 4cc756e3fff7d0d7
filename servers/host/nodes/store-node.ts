/** The store node's process: owns the history and the operations store, or the way to the Cassandra that does, and serves them to the other nodes. */
import { addAbout, NodeAbout } from '#node/node-about.ts';
import { createHttpApp } from '#node/http-limits.ts';
import { METRICS_CONTENT_TYPE, NodeMetrics } from '#node/node-metrics.ts';
import type { NodeConfig } from '#node/node-ipc.ts';
import { readHistorySettings } from '#node/read-history-settings.ts';
import { optionsOf } from '#node/read-settings.ts';
import { runNode, type NodeFrame, type StartedNode } from '#node/run-node.ts';
import { createStoreServer, type StoreCounters } from '#node/store-server.ts';
import type { Stores } from '#ports/stores.ts';
import { createMemoryStores } from '#stores/memory/memory-stores.ts';
import { openSqliteStores } from '#stores/sqlite/sqlite-stores.ts';
import description from '../../../package.json' with { type: 'json' };

const TELEMETRY_MS = 500;

runNode(startStoreNode);

async function startStoreNode(config: NodeConfig, frame: NodeFrame): Promise<StartedNode> {
  const about = new NodeAbout(config, description.version);
  about.report('history', null);
  about.report('operations', null);
  const stores = await openStores(config, frame);
  const app = createHttpApp(frame.log);
  const store = createStoreServer({
    server: app.server,
    secret: config.secret,
    stores,
    onFault: (name, fault) => {
      if (fault === null) frame.log.info({ store: name }, 'works again');
      else frame.log.error({ store: name, ...fault }, 'can not store');
      about.report(name, fault === null ? null : `${fault.fault}: ${fault.message}`);
    },
  });
  addAbout(app, '/store/about', about);
  const metrics = describeMetrics(() => store.counters);
  app.get('/metrics', (_request, reply) => reply.type(METRICS_CONTENT_TYPE).send(metrics.render()));
  const address = await app.listen({ host: config.host, port: config.port });
  const telling = setInterval(() => frame.telemetry({ facts: [], counters: store.counters }), TELEMETRY_MS);
  return {
    port: Number(new URL(address).port),
    stop: async () => {
      clearInterval(telling);
      await store.close();
      await app.close();
    },
  };
}

async function openStores({ store, folder, scenario }: NodeConfig, { clock }: NodeFrame): Promise<Stores> {
  const settings = readHistorySettings(optionsOf(scenario), { wallMs: Date.now, domainMs: () => clock.now() });
  if (store === 'memory') return createMemoryStores(settings);
  if (store === 'sqlite') return openSqliteStores(folder, settings);
  // Its driver is loaded for those who use it.
  const { openCassandraStores } = await import('#stores/cassandra/cassandra-stores.ts');
  return openCassandraStores(store, settings);
}

function describeMetrics(counters: () => StoreCounters): NodeMetrics {
  const metrics = new NodeMetrics();
  const add = (name: string, help: string, store: string, counter: keyof StoreCounters): void =>
    void metrics.gauge(name, help, { store }, () => counters()[counter]);
  add('store_rows', 'Rows put since the start.', 'history', 'historyRows');
  add('store_rows', 'Rows put since the start.', 'operations', 'operationsRows');
  add('store_commits', 'Transactions since the start.', 'history', 'historyCommits');
  add('store_commits', 'Transactions since the start.', 'operations', 'operationsCommits');
  add('store_waiting_rows', 'Rows that wait for a transaction.', 'history', 'historyWaiting');
  add('store_waiting_rows', 'Rows that wait for a transaction.', 'operations', 'operationsWaiting');
  return metrics;
}
