/**
 * The three machines as a live run has them, without processes: messages wait in one queue, every group is stored at once, and
 * each node writes its journal. One message can be lost, doubled, changed or invented on its way.
 */
import { join } from 'node:path';
import { assert, present } from '#core/assert.ts';
import type { BackendEvent } from '#core/backend-node.ts';
import type { ContactCenterEvent } from '#core/contact-center.ts';
import type { Effect, Timer } from '#core/effects.ts';
import type { FrontendEvent } from '#core/frontend-node.ts';
import type { BrowserEvent } from '#core/visits/event.ts';
import { createBackendNode, createContactCenter, createFrontendNode, idPrefixOf } from '#node/create-machines.ts';
import { Journal } from '#node/journal.ts';
import { scenarioOf } from '#tests/testbed/scenario-of.ts';

/** What happens next; `pick` chooses among the visits, or the open invites and chats. */
export interface Happening {
  readonly what: 'home' | 'cart' | 'answer' | 'chat' | 'desk' | 'time';
  readonly pick: number;
}

export type Tampering = 'lost' | 'doubled' | 'changed' | 'invented';

interface PaperNode {
  readonly name: string;
  readonly journal: Journal;
  sent: number;
  handle(input: unknown, at: number, out: Effect[]): void;
}

interface Underway {
  readonly to: string;
  readonly id: string;
  readonly message: object;
}

const SCENARIO = scenarioOf({
  cluster: { frontends: 2, backends: 2 },
  options: { 'service:wmsg': { 'wmsg.connector.defaultEngagementChannel': 'proactiveChat' } },
});

export class PaperCluster {
  readonly #folder: string;
  readonly #nodes = new Map<string, PaperNode>();
  readonly #queue: Underway[] = [];
  readonly #alarms: { at: number; node: string; timer: Timer }[] = [];
  readonly #invites: { visitID: string; interactionId: string; frontend: string }[] = [];
  readonly #wishes: { visitID: string; interactionId: string }[] = [];
  readonly #offers: string[] = [];
  /** Who has asked for a chat. */
  readonly #chatters = new Set<string>();
  readonly #tampering: { readonly how: Tampering; readonly place: number } | undefined;
  #at = SCENARIO.startsAt;
  #interactions = 0;
  #events = 0;
  #requests = 0;
  /** Messages between nodes so far. */
  delivered = 0;

