/** A balancer over small nodes, asked by plain HTTP requests; closed again after each test. */
import { request as openRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach } from 'vitest';
import { createBalancer, type Balancer, type BalancerLimits } from '#balancer/balancer-server.ts';
import type { NodeHealth } from '#balancer/upstream-pool.ts';
import { fixtureNodes, QUICK_LIMITS, type FixtureNode } from '#tests/balancer/fixture-nodes.ts';

export interface Stage {
  readonly balancer: Balancer;
  readonly frontends: readonly FixtureNode[];
  readonly backends: readonly FixtureNode[];
  /** Resolves when the balancer holds the node to be so. */
  becomes(node: string, health: NodeHealth): Promise<void>;
}

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** All nodes are up when it resolves. */
export async function createStage(
  counts: { readonly frontends?: number; readonly backends?: number } = {},
  limits: BalancerLimits = QUICK_LIMITS,
): Promise<Stage> {
  const frontends = await fixtureNodes('frontend', counts.frontends ?? 2);
  const backends = await fixtureNodes('backend', counts.backends ?? 2);
  const healths = new Map<string, NodeHealth>();
  const waiting = new Set<() => void>();
  const balancer = await createBalancer({
    identity: { name: 'balancer', role: 'balancer', incarnation: 1 },
    version: 'test',
    host: '127.0.0.1',
    port: 0,
    nodes: { frontends: frontends.map((node) => node.address), backends: backends.map((node) => node.address) },
    onHealth: (node, health) => {
      healths.set(node, health);
      for (const check of waiting) check();
    },
    limits,
  });
  open.push(
    () => balancer.close(0),
    async () => {
      await Promise.all([...frontends, ...backends].map((node) => node.close()));
    },
  );
  const becomes = (node: string, health: NodeHealth): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (healths.get(node) !== health) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  await Promise.all([...frontends, ...backends].map((node) => becomes(node.name, 'up')));
  return { balancer, frontends, backends, becomes };
}

export interface Answer {
  readonly status: number;
  readonly node: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request on a connection of its own. */
export function ask(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body = '' }: { method?: string; headers?: OutgoingHttpHeaders; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = openRequest({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      text(response).then((received) => {
        const node = response.headers['x-node'];
        resolve({
          status: response.statusCode ?? 0,
          node: typeof node === 'string' ? node : undefined,
          headers: response.headers,
          body: received,
        });
      }, reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}
