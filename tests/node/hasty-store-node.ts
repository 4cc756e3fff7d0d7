/** A store node that acknowledges before it commits: what the checker of the kill drill must catch. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runNode } from '#node/run-node.ts';
import { createStoreServer } from '#node/store-server.ts';
import type { Stores } from '#ports/stores.ts';
import { openSqliteStores } from '#stores/sqlite/sqlite-stores.ts';
import { delegateHistory } from '#tests/stores/delegated-history.ts';
import { storeSettings } from '#tests/stores/store-settings.ts';

const HASTE_MS = 30;

function forget(): void {
  // It has acknowledged them long ago.
}

runNode(async (config) => {
  const { history, operations } = openSqliteStores(config.folder, storeSettings());
  const hasty: Stores = {
    operations,
    history: delegateHistory(history, {
      put: (batches) => {
        setTimeout(() => history.put(batches).catch(forget), HASTE_MS);
        return Promise.resolve();
      },
    }),
  };
  const server = createServer().listen(config.port, config.host);
  createStoreServer({ server, secret: config.secret, stores: hasty });
  await new Promise((resolve) => server.once('listening', resolve));
  return { port: (server.address() as AddressInfo).port, stop: () => Promise.resolve() };
});
