/** A node process to try the frame of all nodes on: tells what it is told, and breaks in the ways that its orders name. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OperatingError } from '#protocol/operating-error.ts';
import { runNode } from '#node/run-node.ts';

runNode(async (config, { log, clock, timers, telemetry, onPeers }) => {
  if (config.name === 'refusing') throw new OperatingError('PORT_IN_USE', 'port 1 is in use');
  log.info({ config }, 'configured');
  const server = createServer().listen(config.port, config.host);
  await new Promise((resolve) => server.once('listening', resolve));
  onPeers(({ balancer }) => {
    if (balancer === 'bug') setImmediate(() => JSON.parse('a bug'));
    else if (balancer === 'rejection') void Promise.reject(new Error('nobody waits for this'));
    else telemetry({ facts: [], counters: { [balancer ?? 'none']: 1 } });
  });
  clock.onChange(() => telemetry({ facts: [], counters: { paused: clock.paused ? 1 : 0 } }));
  timers.at(Number.MAX_SAFE_INTEGER, () => undefined);
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      telemetry({ facts: [], counters: { stopping: 1 } });
      await new Promise((resolve) => server.close(resolve));
    },
  };
});
