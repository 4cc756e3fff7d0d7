/** What the balancer counts of its work, as metrics of a node. */
import { NodeMetrics } from '#node/node-metrics.ts';
import type { UpstreamPool } from '#balancer/upstream-pool.ts';

export class BalancerCounts {
  readonly #metrics = new NodeMetrics();
  readonly #failovers = this.#metrics.counter('balancer_failovers_total', 'Requests tried on a second node.');
  upgradesOpen = 0;
  /** Answers of nodes passed on, and requests answered here, since the start. */
  answers = 0;
  refusals = 0;

  constructor() {
    this.#metrics.gauge('balancer_upgrades_open', 'WebSockets that are joined now.', {}, () => this.upgradesOpen);
  }

  /** Each node's health and load are read when they are asked for; a node that has gone counts as not up. */
  watch(pool: UpstreamPool): void {
    for (const { name: node } of pool.upstreams) {
      const find = (): UpstreamPool['upstreams'][number] | undefined =>
        pool.upstreams.find(({ name }) => name === node);
      const isUp = (): number => Number(find()?.health === 'up');
      this.#metrics.gauge('balancer_node_up', 'Whether the node gets traffic.', { node }, isUp);
      this.#metrics.gauge(
        'balancer_exchanges_open',
        'What goes on with the node now.',
        { node },
        () => find()?.open.size ?? 0,
      );
    }
  }

  failedOver(): void {
    this.#failovers.add();
  }

  answered(node: string, status: number): void {
    this.answers += 1;
    const labels = { node, status: `${Math.floor(status / 100)}xx` };
    this.#metrics.counter('balancer_answers_total', 'Answers of nodes that were passed on.', labels).add();
  }

  refused(status: number): void {
    this.refusals += 1;
    const labels = { status: String(status) };
    this.#metrics.counter('balancer_refusals_total', 'Requests that the balancer answered itself.', labels).add();
  }

  render(): string {
    return this.#metrics.render();
  }
}
