/** What the contact center tells of itself: facts at once, figures ten times a second to the launcher, and /metrics. */
import type { ContactCenter } from '#core/contact-center.ts';
import type { OperationsRow } from '#core/effects.ts';
import type { Fact } from '#core/statistics/fact.ts';
import type { StatServer } from '#core/statistics/stat-server.ts';
import { NodeMetrics } from '#node/node-metrics.ts';
import type { NodeFrame } from '#node/run-node.ts';
import type { BackendLinks } from './backend-links.ts';
import { writeStatistics } from './statistics-metrics.ts';

const TELL_EVERY_MS = 100;

export class ContactCenterTelemetry {
  readonly #frame: NodeFrame;
  readonly #machine: ContactCenter;
  readonly #links: BackendLinks;
  readonly #metrics = new NodeMetrics();
  readonly #statistics: StatServer;
  readonly #timer: NodeJS.Timeout;

  constructor(frame: NodeFrame, machine: ContactCenter, links: BackendLinks, statistics: StatServer) {
    this.#frame = frame;
    this.#statistics = statistics;
    this.#machine = machine;
    this.#links = links;
    this.#metrics.gauge('engage_interactions_open', 'Interactions in Qualified and Engaged.', {}, () => {
      return machine.engagement.open;
    });
    this.#metrics.gauge('engage_interactions_standing', 'Ended interactions that are not stopped.', {}, () => {
      return machine.engagement.standing;
    });
    this.#metrics.gauge('engage_follow_ups_open', 'Follow-ups that wait.', {}, () => machine.engagement.followUps.open);
    this.#metrics.gauge('engage_contacts', 'Contacts in the contact store.', {}, () => machine.contacts.count);
    this.#metrics.gauge('engage_backends_connected', 'Backends with a link.', {}, () => links.connected);
    this.#timer = setInterval(() => this.tell([]), TELL_EVERY_MS).unref();
  }

  /** What the process finds in the store as it begins. */
  takeUp(rows: readonly OperationsRow[]): void {
    this.#statistics.takeUp(rows);
  }

  tell(facts: readonly Fact[]): void {
    for (const fact of facts) this.#statistics.observe(fact);
    const { engagement } = this.#machine;
    const counters = {
      interactionsOpen: engagement.open,
      interactionsStanding: engagement.standing,
      followUpsOpen: engagement.followUps.open,
      backendsConnected: this.#links.connected,
    };
    this.#frame.telemetry({ facts, counters });
  }

  render(): string {
    writeStatistics(this.#statistics.report(this.#frame.clock.now()), this.#metrics);
    return this.#metrics.render();
  }

  /** Tells the last figures. */
  close(): void {
    clearInterval(this.#timer);
    this.tell([]);
  }
}
