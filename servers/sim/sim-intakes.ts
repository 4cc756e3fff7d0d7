/**
 * The browsers' side of the intake: where a visit's requests go, and what a browser does that gets no answer or a refusal:
 * it sends the same events again, so that nothing is lost and nothing is doubled.
 */
import { present } from '#core/assert.ts';
import type { FrontendNode } from '#core/frontend-node.ts';
import type { Disposition, Intake } from '#core/messages.ts';
import type { BrowserEvent, VisitEvent } from '#core/visits/event.ts';
import type { Kernel } from './kernel.ts';
import type { LatencyProfile } from './latency.ts';
import type { SimNetwork } from './sim-network.ts';
import type { SimNode } from './sim-node.ts';

/** After a refusal, as Retry-After says, us. */
const RETRY_AFTER_US = 1_000_000;
/** Refusals after which a browser gives a request up. */
const REFUSALS_MAX = 60;
/** A browser keeps a connection for notifications that says nothing for so long, though its requests go elsewhere by then, us. */
const LISTENING_SILENCE_US = 15_000_000;

interface OpenRequest {
  readonly intake: Intake;
  /** Where it is; undefined: on its way. */
  at: SimNode<unknown> | undefined;
  refusals: number;
}

export class SimIntakes {
  acknowledged = 0;
  dropped = 0;
  readonly #kernel: Kernel;
  readonly #network: SimNetwork;
  readonly #latency: LatencyProfile;
  readonly #expectsFaults: boolean;
  /** Kept when the visitor has gone: his last events are on their way, or sent again. */
  readonly #homes = new Map<string, SimNode<FrontendNode>>();
  /** Where faults are expected. */
  readonly #open = new Map<number, OpenRequest>();
  /** Until when a browser listens to a Frontend that hangs while its visit is at another one, us. */
  readonly #deafUntilUs = new Map<string, number>();
  #requests = 0;
  #visitsPlaced = 0;

  constructor(kernel: Kernel, network: SimNetwork, latency: LatencyProfile, expectsFaults: boolean) {
    this.#kernel = kernel;
    this.#network = network;
    this.#latency = latency;
    this.#expectsFaults = expectsFaults;
  }

  get underWay(): number {
    return this.#requests - this.acknowledged - this.dropped;
  }

  post(visitID: string, event: BrowserEvent, past: readonly VisitEvent[] | undefined): void {
    this.#requests += 1;
    const requestId = this.#requests;
    const intake: Intake = { type: 'intake', requestId, visitID, events: [event], sentAt: event.timestamp, past };
    if (this.#expectsFaults) {
      this.#open.set(requestId, { intake, at: undefined, refusals: 0 });
      if (past !== undefined) this.#network.store.knowPast(visitID, past);
    }
    this.#schedule(0, this.#arrives, intake);
  }

  postDisposition(message: Disposition): void {
    this.#schedule(0, this.#dispositionArrives, message);
  }

  answered(requestId: number, stored: boolean): void {
    if (stored && !this.#expectsFaults) {
      this.acknowledged += 1;
      return;
    }
    const request = this.#open.get(requestId);
    // A request that was sent again may be answered twice.
    if (request === undefined) return;
    if (stored) {
      this.acknowledged += 1;
      this.#open.delete(requestId);
      return;
    }
    request.at = undefined;
    request.refusals += 1;
    if (request.refusals <= REFUSALS_MAX) {
      this.#schedule(RETRY_AFTER_US, this.#arrives, request.intake);
      return;
    }
    this.dropped += 1;
    this.#open.delete(requestId);
  }

  /** What a Frontend has not answered when it goes is sent again, elsewhere or to its next life. */
  sendAgain(frontend: SimNode<unknown>): void {
    for (const { intake, at } of this.#open.values()) {
      if (at === frontend) this.#schedule(0, this.#arrives, intake);
    }
  }

  /** Whether the browser's notifications come from this Frontend. */
  isAt(visitID: string, frontend: string): boolean {
    if ((this.#deafUntilUs.get(visitID) ?? 0) > this.#kernel.nowUs) return false;
    return this.#homeOf(visitID)?.name === frontend;
  }

  #homeOf(visitID: string): SimNode<FrontendNode> | undefined {
    const { frontends } = this.#network;
    return frontends.length === 1 ? frontends[0] : this.#homes.get(visitID);
  }

  /** The Frontend that the balancer sends a visit to: the same one while it is up, in turn at first. */
  #place(visitID: string): SimNode<FrontendNode> {
    const { frontends } = this.#network;
    const home = this.#homeOf(visitID);
    // One that hangs keeps its visits until the balancer has missed it.
    const keeps = home !== undefined && (home.isUp || (home.condition !== 'down' && !home.missed));
    if (frontends.length === 1 || keeps) return present(home, 'Frontend');
    const up = frontends.filter((node) => node.isUp);
    if (up.length === 0) return home ?? present(frontends[0], 'Frontend');
    this.#visitsPlaced += 1;
    const chosen = present(up[this.#visitsPlaced % up.length], 'Frontend that is up');
    this.#homes.set(visitID, chosen);
    if (home?.condition === 'cut' || home?.condition === 'frozen') {
      this.#deafUntilUs.set(visitID, this.#kernel.nowUs + LISTENING_SILENCE_US);
    }
    return chosen;
  }

  readonly #arrives = (intake: Intake): void => {
    const { balancer, store } = this.#network;
    if (!balancer.isUp) {
      balancer.hold(() => this.#arrives(intake));
      return;
    }
    const node = this.#place(intake.visitID);
    const open = this.#expectsFaults ? this.#open.get(intake.requestId) : undefined;
    if (open !== undefined) open.at = node;
    if (!node.isUp) {
      node.hold(() => this.#arrives(intake));
      return;
    }
    if (this.#network.backends.every((backend) => backend.missed)) {
      // No Backend, no store: the Frontend's door is shut.
      this.answered(intake.requestId, false);
      return;
    }
    const isStranger = this.#expectsFaults && intake.past === undefined && !node.machine.owns(intake.visitID);
    this.#network.toFrontend(node, isStranger ? { ...intake, past: store.pastOf(intake.visitID) } : intake);
  };

  readonly #dispositionArrives = (message: Disposition): void => {
    const { balancer } = this.#network;
    const node = this.#place(message.visitID);
    if (!balancer.isUp) balancer.hold(() => this.#dispositionArrives(message));
    else if (!node.isUp) node.hold(() => this.#dispositionArrives(message));
    else this.#network.toFrontend(node, message);
  };

  #schedule<S>(delayUs: number, handler: (subject: S) => void, subject: S): void {
    const { nowUs } = this.#kernel;
    const wayUs = this.#latency.browserUs + this.#network.balancer.slowUs;
    this.#kernel.schedule(nowUs + delayUs + wayUs, handler, subject, 0);
  }
}
