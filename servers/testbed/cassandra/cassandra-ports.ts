/** Whether the addresses and ports of a cluster are to be had, found out before a node is started in vain. */
import { createServer } from 'node:net';
import { OperatingError } from '#protocol/operating-error.ts';
import type { CassandraNode, CassandraPorts } from './cassandra-layout.ts';

/** Throws PORT_IN_USE, or UNAVAILABLE where the address is none of this machine. */
export async function checkPorts(nodes: readonly CassandraNode[], ports: CassandraPorts): Promise<void> {
  for (const { name, address } of nodes) {
    for (const port of [ports.native, ports.storage]) {
      const code = await tryPort(address, port);
      if (code === null) continue;
      if (code === 'EADDRINUSE') {
        throw new OperatingError('PORT_IN_USE', `${name} can't listen on ${address}:${port}: it is in use`);
      }
      const hint = code === 'EADDRNOTAVAIL' ? `; on macOS: sudo ifconfig lo0 alias ${address}` : '';
      throw new OperatingError('UNAVAILABLE', `${name} can't listen on ${address}:${port}: ${code}${hint}`);
    }
  }
}

/** Null: it is free. */
function tryPort(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

/** Three ports that are free now at `address`, for clusters that must not meet others. */
export async function findFreePorts(address = '127.0.0.1'): Promise<CassandraPorts> {
  const servers = [createServer(), createServer(), createServer()];
  try {
    const [native = 0, storage = 0, sslStorage = 0] = await Promise.all(
      servers.map(
        (server) =>
          new Promise<number>((resolve, reject) => {
            server.once('error', reject);
            server.listen({ host: address, port: 0 }, () => {
              const bound = server.address();
              resolve(typeof bound === 'object' && bound !== null ? bound.port : 0);
            });
          }),
      ),
    );
    return { native, storage, sslStorage };
  } finally {
    for (const server of servers) server.close();
  }
}
