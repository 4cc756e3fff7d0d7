/**
 * The chats that a simulated agent has in hand, and how much work is left of each. With several at once each goes slower:
 * of n in work (talking or after-work) each is done at the rate 1 / factor(n), and whenever n changes the rest of each is
 * planned anew, so that no work is lost or done twice. Times are kernel microseconds.
 */
export type ChatPhase = 'ringing' | 'talking' | 'afterWork';

export interface ChatInHand {
  phase: ChatPhase;
  /** Grows with each wake-up that is planned: tells a stale one. */
  turn: number;
  /** Work left at `sinceUs`, as long as it takes with one chat alone, us. */
  leftUs: number;
  sinceUs: number;
  /**
   * What the agent will do at its end: reject what rings, pass a conversation on, hear that somebody or nobody answers his
   * call, agree on another time, or what everybody does.
   */
  plan: 'serve' | 'reject' | 'passOn' | 'connect' | 'hangUp' | 'reschedule';
}

/** How many times as long work takes with `chats` in hand; undefined: as long as with one. */
export type Slowdown = ((chats: number) => number) | undefined;

export type PlanWake = (chatId: string, atUs: number, turn: number) => void;

export class ChatsInHand {
  readonly #chats = new Map<string, ChatInHand>();
  readonly #slowdown: Slowdown;
  readonly #wake: PlanWake;
  #inWork = 0;

  constructor(slowdown: Slowdown, wake: PlanWake) {
    this.#slowdown = slowdown;
    this.#wake = wake;
  }

  get count(): number {
    return this.#chats.size;
  }

  get all(): Iterable<readonly [string, ChatInHand]> {
    return this.#chats;
  }

  get(chatId: string): ChatInHand | undefined {
    return this.#chats.get(chatId);
  }

  /** The chat rings; `afterUs` until the agent does something about it, undefined: he doesn't. */
  ring(chatId: string, afterUs: number | undefined, nowUs: number): void {
    this.#chats.set(chatId, { phase: 'ringing', turn: 0, leftUs: 0, sinceUs: nowUs, plan: 'serve' });
    if (afterUs !== undefined) this.#wake(chatId, nowUs + afterUs, 0);
  }

  /** On to work of `workUs`; before it a chat rang, or other work on it is over. */
  begin(chatId: string, chat: ChatInHand, phase: 'talking' | 'afterWork', workUs: number, nowUs: number): void {
    const isNew = chat.phase === 'ringing';
    chat.phase = phase;
    chat.leftUs = workUs;
    chat.sinceUs = nowUs;
    if (isNew) this.#changeInWork(1, nowUs, chat);
    this.#plan(chatId, chat, nowUs);
  }

  drop(chatId: string, nowUs: number): void {
    const chat = this.#chats.get(chatId);
    if (chat === undefined) return;
    this.#chats.delete(chatId);
    if (chat.phase !== 'ringing') this.#changeInWork(-1, nowUs, chat);
  }

  /** What was done so far was done at the old rate; the rest of every other chat is planned at the new one. */
  #changeInWork(by: number, nowUs: number, cause: ChatInHand): void {
    const before = this.#inWork;
    this.#inWork += by;
    if (this.#slowdown === undefined) return;
    const was = this.#slowdown(Math.max(1, before));
    for (const [chatId, chat] of this.#chats) {
      if (chat === cause || chat.phase === 'ringing') continue;
      chat.leftUs = Math.max(0, chat.leftUs - (nowUs - chat.sinceUs) / was);
      chat.sinceUs = nowUs;
      this.#plan(chatId, chat, nowUs);
    }
  }

  #plan(chatId: string, chat: ChatInHand, nowUs: number): void {
    chat.turn += 1;
    const factor = this.#slowdown?.(this.#inWork) ?? 1;
    this.#wake(chatId, nowUs + Math.round(chat.leftUs * factor), chat.turn);
  }
}
