/**
 * A visitor's side of one chat over Bayeux: asks for it, says a line when it starts, and asks how it stands whenever the
 * connection is back. What arrives is told as it was said; the visitor knows what he has seen.
 */
import type { ChatAction, ChatRequest, ChatUpdate, ReactiveChat } from '#core/messages.ts';
import { helloOf } from '#crowd/small-talk.ts';
import { CHAT_SERVICE, chatChannel } from '#protocol/wire-chat.ts';
import { ActionQueue, type ActionCounts } from './crowd-actions.ts';
import { fieldsOf } from './crowd-bayeux-carrier.ts';
import type { BayeuxClient } from './crowd-bayeux-client.ts';
import type { CrowdConnections } from './crowd-connections.ts';
import type { CookieJar } from './crowd-cookie-jar.ts';

export interface CrowdChatParts {
  readonly connections: CrowdConnections;
  readonly jar: CookieJar;
  readonly visitID: string;
  readonly counts: ActionCounts;
  readonly onUpdate: (update: ChatUpdate) => void;
  readonly onLine: () => void;
}

export class CrowdChat {
  readonly #parts: CrowdChatParts;
  readonly #client: BayeuxClient;
  readonly #actions: ActionQueue<ChatAction>;
  readonly #linesSeen = new Set<string>();
  /** Of the chat that came of the request, once it is known. */
  #chatId: string | undefined;
  #wasUp = false;
  #hasSpoken = false;
  #isLeaving = false;

  constructor(parts: CrowdChatParts) {
    this.#parts = parts;
    const { connections, jar, visitID, counts } = parts;
    this.#client = connections.chat({
      jar,
      subscription: chatChannel(visitID),
      onUp: () => this.#actions.up(),
      onData: (_channel, data) => this.#take(data),
    });
    this.#actions = new ActionQueue<ChatAction>({
      client: this.#client,
      channel: CHAT_SERVICE,
      preface: () => this.#preface(),
      counts,
      onEmpty: () => {
        if (this.#isLeaving) this.close();
      },
    });
  }

  ask(request: ChatRequest | ReactiveChat): void {
    this.#actions.add(request);
    this.#client.open();
  }

  /** Leaves the number; the connection is closed when that is confirmed. */
  askForCallback(interactionId: string, phone: string, inMs: number): void {
    this.#isLeaving = true;
    const { visitID } = this.#parts;
    this.#actions.add({ type: 'callbackRequest', visitID, interactionId, phone, inMs });
    this.#client.open();
  }

  get chatId(): string | undefined {
    return this.#chatId;
  }

  /** The visitor says a line, once; true: now. */
  speak(chatId: string): boolean {
    if (this.#hasSpoken) return false;
    this.#hasSpoken = true;
    this.#actions.add(helloOf(this.#parts.visitID, chatId));
    return true;
  }

  /** Says that the visitor leaves; the connection is closed when that is confirmed. */
  leave(): void {
    this.#isLeaving = true;
    this.#actions.add({ type: 'chatLeft', visitID: this.#parts.visitID });
  }

  /** The chat is over: nothing more to say. */
  close(): void {
    this.#parts.connections.close(this.#client);
    this.#actions.close();
  }

  #preface(): ChatAction | undefined {
    if (this.#wasUp) return { type: 'chatResume', visitID: this.#parts.visitID };
    this.#wasUp = true;
    return undefined;
  }

  #take(data: unknown): void {
    const { onLine } = this.#parts;
    const { type, chatId, state, lineId } = fieldsOf(data);
    if (typeof chatId !== 'string' || this.#isLeaving) return;
    if (type === 'chatUpdate' && (state === 'queued' || state === 'started' || state === 'ended')) {
      this.#hearUpdate(chatId, state);
    } else if (type === 'chatLine' && typeof lineId === 'string' && !this.#linesSeen.has(lineId)) {
      this.#linesSeen.add(lineId);
      onLine();
    }
  }

  /** `ended` without an id answers `chatResume` where there is no chat: the one that there was is over. */
  #hearUpdate(saidChatId: string, state: ChatUpdate['state']): void {
    const { visitID, onUpdate } = this.#parts;
    if (state !== 'ended') this.#chatId = saidChatId;
    const chatId = saidChatId === '' ? this.#chatId : saidChatId;
    if (chatId !== undefined) onUpdate({ type: 'chatUpdate', visitID, chatId, state });
  }
}
