/**
 * The simulated servers and the ways between them: gives messages to the machines in virtual time and carries out what they
 * ask for. Stands for what links and the balancer do where a node is away: what it has not taken waits for it, or goes to
 * another that can take it.
 *
 * Order of a machine's effects: notes and wake-ups at once; after a commit the rest waits until the group is stored
 * (effects.ts, rule 1).
 */
import { assert, assertNever, present } from '#core/assert.ts';
import type { BackendNode } from '#core/backend-node.ts';
import type { ContactCenter, ContactCenterEvent } from '#core/contact-center.ts';
import type { Turn } from '#core/commit-gate.ts';
import {
  isBackendTimer,
  isFrontendTimer,
  type CommitGroup,
  type Effect,
  type StoreFailed,
  type Timer,
} from '#core/effects.ts';
import { emptyList } from '#core/empty-list.ts';
import type { FrontendEvent, FrontendNode } from '#core/frontend-node.ts';
import type { StoreBatch, ToBackend, ToBrowser, ToContactCenter, ToDesk } from '#core/messages.ts';
import type { Handler, Kernel } from './kernel.ts';
import type { LatencyProfile } from './latency.ts';
import { BackendHomes } from './backend-homes.ts';
import { keyOf } from './message-way.ts';
import type { MachineSource, NetworkOutlet, NetworkParts } from './network-parts.ts';
import { SimJournal } from './sim-journal.ts';
import { SimNode, type Held } from './sim-node.ts';
import { SimStore, type Gated } from './sim-store.ts';

/** What a Backend hears: nothing is deployed in the simulator. */
type HeardByBackend = ToBackend | StoreFailed;

/** What the contact center hears: a lead is given its interaction's id on the way in. */
type ContactCenterHeard = ToContactCenter | Exclude<ContactCenterEvent, { readonly type: 'leadArrived' }>;

export class SimNetwork {
  readonly frontends: readonly SimNode<FrontendNode>[];
  readonly backends: readonly SimNode<BackendNode>[];
  readonly homes: BackendHomes;
  readonly contactCenter: SimNode<ContactCenter>;
  readonly balancer = new SimNode('balancer', 'balancer', null);
  readonly store: SimStore;
  readonly #source: MachineSource;
  readonly #kernel: Kernel;
  readonly #clockMs: number;
  readonly #latency: LatencyProfile;
  readonly #outlet: NetworkOutlet;
  readonly #journal: SimJournal | undefined;
  readonly #expectsFaults: boolean;
  readonly #out: Effect[] = [];
  #interactions = 0;
  /** By Frontends of lives that have ended. */
  #countedBefore = { visits: 0, pageViews: 0, events: 0 };

  constructor({ source, kernel, clockMs, latency, outlet, expectsFaults }: NetworkParts) {
    this.#source = source;
    this.#kernel = kernel;
    this.#clockMs = clockMs;
    this.#latency = latency;
    this.#outlet = outlet;
    this.#journal = outlet.journal === undefined ? undefined : new SimJournal(outlet.journal);
    this.#expectsFaults = expectsFaults;
    this.store = new SimStore(kernel, latency.commitUs, expectsFaults, {
      stored: ({ node, effects, turn }) => {
        for (const effect of effects) this.#carryOut(node, effect);
        if (turn === undefined) return;
        turn.commits = 0;
        this.#releaseGate(node);
      },
      failed: (gated) => this.#storeFailed(gated),
      kept: outlet.event,
    });
    this.frontends = namesOf('frontend', source.frontends).map(
      (name) => new SimNode(name, 'frontend', source.createFrontend(name, 1)),
    );
    this.backends = namesOf('backend', source.backends).map(
      (name) => new SimNode(name, 'backend', source.createBackend(name)),
    );
    this.homes = new BackendHomes(this.backends);
    this.contactCenter = new SimNode('contact-center', 'contactCenter', source.createContactCenter());
  }

  get nodes(): readonly SimNode<unknown>[] {
    return [this.balancer, this.store.node, this.contactCenter, ...this.backends, ...this.frontends];
  }

