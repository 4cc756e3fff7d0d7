/**
 * Chats on paper: browsers that hear by one of two Backends and move between them, a contact center that remembers what was said
 * and tells it over links that keep their order, and faults: a Backend is killed, the contact center is cut off, a message comes
 * twice. What goes to it and comes from it meanwhile waits, as in a link's outbox.
 */
import { BackendNode, type BackendEvent } from '#core/backend-node.ts';
import type { ChatDeliverySettings } from '#core/delivery/chat-delivery.ts';
import type { Effect } from '#core/effects.ts';
import type { ChatUpdate, ToBackend, ToBrowser, ToContactCenter } from '#core/messages.ts';

const START = Date.UTC(2026, 2, 2, 8);
const LINK_MS = 3;

export type Deed =
  | { readonly what: 'say'; readonly visit: number }
  | { readonly what: 'state'; readonly visit: number; readonly state: ChatUpdate['state'] }
  | { readonly what: 'move'; readonly visit: number }
  | { readonly what: 'kill'; readonly backend: number }
  | { readonly what: 'away'; readonly forMs: number }
  | { readonly what: 'twice' };

/** `afterMs`: since the deed before. */
export type PlannedDeed = Deed & { readonly afterMs: number };

export interface Shown {
  readonly ms: number;
  readonly visitID: string;
  readonly lineId: string;
  /** The Backend that has shown it, with its life. */
  readonly by: string;
}

export interface Said {
  readonly ms: number;
  readonly visitID: string;
  readonly lineId: string;
}

interface PaperChat {
  readonly visitID: string;
  readonly lines: string[];
  state: ChatUpdate['state'];
  /** The Backend that its browser is connected to, and the one that the contact center tells. */
  at: number;
  via: number;
  /** How often the browser has come back without the contact center having heard of it. */
  unheard: number;
}

interface PaperBackend {
  node: BackendNode;
  life: number;
}

export class PaperChats {
  readonly said: Said[] = [];
  readonly shown: Shown[] = [];
  /** How often each Backend's life was told a line, by `by lineId`. */
  readonly told = new Map<string, number>();
  readonly #settings: ChatDeliverySettings;
  readonly #backends: PaperBackend[];
  readonly #chats: PaperChat[];
  readonly #agenda: { readonly ms: number; readonly run: () => void }[] = [];
  #waiting: (() => void)[] | undefined;
  #twice = false;
  #ms = 0;

