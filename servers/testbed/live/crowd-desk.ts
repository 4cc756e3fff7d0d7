/**
 * One agent's desk over Bayeux: he logs in whenever its connection is there (again) or the contact center has come back,
 * with what he has in hand; what was not confirmed is said again, and what comes back is taken over.
 */
import { assertNever } from '#core/assert.ts';
import type { DeskAction, DeskMessage, ToDesk } from '#core/messages.ts';
import type { DeskAgent } from '#crowd/desk-agent.ts';
import { welcomeOf } from '#crowd/small-talk.ts';
import { DESK_SERVICE, deskChannel } from '#protocol/wire-desk.ts';
import { ActionQueue, type ActionCounts } from './crowd-actions.ts';
import type { BayeuxClient } from './crowd-bayeux-client.ts';
import type { CrowdConnections } from './crowd-connections.ts';
import { CookieJar } from './crowd-cookie-jar.ts';
import { parseDeskNews } from './crowd-desk-news.ts';

export interface DeskParts {
  readonly connections: CrowdConnections;
  readonly counts: ActionCounts;
  readonly onNews: (desk: Desk, news: ToDesk) => void;
}

export class Desk {
  readonly agent: DeskAgent;
  readonly #parts: DeskParts;
  readonly #client: BayeuxClient;
  readonly #actions: ActionQueue<DeskMessage>;
  /** Chats whose visitor was answered; each is, once. */
  readonly #answered = new Set<string>();
  #login: DeskAction | undefined;

  constructor(agent: DeskAgent, parts: DeskParts) {
    this.agent = agent;
    this.#parts = parts;
    const { connections, counts, onNews } = parts;
    this.#client = connections.desk({
      jar: new CookieJar(),
      subscription: deskChannel(agent.agentId),
      onUp: () => this.#actions.up(),
      onData: (_channel, data) => {
        const news = parseDeskNews(agent.agentId, data);
        if (news !== undefined) onNews(this, news);
      },
    });
    this.#actions = new ActionQueue<DeskMessage>({
      client: this.#client,
      channel: DESK_SERVICE,
      preface: () => {
        if (!agent.isOnDuty) return undefined;
        agent.logIn();
        return this.#login;
      },
      counts,
      onEmpty: () => {
        if (!agent.isOnDuty) this.close();
      },
    });
  }

  get up(): boolean {
    return this.#client.up;
  }

  /** What the agent does. His log-in is what is said first on a connection; the first one opens it. */
  act(action: DeskMessage): void {
    if (action.type === 'login') {
      this.#login = action;
      this.#client.open();
      return;
    }
    if (action.type === 'done') this.#answered.delete(action.chatId);
    this.#actions.add(action);
  }

  /** What the contact center said has come to the desk. */
  handle(news: ToDesk, nowUs: number): void {
    switch (news.type) {
      case 'chatOffer':
        return this.agent.offered(news.chatId, nowUs);
      case 'chatClosed':
        return this.agent.closed(news.chatId, nowUs);
      case 'deskNotReady':
        return this.agent.madeNotReady(nowUs);
      case 'deskLine':
        return this.#answerLine(news.chatId);
      case 'deskState':
        return this.agent.takeState(news.chats, nowUs);
      case 'deskResume':
        if (this.#client.up) this.#actions.up();
        return undefined;
      case 'followUps':
        return this.agent.toldFollowUps(news.followUps);
      default:
        return assertNever(news, 'desk news');
    }
  }

  close(): void {
    this.#parts.connections.close(this.#client);
    this.#actions.close();
  }

  #answerLine(chatId: string): void {
    if (this.#answered.has(chatId)) return;
    this.#answered.add(chatId);
    this.act(welcomeOf(this.agent.agentId, chatId));
  }
}
