/**
 * A Backend's chats, and when their visitors see what is said (`service:wes`). The original asks its Chat Server for what is new in
 * each chat, every `refreshPeriod`. Here a line comes to the Backend as soon as it is said and is held; a refresh asks the contact
 * center, and as a link keeps its order, the answer proves that all that was said before is here: then it is shown (ADR 0029).
 *
 *   line comes ----------------------------> held
 *   refresh asked and answered ------------> all that is held is shown, in the order in which it was said
 *   the chat begins, waits again, is over -> what is held is shown at once, then the state
 *   no answer within `requestTimeout` -----> told; what is held stays, and the chat is asked for at its next turn
 *   the browser is back -------------------> its next turn is the next slot
 *
 * Requests are made once in a slot of SLOT_MS, one by each thread of the pool that is free; chats that find none wait, the longest
 * waiting first. So `n` chats whose requests take `r` are refreshed every max(refreshPeriod, n x max(SLOT_MS, r) / requestPoolSize),
 * and while the contact center is quick requestPoolSize = n / (refreshPeriod in seconds x 5) is enough: the guide's formula (L3405).
 *
 * A chat has one request under way at most. What is held is lost only with the node; then its browser comes back to another life or
 * Backend, and the contact center tells everything again.
 */
import type { Effect } from '#core/effects.ts';
import type { ChatLine, ChatRefreshed, ChatUpdate } from '#core/messages.ts';
import { RequestPool, type RefreshRequest } from './request-pool.ts';

export interface ChatDeliverySettings {
  /** `refreshPeriod`: between two refreshes of a chat; a multiple of SLOT_MS. */
  readonly refreshPeriodMs: number;
  readonly requestTimeoutMs: number;
  /** Chats that are asked for at the same time, at most. */
  readonly requestPoolSize: number;
}

/** A thread makes five requests a second, as the guide's formula supposes. */
export const SLOT_MS = 200;

interface OpenChat {
  readonly visitID: string;
  /** As its browser was told last; undefined: not yet. */
  state: ChatUpdate['state'] | undefined;
  /** Its next turn. */
  dueAt: number;
  request: RefreshRequest<OpenChat> | undefined;
  /** Its browser has come back, and no refresh that was asked for since has been answered. */
  isResuming: boolean;
  /** It has come back while a request was under way, whose answer does not count. */
  isOutdated: boolean;
  held: { readonly line: ChatLine; readonly since: number }[];
}

export class ChatDelivery {
  /** Chats asked for, and those of which no answer came in time, since the start. */
  requests = 0;
  timeouts = 0;
  readonly #backend: string;
  readonly #periodMs: number;
  readonly #pool: RequestPool<OpenChat>;
  readonly #chats = new Map<string, OpenChat>();
  /** The wake-up that counts; Infinity: none is asked for. */
  #wakeAt = Infinity;
  /** The slot in which requests were made last. */
  #slot = -Infinity;
  #messages = 0;

  constructor(backend: string, { refreshPeriodMs, requestTimeoutMs, requestPoolSize }: ChatDeliverySettings) {
    this.#backend = backend;
    this.#periodMs = refreshPeriodMs;
    this.#pool = new RequestPool(requestPoolSize, requestTimeoutMs);
  }

  /** Chats that are refreshed. */
  get open(): number {
    return this.#chats.size;
  }

