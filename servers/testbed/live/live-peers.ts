/**
 * Who finds whom where. With proxies each pair (from, to) has a TCP proxy of its own, so that one node can be cut off from all
 * others, or slowed, without touching anybody else's connections.
 */
import type { NodeAddress, NodeRole, Peers } from '#node/node-ipc.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { createTcpProxy, type TcpProxy } from '#testbed/live/tcp-proxy.ts';

/** Clients that are no node of the cluster: the crowd apart, which is one. */
export const OUTSIDE = 'outside';

/** A node that serves. */
export interface ServingNode {
  readonly name: string;
  readonly role: NodeRole;
  readonly port: number;
}

/** How a partition looks to the others: silence, or connections that are reset and refused. */
export type PartitionKind = 'blackhole' | 'reset';

export class LivePeers {
  readonly #proxied: boolean;
  /** By `from>to`. */
  readonly #proxies = new Map<string, { readonly from: string; readonly to: string; readonly proxy: TcpProxy }>();
  readonly #slowedMs = new Map<string, number>();
  readonly #cut = new Map<string, PartitionKind>();

  constructor(proxied: boolean) {
    this.#proxied = proxied;
  }

  /** The peers as `from` is to reach them. */
  async peersOf(from: string, serving: readonly ServingNode[]): Promise<Peers> {
    const addresses = await Promise.all(
      serving
        .filter(({ name, role }) => name !== from && role !== 'crowd')
        .map(async (to) => ({ name: to.name, role: to.role, url: await this.urlOf(from, to) })),
    );
    const one = (role: NodeRole): string | null => addresses.find((it) => it.role === role)?.url ?? null;
    const all = (role: NodeRole): readonly NodeAddress[] =>
      addresses.filter((it) => it.role === role).map(({ name, url }) => ({ name, url }));
    return {
      store: one('store'),
      contactCenter: one('contactCenter'),
      backends: all('backend'),
      frontends: all('frontend'),
      balancer: one('balancer'),
    };
  }

  /** `http://127.0.0.1:port` of `to` as `from` reaches it. */
  async urlOf(from: string, to: ServingNode): Promise<string> {
    const port = this.#proxied ? await this.#proxyPort(from, to) : to.port;
    return `http://127.0.0.1:${port}`;
  }

  async #proxyPort(from: string, to: ServingNode): Promise<number> {
    const key = `${from}>${to.name}`;
    const known = this.#proxies.get(key);
    if (known !== undefined) {
      known.proxy.setTarget(to.port);
      return known.proxy.port;
    }
    const proxy = await createTcpProxy({ targetPort: to.port });
    // Two may have asked at once: the first stays.
    const first = this.#proxies.get(key);
    if (first !== undefined) {
      await proxy.close();
      return first.proxy.port;
    }
    const pair = { from, to: to.name, proxy };
    this.#proxies.set(key, pair);
    this.#apply(pair);
    return proxy.port;
  }

  /** Adds `latencyMs` each way to all connections of `node`; 0: no more. */
  slow(node: string, latencyMs: number): void {
    this.#requireProxies('slow');
    if (latencyMs === 0) this.#slowedMs.delete(node);
    else this.#slowedMs.set(node, latencyMs);
    this.#applyAround(node);
  }

  /** Cuts `node` off from all others, in both directions. */
  partition(node: string, kind: PartitionKind): void {
    this.#requireProxies('partition');
    this.#cut.set(node, kind);
    this.#applyAround(node);
    if (kind === 'reset') this.#resetAround(node);
  }

  /** Ends a partition; what a blackhole held back is carried on, as TCP does when a network comes back. */
  heal(node: string): void {
    if (this.#cut.delete(node)) this.#applyAround(node);
  }

  slowedMs(node: string): number {
    return this.#slowedMs.get(node) ?? 0;
  }

  isCut(node: string): boolean {
    return this.#cut.has(node);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#proxies.values()].map(({ proxy }) => proxy.close()));
    this.#proxies.clear();
  }

  #around(node: string): { readonly from: string; readonly to: string; readonly proxy: TcpProxy }[] {
    return [...this.#proxies.values()].filter(({ from, to }) => from === node || to === node);
  }

  #applyAround(node: string): void {
    for (const pair of this.#around(node)) this.#apply(pair);
  }

  #resetAround(node: string): void {
    for (const { proxy } of this.#around(node)) proxy.reset();
  }

  #apply({ from, to, proxy }: { readonly from: string; readonly to: string; readonly proxy: TcpProxy }): void {
    const cuts = [this.#cut.get(from), this.#cut.get(to)];
    proxy.set({
      latencyMs: this.slowedMs(from) + this.slowedMs(to),
      blackhole: cuts.includes('blackhole'),
      refuse: cuts.includes('reset'),
    });
  }

  #requireProxies(what: string): void {
    if (!this.#proxied)
      throw new OperatingError('NOT_SUPPORTED', `${what} needs a cluster with proxies between its nodes`);
  }
}
