/** The store node's process: owns the history and the operations store, or the way to the Cassandra that does, and serves them to the other nodes. */
import { addAbout, NodeAbout } from '#node/node-about.ts';
import { createHttpApp } from '#node/http-limits.ts';
import { METRICS_CONTENT_TYPE, NodeMetrics } from '#node/node-metrics.ts';
import type { NodeConfig } from '#node/node-ipc.ts';
import { readHistorySettings } from '#node/read-history-settings.ts';
import { optionsOf } from '#node/read-settings.ts';
import { runNode, type NodeFrame, type StartedNode } from '#node/run-node.ts';
import { describeDamage, StoreBackups } from '#node/store-backups.ts';
import { createStoreServer, type StoreCounters, type StoreServer } from '#node/store-server.ts';
import type { DamageReport, StoreKeeper } from '#ports/backups.ts';
import type { Stores } from '#ports/stores.ts';
import { createMemoryStores } from '#stores/memory/memory-stores.ts';
import { listBackups } from '#stores/sqlite/backup-folder.ts';
import { openGuardedStores } from '#stores/sqlite/guarded-stores.ts';
import description from '../../../package.json' with { type: 'json' };

const TELEMETRY_MS = 500;

runNode(startStoreNode);

async function startStoreNode(config: NodeConfig, frame: NodeFrame): Promise<StartedNode> {
  const about = new NodeAbout(config, description.version);
  about.report('history', null);
  about.report('operations', null);
  let server: StoreServer | undefined;
  let backups: StoreBackups | undefined;
  const { stores, keeper } = await openStores(config, frame, (report) => {
    frame.log.error({ report }, 'a damaged file was replaced');
    // At the opening there is nobody to tell yet.
    server?.hangUp();
    backups?.tellDamage();
  });
  const app = createHttpApp(frame.log);
  server = createStoreServer({
    server: app.server,
    secret: config.secret,
    stores,
    onFault: (name, fault) => {
      if (fault === null) frame.log.info({ store: name }, 'works again');
      else frame.log.error({ store: name, ...fault }, 'can not store');
      about.report(name, fault === null ? null : `${fault.fault}: ${fault.message}`);
    },
    ...(keeper === null ? {} : { lineage: () => keeper.lineage, degraded: () => describeDamage(keeper.damage) }),
  });
  const store = server;
  const metrics = describeMetrics(() => store.counters);
  if (keeper !== null) {
    backups = keepBackups(config, frame, { keeper, about, server });
    backups.addRoutes(app, config.secret);
    backups.addMetrics(metrics);
  }
  addAbout(app, '/store/about', about);
  app.get('/metrics', (_request, reply) => reply.type(METRICS_CONTENT_TYPE).send(metrics.render()));
  const address = await app.listen({ host: config.host, port: config.port });
  const telling = setInterval(() => frame.telemetry({ facts: [], counters: store.counters }), TELEMETRY_MS);
  return {
    port: Number(new URL(address).port),
    stop: async () => {
      clearInterval(telling);
      await backups?.stop();
      await store.close();
      await app.close();
    },
  };
}

interface OpenedStores {
  readonly stores: Stores;
  /** Null: they look after themselves. */
  readonly keeper: StoreKeeper | null;
}

async function openStores(
  { store, folder, scenario, backups }: NodeConfig,
  { clock }: NodeFrame,
  onDamage: (report: DamageReport) => void,
): Promise<OpenedStores> {
  const settings = readHistorySettings(optionsOf(scenario), { wallMs: Date.now, domainMs: () => clock.now() });
  if (store === 'memory') return { stores: createMemoryStores(settings), keeper: null };
  if (store === 'sqlite') {
    const { keeper, ...stores } = openGuardedStores({ folder, settings, backups: backups ?? null, onDamage });
    return { stores, keeper };
  }
  // Its driver is loaded for those who use it.
  const { openCassandraStores } = await import('#stores/cassandra/cassandra-stores.ts');
  return { stores: await openCassandraStores(store, settings), keeper: null };
}

function keepBackups(
  { backups: plan }: NodeConfig,
  { log }: NodeFrame,
  { keeper, about, server }: { readonly keeper: StoreKeeper; readonly about: NodeAbout; readonly server: StoreServer },
): StoreBackups {
  if (plan !== undefined) about.report('backups', null);
  const backups = new StoreBackups({
    keeper,
    plan,
    newestAt: plan === undefined ? null : (listBackups(plan.folder)[0]?.madeAt ?? null),
    notify: (notice) => server.notify(notice),
    onDamage: (reports) => {
      for (const name of ['history', 'operations'])
        about.degrade(name, describeDamage(reports.filter(({ file }) => file.startsWith(name))));
    },
    onBackup: (failure) => about.degrade('backups', failure),
    log,
  });
  // What an earlier life has found.
  backups.tellDamage();
  return backups;
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
