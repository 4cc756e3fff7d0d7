/**
 * An installation on paper: the real machines of Frontends and Backends, a store, and links as they promise to be (in order, kept
 * until heard, heard again by a receiver's next life, lost with their sender). Nothing happens by itself: whoever tests picks the
 * next step among those that are possible, so that any order of messages, answers, deaths and wake-ups can be played.
 */
import { BackendNode, type BackendEvent } from '#core/backend-node.ts';
import type { Category } from '#core/categories/category.ts';
import { compileCategories } from '#core/categories/category-matcher.ts';
import type { DeploymentFidelity, RulesContent } from '#core/deployment/deployment.ts';
import { contentOf, readDeployments } from '#core/deployment/known-deployments.ts';
import type { Effect, OperationsRow, OrderAnswer, Timer } from '#core/effects.ts';
import { isBackendTimer, isFrontendTimer } from '#core/effects.ts';
import { FrontendNode, type FrontendEvent } from '#core/frontend-node.ts';
import { RulesInForce } from '#core/rules/rules-in-force.ts';
import type { BrowserEvent } from '#core/visits/event.ts';

/** Content whose every page carries the category `name`: a stamped event tells under which rules it was stamped. */
export function contentNamed(name: string): RulesContent {
  return { packages: [], categories: categoriesNamed(name) };
}

export function categoriesNamed(name: string): readonly Category[] {
  return [{ name, tags: [{ kind: 'plain', expression: 'https', in: 'url', matchCase: false }] }];
}

const BASE = contentNamed('c0');

export interface Stamp {
  readonly frontend: string;
  readonly version: number;
  readonly category: string;
  readonly eventID: string;
}

interface PaperNode<M> {
  readonly name: string;
  machine: M;
  life: number;
  isUp: boolean;
  /** Effects in the order in which they were made; one that waits for the store holds up those behind it. */
  out: Effect[];
  timers: { readonly at: number; readonly timer: Timer }[];
}

interface Letter {
  readonly from: string;
  /** Null: whichever Backend is up. */
  readonly to: string | null;
  readonly message: unknown;
}

export interface Step {
  readonly name: string;
  readonly run: () => void;
}

export class PaperInstallation {
  at = 1_000;
  readonly frontends: readonly PaperNode<FrontendNode>[];
  readonly backends: readonly PaperNode<BackendNode>[];
  readonly stamps: Stamp[] = [];
  readonly answers: OrderAnswer[] = [];
  /** Events that were taken in by a Frontend that has not died since, and neither stamped nor refused. */
  readonly open = new Map<number, { readonly frontend: string; readonly eventID: string }>();
  #letters: Letter[] = [];
  readonly #rows = new Map<string, OperationsRow>();
  readonly #claims = new Map<string, string>();
  readonly #stamped = new Set<string>();
  readonly #fidelity: DeploymentFidelity;
  #orders = 0;
  #requests = 0;

  constructor(fidelity: DeploymentFidelity, frontends = 3, backends = 2) {
    this.#fidelity = fidelity;
    this.backends = names('backend', backends).map((name) => nodeOf(name, createBackend(name)));
    this.frontends = names('frontend', frontends).map((name) => nodeOf(name, createFrontend(name, 1)));
    for (const node of this.frontends) this.#tellFrontend(node, { type: 'start' });
  }