  /** Lines that wait for a refresh. */
  get held(): number {
    let held = 0;
    for (const chat of this.#chats.values()) held += chat.held.length;
    return held;
  }

  said(line: ChatLine, at: number, out: Effect[]): void {
    const { held } = this.#openChat(line.visitID, at, out);
    const place = held.findIndex((one) => isSame(one.line, line));
    // Told again, after all that was said before it.
    const since = place < 0 ? at : (held.splice(place, 1)[0]?.since ?? at);
    held.push({ line, since });
  }

  updated(update: ChatUpdate, at: number, out: Effect[]): void {
    const { visitID, state } = update;
    if (state === 'ended') {
      const chat = this.#chats.get(visitID);
      if (chat !== undefined) this.#close(chat, at, out);
    } else {
      const chat = this.#openChat(visitID, at, out);
      if (chat.state !== state && !chat.isResuming) show(chat, at, out);
      chat.state = state;
    }
    out.push({ type: 'toBrowser', visitID, message: update });
  }

  /**
   * The contact center is asked how the chat stands, and tells all that was said; a refresh behind that shows it. Until then what
   * is held may lack what a life before has held.
   */
  resumed(visitID: string, at: number, out: Effect[]): void {
    const chat = this.#openChat(visitID, at, out);
    chat.isResuming = true;
    if (chat.request === undefined) chat.dueAt = Math.min(chat.dueAt, at);
    else chat.isOutdated = true;
    this.#arm(at, out);
  }

  refreshed({ refreshId, gone }: ChatRefreshed, at: number, out: Effect[]): void {
    const request = this.#pool.end(refreshId);
    if (request === undefined) return;
    for (const chat of request.chats) {
      const { isOutdated } = chat;
      this.#settle(chat, request, at);
      if (isOutdated || this.#chats.get(chat.visitID) !== chat) continue;
      chat.isResuming = false;
      if (gone.includes(chat.visitID)) this.#close(chat, at, out);
      else show(chat, at, out);
    }
    this.#ask(at, out);
    this.#arm(at, out);
  }

  /** A wake-up that has become stale, as an earlier one was asked for since, changes nothing. */
  due(at: number, out: Effect[]): void {
    if (at < this.#wakeAt) return;
    this.#wakeAt = Infinity;
    this.#giveUp(at, out);
    this.#ask(at, out);
    this.#arm(at, out);
  }

  #openChat(visitID: string, at: number, out: Effect[]): OpenChat {
    let chat = this.#chats.get(visitID);
    if (chat === undefined) {
      const dueAt = slotOf(at) + this.#periodMs;
      const fresh = { state: undefined, request: undefined, isResuming: false, isOutdated: false };
      chat = { visitID, dueAt, ...fresh, held: [] };
      this.#chats.set(visitID, chat);
      this.#arm(at, out);
    }
    return chat;
  }

  #close(chat: OpenChat, at: number, out: Effect[]): void {
    show(chat, at, out);
    this.#chats.delete(chat.visitID);
  }

  #giveUp(at: number, out: Effect[]): void {
    for (let late = this.#pool.endOverdue(at); late !== undefined; late = this.#pool.endOverdue(at)) {
      const chats = late.chats.length;
      this.timeouts += chats;
      for (const chat of late.chats) this.#settle(chat, late, at);
      out.push({ type: 'note', fact: { kind: 'refreshTimedOut', at, backend: this.#backend, chats } });
    }
  }

  /** As many chats that are due as there are free threads, once a slot. */
  #ask(at: number, out: Effect[]): void {
    const slot = slotOf(at);
    if (slot === this.#slot) return;
    const due: OpenChat[] = [];
    for (const chat of this.#chats.values()) if (chat.request === undefined && chat.dueAt <= at) due.push(chat);
    const chats = due.sort((one, other) => one.dueAt - other.dueAt).slice(0, this.#pool.free);
    if (chats.length === 0) return;
    this.#slot = slot;
    this.#messages += 1;
    // The time keeps the ids of this life apart from those of the lives before.
    const request = { refreshId: `${this.#backend}.${at}.${this.#messages}`, askedAt: at, chats };
    this.#pool.begin(request);
    this.requests += chats.length;
    for (const chat of chats) {
      chat.request = request;
      chat.dueAt = slot + this.#periodMs;
    }
    const visitIDs = chats.map(({ visitID }) => visitID);
    const { refreshId } = request;
    out.push({ type: 'toContactCenter', message: { type: 'chatRefresh', refreshId, visitIDs, via: this.#backend } });
  }

  /** Its next turn: the first of those every `periodMs` since it was asked for that is not over. */
  #settle(chat: OpenChat, { askedAt }: RefreshRequest<OpenChat>, at: number): void {
    const slot = slotOf(askedAt);
    const turns = Math.max(1, Math.ceil((at - slot) / this.#periodMs));
    chat.dueAt = chat.isOutdated ? at : slot + turns * this.#periodMs;
    chat.isOutdated = false;
    chat.request = undefined;
  }

  /** Asks to be woken when there is something to do next, unless it is already. */
  #arm(at: number, out: Effect[]): void {
    let next = this.#pool.overdueAt;
    const canAsk = this.#pool.free > 0;
    for (const { dueAt, request } of this.#chats.values()) {
      if (dueAt > at) next = Math.min(next, dueAt);
      else if (canAsk && request === undefined) next = Math.min(next, slotOf(at) + SLOT_MS);
    }
    if (next >= this.#wakeAt) return;
    this.#wakeAt = next;
    out.push({ type: 'wake', at: next, timer: { kind: 'chatsDue' } });
  }
}

function slotOf(at: number): number {
  return at - (at % SLOT_MS);
}

function isSame(one: ChatLine, other: ChatLine): boolean {
  return one.chatId === other.chatId && one.lineId === other.lineId && one.text === other.text;
}

function show(chat: OpenChat, at: number, out: Effect[]): void {
  const { visitID, held } = chat;
  if (held.length === 0) return;
  chat.held = [];
  for (const { line, since } of held) {
    out.push({ type: 'toBrowser', visitID, message: line });
    out.push({ type: 'note', fact: { kind: 'lineShown', at, visitID, chatId: line.chatId, heldMs: at - since } });
  }
}
