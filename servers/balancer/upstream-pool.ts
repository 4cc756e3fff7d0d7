/**
 * The nodes of one cluster as the balancer sees them, and the choice among them: the sticky node while it is well, else the
 * healthy ones in turn. A node that answers but says that it is not ready gets traffic only when no other is better.
 */
import { Agent } from 'node:http';
import type { NodeAddress } from '#node/node-ipc.ts';
import { describeRouteCookie, type PoolName, type WantedNodes } from '#balancer/stickiness.ts';

/** `unready`: reachable, and its about says so or was not yet asked. */
export type NodeHealth = 'up' | 'unready' | 'down';

/** One node behind the balancer. `open` are the exchanges that go through it, each with how to end it. */
export class Upstream {
  readonly name: string;
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Keeps connections between requests, and gives one up before the node would (its `Keep-Alive` says when). */
  readonly agent = new Agent({ keepAlive: true, maxFreeSockets: 256, scheduling: 'lifo' });
  readonly open = new Set<() => void>();
  health: NodeHealth = 'unready';

  constructor(address: NodeAddress) {
    const url = new URL(address.url);
    this.name = address.name;
    this.url = address.url;
    this.host = url.hostname;
    this.port = Number(url.port);
  }

  /** Ends everything that goes through it: those who wait learn at once that they must go elsewhere. */
  cut(): void {
    for (const end of this.open) end();
    this.open.clear();
  }

  close(): void {
    this.cut();
    this.agent.destroy();
  }
}

/** `routeCookie`: to be set, where the client was not already bound to this node. */
export interface Choice {
  readonly upstream: Upstream;
  readonly routeCookie: string | undefined;
}

export class UpstreamPool {
  readonly name: PoolName;
  #upstreams: readonly Upstream[] = [];
  #turn = 0;

  constructor(name: PoolName) {
    this.name = name;
  }

  get upstreams(): readonly Upstream[] {
    return this.#upstreams;
  }

  /** Takes over who is there now; a node that kept name and address keeps its health and its connections. */
  setNodes(addresses: readonly NodeAddress[]): void {
    const before = this.#upstreams;
    this.#upstreams = addresses.map(
      (address) =>
        before.find(({ name, url }) => name === address.name && url === address.url) ?? new Upstream(address),
    );
    for (const upstream of before) if (!this.#upstreams.includes(upstream)) upstream.close();
  }

  /** The node for a request, or undefined when none can take it. `tried` are left out. */
  choose(wanted: WantedNodes, tried: ReadonlySet<string>): Choice | undefined {
    for (const health of ['up', 'unready'] as const) {
      const able = this.#upstreams.filter((upstream) => upstream.health === health && !tried.has(upstream.name));
      // The cookie of an earlier failover holds while the node that the page's alias names is away.
      const sticky = named(able, wanted.alias) ?? named(able, wanted.cookie);
      if (sticky !== undefined) return { upstream: sticky, routeCookie: undefined };
      const next = this.#nextInTurn(able);
      if (next === undefined) continue;
      return { upstream: next, routeCookie: describeRouteCookie(this.name, next.name) };
    }
    return undefined;
  }

  /** Round robin over all, from the one after the last chosen, so that nobody's turn is skipped while another is away. */
  #nextInTurn(able: readonly Upstream[]): Upstream | undefined {
    for (let step = 0; step < this.#upstreams.length; step += 1) {
      const index = (this.#turn + step) % this.#upstreams.length;
      const upstream = this.#upstreams[index];
      if (upstream === undefined || !able.includes(upstream)) continue;
      this.#turn = index + 1;
      return upstream;
    }
    return undefined;
  }

  close(): void {
    this.setNodes([]);
  }
}

function named(upstreams: readonly Upstream[], name: string | undefined): Upstream | undefined {
  return upstreams.find((upstream) => upstream.name === name);
}
