/** What the simulator's people have said in the chats under way: a visitor's hello when his chat begins, and the welcome in answer. */
import type { ChatUpdate, DeskLine, DeskMessage, VisitorLine } from '#core/messages.ts';
import { helloOf, welcomeOf } from '#crowd/small-talk.ts';

export class SimTalk {
  readonly #greeted = new Set<string>();
  readonly #welcomed = new Set<string>();

  /** What the visitor says when he hears it; undefined: nothing. */
  visitorHears({ visitID, chatId, state }: ChatUpdate): VisitorLine | undefined {
    if (state === 'ended') {
      this.#greeted.delete(chatId);
      this.#welcomed.delete(chatId);
    }
    if (state !== 'started' || this.#greeted.has(chatId)) return undefined;
    this.#greeted.add(chatId);
    return helloOf(visitID, chatId);
  }

  /** What the agent says when he hears it; undefined: nothing. */
  agentHears({ agentId, chatId }: DeskLine): DeskMessage | undefined {
    if (this.#welcomed.has(chatId)) return undefined;
    this.#welcomed.add(chatId);
    return welcomeOf(agentId, chatId);
  }
}