  constructor(settings: ChatDeliverySettings, chats: number) {
    this.#settings = settings;
    this.#backends = [0, 1].map((index) => ({ node: this.#newNode(index), life: 1 }));
    this.#chats = Array.from({ length: chats }, (_, index) => ({
      visitID: `v${index + 1}`,
      lines: [],
      state: 'queued',
      at: index % 2,
      via: index % 2,
      unheard: 0,
    }));
    for (const chat of this.#chats) this.#tellState(chat);
  }

  play(deeds: readonly PlannedDeed[]): void {
    let ms = 0;
    for (const deed of deeds) {
      ms += deed.afterMs;
      this.#runUntil(ms);
      this.#do(deed);
    }
    // Whatever was away is back, and everybody has had his turn.
    this.#runUntil(ms + 120_000);
  }

  #do(deed: Deed): void {
    switch (deed.what) {
      case 'say': {
        const chat = this.#chat(deed.visit);
        if (chat.state === 'ended') return;
        const lineId = `${chat.visitID}.${chat.lines.length + 1}`;
        chat.lines.push(lineId);
        this.said.push({ ms: this.#ms, visitID: chat.visitID, lineId });
        this.#tellLine(chat, lineId);
        return;
      }
      case 'state': {
        const chat = this.#chat(deed.visit);
        // Nobody ends a chat within a moment of another life or Backend: what was held there could only be told with the end.
        if (chat.state === 'ended' || (deed.state === 'ended' && chat.unheard > 0)) return;
        chat.state = deed.state;
        this.#tellState(chat);
        return;
      }
      case 'move': {
        const chat = this.#chat(deed.visit);
        this.#browserAt(chat, 1 - chat.at);
        return;
      }
      case 'kill': {
        const backend = this.#backend(deed.backend);
        backend.node = this.#newNode(deed.backend);
        backend.life += 1;
        for (const chat of this.#chats) if (chat.at === deed.backend) this.#browserAt(chat, deed.backend);
        return;
      }
      case 'away':
        if (this.#waiting !== undefined) return;
        this.#waiting = [];
        this.#later(deed.forMs, () => {
          const waiting = this.#waiting ?? [];
          this.#waiting = undefined;
          for (const pass of waiting) pass();
        });
        return;
      case 'twice':
        this.#twice = true;
    }
  }

  /** The browser hears by this Backend from now on, and asks there how its chat stands. */
  #browserAt(chat: PaperChat, backend: number): void {
    chat.at = backend;
    chat.unheard += 1;
    this.#give(backend, { type: 'chatResume', visitID: chat.visitID });
  }

  #contactCenterHears(message: ToContactCenter): void {
    if (message.type === 'chatResume') {
      const chat = this.#chats.find(({ visitID }) => visitID === message.visitID);
      if (chat === undefined) return;
      chat.via = this.#backends.findIndex(({ node }) => node.name === message.via);
      chat.unheard -= 1;
      if (chat.state !== 'ended') this.#tellState(chat);
      for (const lineId of chat.lines) this.#tellLine(chat, lineId);
      if (chat.state === 'ended') this.#tellState(chat);
    } else if (message.type === 'chatRefresh') {
      const via = this.#backends.findIndex(({ node }) => node.name === message.via);
      const gone = message.visitIDs.filter((visitID) => {
        const chat = this.#chats.find((one) => one.visitID === visitID);
        return chat === undefined || chat.via !== via || chat.state === 'ended';
      });
      this.#send(via, { type: 'chatRefreshed', refreshId: message.refreshId, gone });
    }
  }

  #tellState({ visitID, state, via }: PaperChat): void {
    this.#send(via, { type: 'chatUpdate', visitID, chatId: `c-${visitID}`, state });
  }

  #tellLine({ visitID, via }: PaperChat, lineId: string): void {
    this.#send(via, { type: 'chatLine', visitID, chatId: `c-${visitID}`, lineId, text: lineId });
  }

  /** What is on its way to a life that ends is lost. */
  #send(index: number, message: ToBackend & BackendEvent): void {
    const { life } = this.#backend(index);
    const times = this.#twice ? 2 : 1;
    this.#twice = false;
    for (let time = 0; time < times; time += 1) {
      this.#pass(() => {
        if (this.#backend(index).life === life) this.#give(index, message);
      });
    }
  }

  /** Between the contact center and a Backend, one way or the other. */
  #pass(arrive: () => void): void {
    if (this.#waiting === undefined) this.#later(LINK_MS, arrive);
    else this.#waiting.push(() => this.#later(LINK_MS, arrive));
  }

  #give(index: number, event: BackendEvent): void {
    const { node, life } = this.#backend(index);
    const by = `${node.name}~${life}`;
    if (event.type === 'chatLine') {
      const key = `${by} ${event.lineId}`;
      this.told.set(key, (this.told.get(key) ?? 0) + 1);
    }
    const out: Effect[] = [];
    node.handle(event, START + this.#ms, out);
    for (const effect of out) {
      if (effect.type === 'toBrowser') this.#show(effect.message, index, by);
      else if (effect.type === 'toContactCenter') {
        const { message } = effect;
        this.#pass(() => this.#contactCenterHears(message));
      } else if (effect.type === 'wake' && effect.timer.kind === 'chatsDue') {
        const { timer } = effect;
        this.#later(effect.at - START - this.#ms, () => {
          if (this.#backend(index).life === life) this.#give(index, { type: 'wake', timer });
        });
      }
    }
  }

  /** A browser hears nothing from where it is not. */
  #show(message: ToBrowser, index: number, by: string): void {
    if (message.type !== 'chatLine') return;
    const { visitID, lineId } = message;
    const chat = this.#chats.find((one) => one.visitID === visitID);
    if (chat?.at === index) this.shown.push({ ms: this.#ms, visitID, lineId, by });
  }

  #later(afterMs: number, run: () => void): void {
    this.#agenda.push({ ms: this.#ms + afterMs, run });
  }

  #runUntil(ms: number): void {
    for (;;) {
      this.#agenda.sort((one, other) => one.ms - other.ms);
      const next = this.#agenda[0];
      if (next === undefined || next.ms > ms) break;
      this.#agenda.shift();
      this.#ms = next.ms;
      next.run();
    }
    this.#ms = ms;
  }

  #newNode(index: number): BackendNode {
    return new BackendNode(`backend-${index + 1}`, this.#settings);
  }

  #chat(place: number): PaperChat {
    const chat = this.#chats[place % this.#chats.length];
    if (chat === undefined) throw new Error('there is a chat');
    return chat;
  }

  #backend(index: number): PaperBackend {
    const backend = this.#backends[index];
    if (backend === undefined) throw new Error(`no Backend ${index}`);
    return backend;
  }
}

/** What is not as it must be with what was shown, whatever has happened; empty: all is well. */
export function brokenDelivery(
  said: readonly Said[],
  shown: readonly Shown[],
  told: ReadonlyMap<string, number>,
): readonly string[] {
  const broken: string[] = [];
  for (const visitID of new Set([...said, ...shown].map((one) => one.visitID))) {
    const lines = said.flatMap((one) => (one.visitID === visitID ? [one.lineId] : []));
    // A browser shows a line that it has shown no second time.
    const seen = new Set(shown.flatMap((one) => (one.visitID === visitID ? [one.lineId] : [])));
    const missing = lines.filter((lineId) => !seen.has(lineId));
    if (missing.length > 0) broken.push(`lost: ${missing.join(', ')}`);
    else if ([...seen].join() !== lines.join()) broken.push(`out of order: ${[...seen].join(', ')}`);
  }
  const times = new Map<string, number>();
  for (const { by, lineId } of shown) times.set(`${by} ${lineId}`, (times.get(`${by} ${lineId}`) ?? 0) + 1);
  for (const [key, count] of times) {
    if (count > (told.get(key) ?? 0)) broken.push(`shown ${count} times, told ${told.get(key) ?? 0}: ${key}`);
  }
  return broken;
}