  /** Journals go to `folder`, which must be empty. `place`: which message is tampered with, from 0. */
  constructor(folder: string, tampering?: { readonly how: Tampering; readonly place: number }) {
    this.#folder = folder;
    this.#tampering = tampering;
    for (const name of ['frontend-1', 'frontend-2']) {
      const machine = createFrontendNode(SCENARIO, name, 1);
      this.#add(name, 'frontend', (input, at, out) => machine.handle(input as FrontendEvent, at, out));
    }
    for (const name of ['backend-1', 'backend-2']) {
      const machine = createBackendNode(SCENARIO, name);
      this.#add(name, 'backend', (input, at, out) => machine.handle(input as BackendEvent, at, out));
    }
    const machine = createContactCenter(SCENARIO);
    this.#add('contact-center', 'contactCenter', (input, at, out) =>
      machine.handle(input as ContactCenterEvent, at, out),
    );
  }

  play(happenings: readonly Happening[]): void {
    this.#give('contact-center', { type: 'start' }, null);
    this.#act({ type: 'login', group: 'Web Engagement Chat', capacity: 2, ready: true, chats: [] });
    for (const happening of happenings) {
      this.#at += 50;
      this.#happen(happening);
      this.#deliverAll();
    }
    for (const { journal } of this.#nodes.values()) journal.close();
  }

  #add(name: string, role: 'frontend' | 'backend' | 'contactCenter', handle: PaperNode['handle']): void {
    const journal = new Journal(join(this.#folder, `${name}~1.ndjson`), {
      type: 'head',
      version: 1,
      node: name,
      role,
      incarnation: 1,
      idPrefix: idPrefixOf(name, 1),
      config: { scenario: SCENARIO },
    });
    this.#nodes.set(name, { name, journal, sent: 0, handle });
  }

  #happen({ what, pick }: Happening): void {
    switch (what) {
      case 'home':
      case 'cart':
        return this.#post(`v${(pick % 6) + 1}`, what);
      case 'answer': {
        const [open] = this.#invites.splice(pick % Math.max(1, this.#invites.length), 1);
        if (open === undefined) return;
        const { visitID, interactionId } = open;
        const codes = ['shown', (['acceptCall', 'reject', 'timeout'] as const)[pick % 3] ?? 'reject'];
        for (const code of codes) {
          this.#give(open.frontend, { type: 'disposition', visitID, interactionId, code }, null);
        }
        if (codes.includes('acceptCall')) this.#wishes.push({ visitID, interactionId });
        return;
      }
      case 'chat': {
        const wish = this.#wishes.shift();
        if (wish === undefined) return;
        this.#chatters.add(wish.visitID);
        this.#give('backend-1', { type: 'chatRequest', ...wish }, null);
        return;
      }
      case 'desk': {
        const chatId = this.#offers.shift();
        if (chatId === undefined) return;
        for (const type of ['answer', 'finish', 'done']) this.#act({ type, chatId });
        return;
      }
      case 'time':
        if (pick % 3 !== 0) return this.#ring(this.#at + 10_000);
        this.#leaveChats();
        return this.#ring(this.#at + 5 * 3_600_000);
    }
  }

  /** Nobody stays in a chat for hours. */
  #leaveChats(): void {
    for (const visitID of this.#chatters) this.#give('backend-1', { type: 'chatLeft', visitID }, null);
    this.#chatters.clear();
    this.#deliverAll();
  }

  #post(visitID: string, page: string): void {
    this.#events += 1;
    this.#requests += 1;
    const event: BrowserEvent = {
      eventID: `${visitID}.e${this.#events}`,
      timestamp: this.#at,
      visitID,
      globalVisitID: `g${visitID}`,
      pageID: `${visitID}.p${this.#events}`,
      eventType: 'SYSTEM',
      eventName: 'PageEntered',
      url: `https://shop.example/${page === 'cart' ? 'cart' : ''}`,
      title: page,
      category: undefined,
      languageCode: 'en-US',
      identity: undefined,
      data: {},
    };
    const frontend = Number(visitID.slice(1)) % 2 === 0 ? 'frontend-2' : 'frontend-1';
    const intake = { requestId: this.#requests, visitID, events: [event], sentAt: this.#at, past: undefined };
    this.#give(frontend, { type: 'intake', ...intake }, null);
  }

  #act(action: object): void {
    this.#give('backend-2', { agentId: 'agent-1', ...action }, null);
    this.#deliverAll();
  }

  /** Lets the time come to `at`, with all alarms that are due by then. */
  #ring(at: number): void {
    for (;;) {
      this.#alarms.sort((one, other) => one.at - other.at);
      const next = this.#alarms[0];
      if (next === undefined || next.at > at) break;
      this.#alarms.shift();
      this.#at = Math.max(this.#at, next.at);
      this.#give(next.node, { type: 'wake', timer: next.timer }, null);
      this.#deliverAll();
    }
    this.#at = Math.max(this.#at, at);
  }

  #deliverAll(): void {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#deliver(next);
  }

  #deliver({ to, id, message }: Underway): void {
    const how = this.#tampering?.place === this.delivered ? this.#tampering.how : undefined;
    this.delivered += 1;
    if (how === 'lost') return;
    this.#give(to, how === 'changed' ? changed(message) : message, id);
    if (how === 'doubled') this.#give(to, message, id);
    if (how === 'invented') this.#give(to, message, 'frontend-9~1#1');
  }

  #give(name: string, message: object, from: string | null): void {
    const node = present(this.#nodes.get(name), name);
    const isLead = 'type' in message && message.type === 'leadArrived';
    const input = isLead ? { ...message, interactionId: `i${(this.#interactions += 1)}` } : message;
    const effects: Effect[] = [];
    node.handle(input, this.#at, effects);
    node.journal.write({ at: this.#at, from, input, effects });
    for (const effect of effects) this.#perform(node, effect);
  }

  #perform(node: PaperNode, effect: Effect): void {
    switch (effect.type) {
      case 'toFrontend':
        return this.#send(node, effect.node, effect.message);
      case 'toBackend':
        return this.#send(node, effect.node ?? `backend-${node.name === 'frontend-1' ? 1 : 2}`, effect.message);
      case 'toContactCenter':
        return this.#send(node, 'contact-center', effect.message);
      case 'toBrowser':
        if (effect.message.type === 'invite') this.#invites.push(effect.message);
        return;
      case 'toDesk':
        if (effect.message.type === 'chatOffer') this.#offers.push(effect.message.chatId);
        return;
      case 'wake':
        this.#alarms.push({ at: effect.at, node: node.name, timer: effect.timer });
        return;
      case 'acknowledge':
      case 'commit':
      case 'note':
    }
  }

  #send(node: PaperNode, to: string, message: object): void {
    node.sent += 1;
    this.#queue.push({ to, id: `${node.name}~1#${node.sent}`, message });
  }
}

/** The message of another visit, or with a member too much. */
function changed(message: object): object {
  const text = JSON.stringify(message);
  const other = text.replace(/"visitID":"v(\d)"/, (_all, digit: string) => `"visitID":"v${digit}0"`);
  if (other !== text) return JSON.parse(other) as object;
  assert('type' in message, 'a message has a type');
  return { ...message, extra: 1 };
}
