/** The process of the balancer: the reverse proxy in the frame of every node. It has no machine and keeps no journal. */
import { createBalancer } from '#balancer/balancer-server.ts';
import { runNode } from '#node/run-node.ts';
import description from '../../../package.json' with { type: 'json' };

/** How often the launcher is told, wall ms. */
const TELEMETRY_MS = 250;

runNode(async (config, { log, onPeers, telemetry }) => {
  const balancer = await createBalancer({
    identity: config,
    version: description.version,
    host: config.host,
    port: config.port,
    nodes: config.peers,
    onHealth: (node, health) => log.info({ peer: node, health }, 'health'),
  });
  onPeers((peers) => balancer.setNodes(peers));
  const telling = setInterval(() => telemetry({ facts: [], counters: balancer.counters() }), TELEMETRY_MS);
  return {
    port: balancer.port,
    stop: () => {
      clearInterval(telling);
      return balancer.close();
    },
  };
});
