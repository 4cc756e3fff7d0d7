/** What a Backend tells of itself: facts at once, figures ten times a second to the launcher, and /metrics. */
import type { BackendNode } from '#core/backend-node.ts';
import type { Fact } from '#core/statistics/fact.ts';
import { NodeMetrics } from '#node/node-metrics.ts';
import type { NodeFrame } from '#node/run-node.ts';
import type { ClientChannels } from './client-channels.ts';

const TELL_EVERY_MS = 100;

export class BackendTelemetry {
  readonly #frame: NodeFrame;
  readonly #machine: BackendNode;
  readonly #metrics = new NodeMetrics();
  readonly #timer: NodeJS.Timeout;

  constructor(frame: NodeFrame, machine: BackendNode, clients: ClientChannels) {
    this.#frame = frame;
    this.#machine = machine;
    const gauges: readonly [string, string, () => number][] = [
      ['engage_batches', 'Batches asked to be stored since the start of the node.', () => machine.batches],
      ['engage_events', 'Events asked to be stored since the start of the node.', () => machine.events],
      ['engage_batches_refused', 'Batches that the store refused.', () => machine.refusedBatches],
      ['engage_chats_refreshed', 'Chats whose visitors are shown what is said at refreshes.', () => machine.chats.open],
      ['engage_chat_lines_held', 'Lines that wait for a refresh of their chat.', () => machine.chats.held],
      ['engage_chat_requests', 'Chats asked for since the start of the node.', () => machine.chats.requests],
      ['engage_chat_requests_timed_out', 'Of them without an answer in time.', () => machine.chats.timeouts],
      ['engage_clients_connected', 'Bayeux sessions of browsers and desks.', () => clients.sessions],
    ];
    for (const [name, help, read] of gauges) this.#metrics.gauge(name, help, {}, read);
    this.#timer = setInterval(() => this.tell([]), TELL_EVERY_MS).unref();
  }

  tell(facts: readonly Fact[]): void {
    const { batches, events, refusedBatches } = this.#machine;
    this.#frame.telemetry({ facts, counters: { batches, events, refusedBatches } });
  }

  render(): string {
    return this.#metrics.render();
  }

  /** Tells the last figures. */
  close(): void {
    clearInterval(this.#timer);
    this.tell([]);
  }
}