  /** What the Frontends have counted, in all their lives. */
  traffic(): { readonly visits: number; readonly pageViews: number; readonly events: number } {
    let { visits, pageViews, events } = this.#countedBefore;
    for (const { machine } of this.frontends) {
      visits += machine.visitsStarted;
      pageViews += machine.pageViews;
      events += machine.events;
    }
    return { visits, pageViews, events };
  }

  /** Time as the machines see it, epoch ms. */
  get at(): number {
    return this.#clockMs + Math.floor(this.#kernel.nowUs / 1_000);
  }

  start(): void {
    this.toContactCenter({ type: 'start' });
  }

  toFrontend(node: SimNode<FrontendNode>, message: FrontendEvent): void {
    if (!node.isUp) {
      node.hold(() => this.toFrontend(node, message));
      return;
    }
    const at = this.at;
    node.machine.handle(message, at, this.#out);
    this.#journal?.note(node, at, message, message, this.#out);
    this.#perform(node, undefined);
  }

  /** Where it is away, another Backend takes the message, or it itself when it is back. */
  toBackend(node: SimNode<BackendNode>, message: HeardByBackend): void {
    if (!node.isUp) {
      node.hold(() => this.#resend(node, message));
      return;
    }
    const at = this.at;
    node.machine.handle(message, at, this.#out);
    if (message.type === 'storeBatch' && !this.#expectsFaults) this.#tellEvents(message);
    this.#journal?.note(node, at, message, message, this.#out);
    this.#perform(node, this.#expectsFaults ? () => this.#resend(node, message) : undefined);
  }

  toContactCenter(message: ContactCenterHeard): void {
    const node = this.contactCenter;
    if (!node.isUp) {
      node.hold(() => this.toContactCenter(message));
      return;
    }
    this.#contactCenterHandles(message);
  }

  /** A killed node begins a new life: the contact center is given its rows, and all that waited is heard. */
  revive(node: SimNode<unknown>): void {
    node.incarnation += 1;
    node.condition = 'up';
    for (const one of this.frontends) if (one === node) this.#reviveFrontend(one);
    for (const one of this.backends) if (one === node) one.machine = this.#source.createBackend(one.name);
    if (node === this.contactCenter) {
      this.contactCenter.machine.close();
      this.contactCenter.machine = this.#source.createContactCenter();
      this.#contactCenterHandles({ type: 'recovered', rows: this.store.recover() });
      this.#contactCenterHandles({ type: 'start' });
    }
    this.release(node);
  }

  #reviveFrontend(node: SimNode<FrontendNode>): void {
    const { visitsStarted, pageViews, events } = node.machine;
    const before = this.#countedBefore;
    this.#countedBefore = {
      visits: before.visits + visitsStarted,
      pageViews: before.pageViews + pageViews,
      events: before.events + events,
    };
    node.machine = this.#source.createFrontend(node.name, node.incarnation);
  }

  /** All that waited for the node goes its way, in order. */
  release(node: SimNode<unknown>): void {
    for (const held of node.takeHeld()) held();
  }

  #resend(node: SimNode<BackendNode>, message: HeardByBackend): void {
    if (message.type === 'storeFailed') return;
    this.toBackend(node.isUp ? node : this.homes.reachableFor(keyOf(message)), message);
  }

  #contactCenterHandles(message: ContactCenterHeard): void {
    const at = this.at;
    const input: ContactCenterEvent =
      message.type === 'leadArrived' ? { ...message, interactionId: `i${(this.#interactions += 1)}` } : message;
    this.contactCenter.machine.handle(input, at, this.#out);
    this.#journal?.note(this.contactCenter, at, message, input, this.#out);
    const isTold = this.#expectsFaults && input.type !== 'recovered' && input.type !== 'wake';
    this.#perform(this.contactCenter, isTold ? () => this.toContactCenter(message) : undefined);
  }

  /** Where nothing fails, what a Backend is given is stored, once; otherwise the store tells what is new to it. */
  #tellEvents({ events }: StoreBatch): void {
    const tell = this.#outlet.event;
    if (tell === undefined) return;
    for (const event of events) tell(event);
  }