  get rows(): readonly OperationsRow[] {
    return [...this.#rows.values()];
  }

  /** Orders that a Backend has taken. */
  get orders(): number {
    return this.#orders;
  }

  /** The version that the store has in force, and its content. */
  get known(): ReturnType<typeof readDeployments> {
    return readDeployments(this.rows, BASE);
  }

  contentOf(version: number): RulesContent | undefined {
    const row = this.rows.find((one) => one.kind === 'deployment' && Number(one.id) === version);
    return version === 0 ? BASE : row?.kind === 'deployment' ? row.content : undefined;
  }

  /** Orders new categories of the Backend in charge. */
  order(): void {
    const backend = this.backends[0];
    if (backend?.isUp !== true) return;
    this.#orders += 1;
    this.#tellBackend(backend, {
      type: 'deploymentOrder',
      orderId: this.#orders,
      by: 'author',
      fidelity: this.#fidelity,
      change: { kind: 'categories', categories: categoriesNamed(`c${this.#orders}`) },
      frontends: this.frontends.map(({ name, isUp }) => ({ name, isUp })),
    });
  }

  /** A visitor's page at a Frontend. */
  enter(frontend: string): void {
    const node = this.frontend(frontend);
    if (!node.isUp) return;
    this.#requests += 1;
    const eventID = `e${this.#requests}`;
    this.open.set(this.#requests, { frontend, eventID });
    this.#tellFrontend(node, {
      type: 'intake',
      requestId: this.#requests,
      visitID: `v-${frontend}`,
      events: [pageEntered(eventID, `v-${frontend}`)],
      sentAt: undefined,
      past: undefined,
    });
  }

  frontend(name: string): PaperNode<FrontendNode> {
    const node = this.frontends.find((one) => one.name === name);
    if (node === undefined) throw new Error(`no ${name}`);
    return node;
  }

  /** Its memory is lost, and what it had not sent; Backends hear of it by and by. */
  killFrontend(name: string): void {
    const node = this.frontend(name);
    if (!node.isUp) return;
    this.#die(node);
    for (const [requestId, { frontend }] of this.open) if (frontend === name) this.open.delete(requestId);
    this.loseLink(name);
  }

  /** The Backends take a Frontend for lost, whether it is or not. */
  loseLink(name: string): void {
    for (const { name: to, isUp } of this.backends) {
      if (isUp) this.#letters.push({ from: `net ${name}`, to, message: { type: 'frontendLost', node: name } });
    }
  }

  reviveFrontend(name: string): void {
    const node = this.frontend(name);
    if (node.isUp) return;
    node.life += 1;
    node.isUp = true;
    node.machine = createFrontend(name, node.life);
    this.#tellFrontend(node, { type: 'start' });
  }

  killBackend(name: string): void {
    const node = this.backends.find((one) => one.name === name);
    if (node?.isUp === true) this.#die(node);
  }

  reviveBackend(name: string): void {
    const node = this.backends.find((one) => one.name === name);
    if (node === undefined || node.isUp) return;
    node.life += 1;
    node.isUp = true;
    node.machine = createBackend(name);
    for (const frontend of this.frontends) if (frontend.isUp) this.#tellFrontend(frontend, { type: 'backendCame' });
  }

  /** What can happen next, without deaths, wake-ups and people: letters and answers of the store. */
  steps(): readonly Step[] {
    const steps: Step[] = [];
    for (const node of [...this.frontends, ...this.backends]) {
      if (node.out.length > 0)
        steps.push({ name: `${node.name} ${node.out[0]?.type}`, run: () => this.#perform(node) });
    }
    const ways = new Set<string>();
    for (const letter of this.#letters) {
      const way = `${letter.from}>${letter.to ?? 'any'}`;
      if (ways.has(way)) continue;
      ways.add(way);
      for (const receiver of this.#receiversOf(letter)) {
        steps.push({ name: `${receiver.name} hears ${way}`, run: () => this.#hear(letter, receiver) });
      }
    }
    return steps;
  }

  /** Time goes on to the next wake-up, which comes; false: nobody waits for one. */
  wake(): boolean {
    const waiting = [...this.frontends, ...this.backends].flatMap((node) =>
      node.timers.map((timer) => ({ node, timer })),
    );
    const [next] = waiting.toSorted((a, b) => a.timer.at - b.timer.at);
    if (next === undefined) return false;
    this.at = Math.max(this.at, next.timer.at);
    next.node.timers = next.node.timers.filter((one) => one !== next.timer);
    const { timer } = next.timer;
    const frontend = this.frontends.find((one) => one === next.node);
    const backend = this.backends.find((one) => one === next.node);
    if (frontend !== undefined && isFrontendTimer(timer)) this.#tellFrontend(frontend, { type: 'wake', timer });
    if (backend !== undefined && isBackendTimer(timer)) this.#tellBackend(backend, { type: 'wake', timer });
    return true;
  }

  /** Everybody is up and everything that is under way comes to its end; `isDone`: or until this holds. */
  settle(isDone: () => boolean = () => false): void {
    for (let count = 0; count < 5_000 && !isDone(); count += 1) {
      const [step] = this.steps();
      if (step !== undefined) step.run();
      else if (this.#isQuiet() || !this.wake()) return;
    }
  }

  reviveAll(): void {
    for (const { name } of this.backends) this.reviveBackend(name);
    for (const { name } of this.frontends) this.reviveFrontend(name);
  }

  /** All fences are down and no deployment is under way: what wakes then is the silence of visits. */
  #isQuiet(): boolean {
    const isBusy = this.backends.some(({ timers }) => timers.some(({ timer }) => isBackendTimer(timer)));
    return !isBusy && this.frontends.every(({ machine }) => machine.fence === 'open');
  }

  #die(node: PaperNode<unknown>): void {
    node.isUp = false;
    node.out = [];
    node.timers = [];
    const isGone = ({ from, to }: Letter): boolean =>
      from === node.name || (from.startsWith('net ') && to === node.name);
    this.#letters = this.#letters.filter((letter) => !isGone(letter));
  }

  #receiversOf({ to }: Letter): readonly PaperNode<unknown>[] {
    if (to === null) return this.backends.filter(({ isUp }) => isUp);
    return [...this.frontends, ...this.backends].filter(({ name, isUp }) => name === to && isUp);
  }

  #hear(letter: Letter, receiver: PaperNode<unknown>): void {
    this.#letters = this.#letters.filter((one) => one !== letter);
    const frontend = this.frontends.find((one) => one === receiver);
    // As JSON carries it.
    const message: unknown = JSON.parse(JSON.stringify(letter.message));
    if (frontend !== undefined) this.#tellFrontend(frontend, message as FrontendEvent);
    const backend = this.backends.find((one) => one === receiver);
    if (backend !== undefined) this.#tellBackend(backend, message as BackendEvent);
  }

  #tellFrontend(node: PaperNode<FrontendNode>, event: FrontendEvent): void {
    this.at += 1;
    const before = node.out.length;
    node.machine.handle(event, this.at, node.out);
    for (const effect of node.out.slice(before)) {
      if (effect.type === 'toBackend' && effect.message.type === 'storeBatch') this.#stamp(node.name, effect.message);
      if (effect.type === 'acknowledge') this.open.delete(effect.requestId);
    }
    this.#arm(node);
  }

  #tellBackend(node: PaperNode<BackendNode>, event: BackendEvent): void {
    this.at += 1;
    node.machine.handle(event, this.at, node.out);
    this.#arm(node);
  }

  #arm(node: PaperNode<unknown>): void {
    for (const effect of node.out) if (effect.type === 'wake') node.timers.push({ at: effect.at, timer: effect.timer });
    node.out = node.out.filter(({ type }) => type !== 'wake' && type !== 'note');
  }

  #stamp(
    frontend: string,
    batch: {
      readonly batchId: string;
      readonly events: readonly { eventID: string; category: string; rulesVersion?: number }[];
    },
  ): void {
    if (this.#stamped.has(batch.batchId)) return;
    this.#stamped.add(batch.batchId);
    for (const { eventID, category, rulesVersion } of batch.events) {
      this.stamps.push({ frontend, version: rulesVersion ?? -1, category, eventID });
      for (const [requestId, one] of this.open) if (one.eventID === eventID) this.open.delete(requestId);
    }
  }

  /** The oldest effect of a node is carried out; one of the store is answered at once. */
  #perform(node: PaperNode<unknown>): void {
    const effect = node.out.shift();
    const backend = this.backends.find((one) => one === node);
    switch (effect?.type) {
      case 'toBackend':
        this.#letters.push({ from: node.name, to: effect.node, message: effect.message });
        return;
      case 'toFrontend':
        this.#letters.push({ from: node.name, to: effect.node, message: effect.message });
        return;
      case 'commit':
        if (effect.group.store === 'operations') for (const row of effect.group.rows) this.#put(row);
        return;
      case 'claim': {
        const { key, claimant } = effect;
        const winner = this.#claims.get(key) ?? claimant;
        this.#claims.set(key, winner);
        this.#answer(node, { type: winner === claimant ? 'claimWon' : 'claimLost', key, claimant });
        return;
      }
      case 'recall': {
        const { recallId, version } = effect;
        const content = version === null ? null : (contentOf(this.rows, version, BASE) ?? null);
        this.#answer(node, { type: 'recalled', recallId, known: this.known, content });
        return;
      }
      case 'orderAnswered':
        if (backend !== undefined) this.answers.push(effect.answer);
        return;
      default:
    }
  }

  /** An answer of the store is on its way like a letter, and dies with the asker. */
  #answer(node: PaperNode<unknown>, message: BackendEvent): void {
    this.#letters.push({ from: node.name, to: node.name, message });
  }

  #put(row: OperationsRow): void {
    const key = `${row.kind} ${row.id}`;
    const kept = this.#rows.get(key);
    if (kept === undefined || row.at >= kept.at) this.#rows.set(key, row);
  }
}

function nodeOf<M>(name: string, machine: M): PaperNode<M> {
  return { name, machine, life: 1, isUp: true, out: [], timers: [] };
}

function createBackend(name: string): BackendNode {
  return new BackendNode(name, { refreshPeriodMs: 2_000, requestTimeoutMs: 5_000, requestPoolSize: 10 });
}

function createFrontend(name: string, life: number): FrontendNode {
  return new FrontendNode(name, compileCategories(BASE.categories), new RulesInForce([]), [], `${name}~${life}`);
}

function names(role: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${role}-${index + 1}`);
}

function pageEntered(eventID: string, visitID: string): BrowserEvent {
  return {
    eventID,
    timestamp: 0,
    visitID,
    globalVisitID: 'g1',
    pageID: eventID,
    eventType: 'SYSTEM',
    eventName: 'PageEntered',
    url: 'https://shop.example/',
    title: '',
    category: undefined,
    languageCode: 'en',
    identity: undefined,
    data: {},
  };
}
