/** What the contact center tells of itself: facts at once, figures ten times a second to the launcher, and /metrics. */
import type { ContactCenter } from '#core/contact-center.ts';
import type { Fact } from '#core/statistics/fact.ts';
import { NodeMetrics } from '#node/node-metrics.ts';
import type { NodeFrame } from '#node/run-node.ts';
import type { BackendLinks } from './backend-links.ts';

const TELL_EVERY_MS = 100;

export class ContactCenterTelemetry {
  readonly #frame: NodeFrame;
  readonly #machine: ContactCenter;
  readonly #links: BackendLinks;
  readonly #metrics = new NodeMetrics();
  readonly #timer: NodeJS.Timeout;

  constructor(frame: NodeFrame, machine: ContactCenter, links: BackendLinks) {
    this.#frame = frame;
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

  tell(facts: readonly Fact[]): void {
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
    return this.#metrics.render();
  }

  /** Tells the last figures. */
  close(): void {
    clearInterval(this.#timer);
    this.tell([]);
  }
}