  #storeFailed({ node, groups, turn }: Gated): void {
    if (turn !== undefined) turn.failed = true;
    this.#releaseGate(node);
    const backend = this.backends.find((one) => one === node);
    if (backend === undefined) return;
    for (const group of groups) this.toBackend(backend, { type: 'storeFailed', group });
  }

  /** Carries out what a machine has appended, and empties the list. */
  #perform(node: SimNode<unknown>, redo: Held | undefined): void {
    if (this.#expectsFaults) {
      this.#performInLanes(node, redo);
      return;
    }
    const out = this.#out;
    let held: Effect[] | undefined;
    for (let index = 0; index < out.length; index += 1) {
      const effect = present(out[index], 'effect');
      if (effect.type === 'commit') held ??= [];
      else if (held === undefined || effect.type === 'note' || effect.type === 'wake') this.#carryOut(node, effect);
      else held.push(effect);
    }
    emptyList(out);
    if (held === undefined || held.length === 0) return;
    const { incarnation } = node;
    this.store.commit({ node, incarnation, redo, effects: held, turn: undefined, groups: NO_GROUPS, settled: false });
  }

  /** As a live driver does: effects of one type never overtake each other, so that a store that hangs holds up more. */
  #performInLanes(node: SimNode<unknown>, redo: Held | undefined): void {
    const groups: CommitGroup[] = [];
    const turn: Turn = { commits: 1, failed: false, left: 0, onDone: undefined };
    for (const effect of this.#out.splice(0)) {
      if (effect.type === 'commit') groups.push(effect.group);
      else if (effect.type === 'note' || effect.type === 'wake') this.#carryOut(node, effect);
      else if (groups.length > 0 || node.gate.mustQueue(effect.type)) {
        node.gate.hold({ effect, id: null, turn, gated: groups.length > 0 });
      } else this.#carryOut(node, effect);
    }
    if (groups.length === 0) return;
    const { incarnation } = node;
    this.store.commit({ node, incarnation, redo, effects: NO_EFFECTS, turn, groups, settled: false });
  }

  #releaseGate(node: SimNode<unknown>): void {
    node.gate.release(
      ({ effect }) => this.#carryOut(node, effect),
      () => undefined,
    );
  }

  #carryOut(node: SimNode<unknown>, effect: Effect): void {
    if (node.condition === 'cut' && effect.type !== 'note' && effect.type !== 'wake') {
      node.hold(() => this.#carryOut(node, effect));
      return;
    }
    const latency = this.#latency;
    switch (effect.type) {
      case 'toBackend':
        this.#sendToBackend(node, effect.node, effect.message);
        return;
      case 'toFrontend': {
        const index = this.frontends.length === 1 ? 0 : this.frontends.findIndex(({ name }) => name === effect.node);
        const target = present(this.frontends[index], `Frontend ${effect.node}`);
        this.#schedule(latency.nodeUs + node.slowUs + target.slowUs, this.#frontendReceives, effect.message, index);
        return;
      }
      case 'toContactCenter': {
        const delayUs = latency.nodeUs + node.slowUs + this.contactCenter.slowUs;
        this.#schedule(delayUs, this.#contactCenterReceives, effect.message, 0);
        return;
      }
      case 'toBrowser':
        this.#schedule(
          latency.browserUs + node.slowUs + this.balancer.slowUs,
          this.#browserReceives,
          effect.message,
          0,
        );
        return;
      case 'toDesk':
        this.#schedule(latency.deskUs + node.slowUs + this.balancer.slowUs, this.#deskReceives, effect.message, 0);
        return;
      case 'toAsker':
        this.#schedule(latency.browserUs + node.slowUs + this.balancer.slowUs, this.#askerReceives, effect, 0);
        return;
      case 'wake':
        this.#arm(node, effect.at, effect.timer);
        return;
      case 'note':
        this.#outlet.fact(effect.fact);
        return;
      case 'acknowledge':
        this.#outlet.acknowledged(effect.requestId, effect.stored);
        return;
      case 'commit':
        return;
      case 'toStrategist':
        assert(false, 'nobody orders from outside in the simulator');
        return;
      case 'claim':
      case 'recall':
      case 'orderAnswered':
        assert(false, 'nothing is deployed in the simulator');
        return;
      default:
        assertNever(effect, 'effect');
    }
  }

  #sendToBackend(from: SimNode<unknown>, name: string | null, message: ToBackend): void {
    const target =
      name === null || this.backends.length === 1
        ? this.homes.reachableFor(keyOf(message))
        : present(
            this.backends.find((backend) => backend.name === name),
            `Backend ${name}`,
          );
    // Browsers and desks of a Backend that is gone come back elsewhere, and ask anew.
    if (name !== null && target.condition === 'down') return;
    const delayUs = this.#latency.nodeUs + from.slowUs + target.slowUs;
    this.#schedule(delayUs, this.#backendReceives, message, this.backends.indexOf(target));
  }

  #arm(node: SimNode<unknown>, at: number, timer: Timer): void {
    const atUs = Math.max(this.#kernel.nowUs, (at - this.#clockMs) * 1_000);
    const alarm: Alarm = { node, incarnation: node.incarnation, timer };
    this.#kernel.schedule(atUs, this.#alarmRings, alarm, 0);
  }

  #schedule<S>(delayUs: number, handler: Handler<S>, subject: S, detail: number): void {
    this.#kernel.schedule(this.#kernel.nowUs + delayUs, handler, subject, detail);
  }

  readonly #frontendReceives = (message: FrontendEvent, index: number): void =>
    this.toFrontend(present(this.frontends[index], 'Frontend'), message);
  readonly #backendReceives = (message: HeardByBackend, index: number): void =>
    this.toBackend(present(this.backends[index], 'Backend'), message);
  readonly #contactCenterReceives = (message: ToContactCenter): void => this.toContactCenter(message);
  readonly #browserReceives = (message: ToBrowser): void => {
    if (this.balancer.isUp) this.#outlet.toBrowser(message);
    else this.balancer.hold(() => this.#outlet.toBrowser(message));
  };
  readonly #askerReceives = (effect: ToAsker): void => {
    const tell = (): void => this.#outlet.toAsker(effect.askId, effect.reply);
    if (this.balancer.isUp) tell();
    else this.balancer.hold(tell);
  };
  readonly #deskReceives = (message: ToDesk): void => {
    if (this.balancer.isUp) this.#outlet.toDesk(message);
    else this.balancer.hold(() => this.#outlet.toDesk(message));
  };

  /** A timer goes on while its node is cut off, waits while it is frozen, and dies with it. */
  readonly #alarmRings = (alarm: Alarm): void => {
    const { node, incarnation, timer } = alarm;
    if (incarnation !== node.incarnation || node.condition === 'down') return;
    if (node.condition === 'frozen') {
      node.hold(() => this.#alarmRings(alarm));
      return;
    }
    const at = this.at;
    const input = { type: 'wake', timer } as const;
    if (isFrontendTimer(timer)) {
      const frontend = present(
        this.frontends.find((one) => one === node),
        'Frontend of the timer',
      );
      frontend.machine.handle({ type: 'wake', timer }, at, this.#out);
    } else if (isBackendTimer(timer)) {
      assert(timer.kind === 'chatsDue', 'nothing is deployed in the simulator');
      const backend = present(
        this.backends.find((one) => one === node),
        'Backend of the timer',
      );
      backend.machine.handle({ type: 'wake', timer }, at, this.#out);
    } else {
      this.contactCenter.machine.handle({ type: 'wake', timer }, at, this.#out);
    }
    this.#journal?.note(node, at, input, input, this.#out);
    this.#perform(node, undefined);
  };
}

type ToAsker = Extract<Effect, { readonly type: 'toAsker' }>;

interface Alarm {
  readonly node: SimNode<unknown>;
  readonly incarnation: number;
  readonly timer: Timer;
}

const NO_GROUPS: readonly CommitGroup[] = [];
const NO_EFFECTS: readonly Effect[] = [];

function namesOf(role: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${role}-${index + 1}`);
}
