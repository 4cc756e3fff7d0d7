/** The entry point of the crowd's process: simulated people as real clients of the balancer, told about four times a second. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeConfig } from '#node/node-ipc.ts';
import { runNode, type NodeFrame, type StartedNode } from '#node/run-node.ts';
import { createStoreClient } from '#node/store-client.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { Crowd } from '#testbed/live/crowd-run.ts';

const TELEMETRY_MS = 250;
/** How long connections may take before the run begins without some of them, which then come later. */
const SETTLING_MS_MAX = 10_000;
const SETTLING_LOOK_MS = 20;

runNode(startCrowdNode);

async function startCrowdNode(config: NodeConfig, frame: NodeFrame): Promise<StartedNode> {
  const { scenario, folder, secret, peers, allowedOrigins } = config;
  if (config.incarnation > 1) {
    throw new OperatingError('NOT_SUPPORTED', 'a crowd that has ended can not go on: its people would begin anew');
  }
  if (peers.balancer === null) throw new OperatingError('UNAVAILABLE', 'the crowd needs a balancer to go to');
  const store = createStoreClient({ url: peers.store, secret, log: frame.log });
  const crowd = new Crowd({
    scenario,
    clock: frame.clock,
    url: peers.balancer,
    origin: allowedOrigins[0],
    store,
    folder,
    deskToken: secret,
  });
  frame.onPeers(({ balancer, store: storeUrl }) => {
    if (balancer !== null) crowd.setUrl(balancer);
    store.setUrl(storeUrl);
  });
  await crowd.start();
  await settle(crowd, frame);
  const tell = (): void => frame.telemetry({ facts: [], counters: crowd.counters() });
  tell();
  const telling = setInterval(tell, TELEMETRY_MS);
  return {
    port: 0,
    stop: async () => {
      clearInterval(telling);
      await crowd.stop();
      store.close();
      tell();
    },
  };
}

async function settle(crowd: Crowd, { log }: NodeFrame): Promise<void> {
  const untilMs = performance.now() + SETTLING_MS_MAX;
  while (!crowd.settled) {
    if (performance.now() > untilMs) {
      log.warn(crowd.counters(), 'not everyone is connected yet');
      return;
    }
    await sleep(SETTLING_LOOK_MS);
  }
}
