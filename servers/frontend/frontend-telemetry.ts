/** What a Frontend tells of itself: facts at once, figures ten times a second to the launcher, and /metrics. */
import type { FrontendNode } from '#core/frontend-node.ts';
import type { Fact } from '#core/statistics/fact.ts';
import { NodeMetrics, type Counter } from '#node/node-metrics.ts';
import type { NodeFrame } from '#node/run-node.ts';
import type { IntakeRequests } from './intake-requests.ts';
import type { VisitNotices } from './visit-notices.ts';

const TELL_EVERY_MS = 100;

export class FrontendTelemetry {
  readonly #frame: NodeFrame;
  readonly #machine: FrontendNode;
  readonly #metrics = new NodeMetrics();
  readonly #byStatus = new Map<number, Counter>();
  readonly #timer: NodeJS.Timeout;

  constructor(frame: NodeFrame, machine: FrontendNode, requests: IntakeRequests, notices: VisitNotices) {
    this.#frame = frame;
    this.#machine = machine;
    const gauges: readonly [string, string, () => number][] = [
      ['engage_visits_started', 'Visits started here since the start of the node.', () => machine.visitsStarted],
      ['engage_page_views', 'Pages entered here since the start of the node.', () => machine.pageViews],
      ['engage_events', 'Events taken in since the start of the node.', () => machine.events],
      ['engage_requests_refused', 'Requests whose events the store refused.', () => machine.refusedRequests],
      ['engage_visits_owned', 'Visits that this node owns.', () => machine.visitsOwned],
      ['engage_requests_waiting', 'Requests that wait for their answer.', () => requests.waiting],
      ['engage_rules_version', 'Version of the rules that events are stamped under.', () => machine.rulesVersion],
      ['engage_rules_fence_up', '1 while nothing is stamped, 0 otherwise.', () => Number(machine.fence !== 'open')],
      ['engage_rules_queued', 'Requests that wait behind the fence.', () => machine.queuedRequests],
      ['engage_browsers_connected', 'Bayeux sessions of browsers.', () => notices.sessions],
    ];
    for (const [name, help, read] of gauges) this.#metrics.gauge(name, help, {}, read);
    this.#timer = setInterval(() => this.tell([]), TELL_EVERY_MS).unref();
  }

  /** An intake request was answered. */
  answered(statusCode: number): void {
    let counter = this.#byStatus.get(statusCode);
    if (counter === undefined) {
      const help = 'Intake requests answered, by status.';
      counter = this.#metrics.counter('engage_requests_total', help, { status: String(statusCode) });
      this.#byStatus.set(statusCode, counter);
    }
    counter.add();
  }

  tell(facts: readonly Fact[]): void {
    this.#frame.telemetry({ facts, counters: this.#counters() });
  }

  render(): string {
    return this.#metrics.render();
  }

  /** Tells the last figures. */
  close(): void {
    clearInterval(this.#timer);
    this.tell([]);
  }

  #counters(): Readonly<Record<string, number>> {
    const { visitsStarted, pageViews, events, refusedRequests, visitsOwned } = this.#machine;
    const counters: Record<string, number> = { visitsStarted, pageViews, events, refusedRequests, visitsOwned };
    for (const [statusCode, counter] of this.#byStatus) counters[`requests${statusCode}`] = counter.value;
    return counters;
  }
}
