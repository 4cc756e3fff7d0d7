/**
 * The visitors of a crowd in their browsers: each has cookies, an outbox for events, a connection for notifications while
 * he is on the site, and one for his chat while there is one.
 */
import type { ChatRequest, ChatUpdate, DispositionCode, Invite, ReactiveChat } from '#core/messages.ts';
import type { RandomSource, RandomStream } from '#core/random/stream.ts';
import type { BrowserEvent } from '#core/visits/event.ts';
import { Visitor, type VisitorOutlet, type VisitorWorld } from '#crowd/visitor.ts';
import { INVITE_CHANNEL, notificationChannel } from '#protocol/wire-notification.ts';
import { fieldsOf } from './crowd-bayeux-carrier.ts';
import type { BayeuxClient } from './crowd-bayeux-client.ts';
import { CrowdChat } from './crowd-chat.ts';
import type { CrowdConnections } from './crowd-connections.ts';
import { CookieJar } from './crowd-cookie-jar.ts';
import { VisitDispositions } from './crowd-dispositions.ts';
import type { CrowdDriver } from './crowd-driver.ts';
import type { CrowdHttp } from './crowd-http.ts';
import type { CrowdIntake, VisitOutbox } from './crowd-intake.ts';
import { askReactiveState } from './crowd-reactive.ts';
import { createRequestCounts } from './crowd-ledger.ts';
import type { CrowdSender } from './crowd-sender.ts';

export interface CrowdVisitorsParts {
  readonly driver: CrowdDriver;
  readonly intake: CrowdIntake;
  readonly sender: CrowdSender;
  readonly connections: CrowdConnections;
  readonly http: CrowdHttp;
  readonly jitter: RandomStream;
  /** Kernel time at which the run begins. */
  readonly originUs: number;
  readonly random: RandomSource;
  readonly world: Omit<VisitorWorld, 'outlet'>;
}

/** The cookie by which the balancer knows the Frontend of a browser. */
const FRONTEND_ROUTE = 'FRONTEND_ROUTEID';

/** A visitor and what his browser holds. */
interface Browser {
  readonly visitor: Visitor;
  readonly jar: CookieJar;
  readonly outbox: VisitOutbox;
  readonly dispositions: VisitDispositions;
  readonly invitesSeen: Set<string>;
  notifications: BayeuxClient | undefined;
  /** The Frontend that he listens to, as its cookie names it. */
  listensTo: string | undefined;
  chat: CrowdChat | undefined;
}

interface HeardInvite {
  readonly browser: Browser;
  readonly message: Invite;
}

interface HeardUpdate {
  readonly browser: Browser;
  readonly chat: CrowdChat;
  readonly message: ChatUpdate;
}

export class CrowdVisitors implements VisitorOutlet {
  readonly dispositions = createRequestCounts();
  readonly chatActions = { sent: 0, confirmed: 0, failed: 0 };
  /** What has reached visitors. */
  readonly heard = { invites: 0, chatsAsked: 0, chatsStarted: 0, lines: 0 };
  readonly #parts: CrowdVisitorsParts;
  readonly #world: VisitorWorld;
  readonly #browsers = new Map<Visitor, Browser>();
  #live = false;

  constructor(parts: CrowdVisitorsParts) {
    this.#parts = parts;
    this.#world = { ...parts.world, outlet: this };
  }

  get open(): number {
    return this.#browsers.size;
  }

  arrive(ordinal: number, nowUs: number): void {
    const { random, intake, sender } = this.#parts;
    const browsing = random.stream('visitor-browsing', ordinal);
    const answering = random.stream('visitor-answers', ordinal);
    const helping = this.#world.habits.help === undefined ? undefined : random.stream('visitor-help', ordinal);
    const visitor = new Visitor(this.#world, ordinal, browsing, answering, helping);
    const jar = new CookieJar();
    const { visitID } = visitor;
    const browser: Browser = {
      visitor,
      jar,
      outbox: intake.createOutbox(visitID, jar, () => this.#listenWhereHeard(browser)),
      dispositions: new VisitDispositions(sender, this.dispositions, visitID, jar),
      invitesSeen: new Set(),
      notifications: undefined,
      listensTo: undefined,
      chat: undefined,
    };
    this.#browsers.set(visitor, browser);
    visitor.arrive(nowUs);
  }

  /** The events so far of everyone on the site, by visit; from now on they are told to nobody. */
  takePasts(): readonly (readonly BrowserEvent[])[] {
    const pasts: (readonly BrowserEvent[])[] = [];
    for (const { visitor } of this.#browsers.values()) {
      if (visitor.past !== undefined) pasts.push(visitor.past);
      visitor.past = undefined;
    }
    return pasts;
  }

  /** From now on events are sent; who is on the site listens for invites. */
  goLive(): void {
    this.#live = true;
    for (const browser of this.#browsers.values()) this.#listen(browser);
  }

  close(): void {
    for (const { notifications, chat } of this.#browsers.values()) {
      if (notifications !== undefined) this.#parts.connections.close(notifications);
      chat?.close();
    }
    this.#browsers.clear();
  }

  postEvent(visitor: Visitor, event: BrowserEvent): void {
    if (this.#live) this.#browsers.get(visitor)?.outbox.post(event);
    else (visitor.past ??= []).push(event);
  }

  postDisposition(visitor: Visitor, interactionId: string, code: DispositionCode): void {
    this.#browsers.get(visitor)?.dispositions.post(interactionId, code);
  }

  requestChat(visitor: Visitor, interactionId: string): void {
    this.#openChat(visitor, { type: 'chatRequest', visitID: visitor.visitID, interactionId });
  }

  requestReactiveChat(visitor: Visitor, askId: string): void {
    this.#openChat(visitor, { type: 'reactiveChat', visitID: visitor.visitID, askId });
  }

  askReactiveState(visitor: Visitor, askId: string): void {
    const browser = this.#browsers.get(visitor);
    if (browser === undefined) return;
    const { http, jitter, driver } = this.#parts;
    const { visitID } = visitor;
    const wanted = (): boolean => this.#browsers.has(visitor) && visitor.isAsking;
    void askReactiveState(http, jitter, { visitID, askId, jar: browser.jar, wanted }).then((share) => {
      if (share !== undefined) driver.enter(hearReactiveState, { visitor, share }, 0);
    });
  }

  /** Before the run nobody looks for help, as nobody is invited. */
  wakeToSeekHelp(visitor: Visitor, atUs: number): void {
    if (atUs >= this.#parts.originUs) this.#parts.driver.kernel.schedule(atUs, seekHelp, visitor, 0);
  }

  #openChat(visitor: Visitor, request: ChatRequest | ReactiveChat): void {
    const browser = this.#browsers.get(visitor);
    if (browser === undefined) return;
    const { connections, driver } = this.#parts;
    this.heard.chatsAsked += 1;
    browser.chat?.close();
    const chat: CrowdChat = new CrowdChat({
      connections,
      jar: browser.jar,
      visitID: visitor.visitID,
      counts: this.chatActions,
      onUpdate: (message) => driver.enter(this.#hearUpdate, { browser, chat, message }, 0),
      onLine: () => {
        this.heard.lines += 1;
      },
    });
    browser.chat = chat;
    chat.ask(request);
  }

  requestCallback(visitor: Visitor, interactionId: string, phone: string, inMs: number): void {
    const browser = this.#browsers.get(visitor);
    if (browser === undefined) return;
    const { connections } = this.#parts;
    const nothing = (): void => undefined;
    const parts = { connections, jar: browser.jar, visitID: visitor.visitID, counts: this.chatActions };
    new CrowdChat({ ...parts, onUpdate: nothing, onLine: nothing }).askForCallback(interactionId, phone, inMs);
  }

  leaveChat(visitor: Visitor): void {
    const browser = this.#browsers.get(visitor);
    browser?.chat?.leave();
    if (browser !== undefined) browser.chat = undefined;
  }

  wakeToBrowse(visitor: Visitor, atUs: number): void {
    this.#parts.driver.kernel.schedule(atUs, browse, visitor, 0);
  }

  wakeToAnswer(visitor: Visitor, atUs: number, turn: number): void {
    this.#parts.driver.kernel.schedule(atUs, answer, visitor, turn);
  }

  leftSite(visitor: Visitor): void {
    const browser = this.#browsers.get(visitor);
    this.#browsers.delete(visitor);
    if (browser?.notifications !== undefined) this.#parts.connections.close(browser.notifications);
  }

  /**
   * Invites come from the Frontend that has the visit's events: the first answer tells which it is, and a later one that it
   * is another now.
   */
  #listenWhereHeard(browser: Browser): void {
    const { visitor, jar, notifications, listensTo } = browser;
    if (this.#browsers.get(visitor) !== browser) return;
    if (notifications?.up === true && listensTo !== jar.get(FRONTEND_ROUTE)) {
      this.#parts.connections.close(notifications);
      this.#listen(browser);
    } else if (notifications === undefined) {
      this.#listen(browser);
    }
  }

  #listen(browser: Browser): void {
    const { connections, driver } = this.#parts;
    browser.notifications = connections.notifications({
      jar: browser.jar,
      subscription: notificationChannel(browser.visitor.visitID),
      onUp: () => {
        browser.listensTo = browser.jar.get(FRONTEND_ROUTE);
      },
      onData: (_channel, data) => {
        for (const message of parseInvites(browser.visitor.visitID, data)) {
          driver.enter(this.#hearInvite, { browser, message }, 0);
        }
      },
    });
    browser.notifications.open();
  }

  /** One that was seen before is not shown again. */
  readonly #hearInvite = ({ browser, message }: HeardInvite, _detail: number, nowUs: number): void => {
    const { visitor, invitesSeen } = browser;
    if (visitor.gone || invitesSeen.has(message.interactionId)) return;
    invitesSeen.add(message.interactionId);
    this.heard.invites += 1;
    visitor.invite(message, nowUs);
  };

  /** Not from a chat that the visitor has left. */
  readonly #hearUpdate = ({ browser, chat, message }: HeardUpdate, _detail: number, nowUs: number): void => {
    if (browser.chat !== chat) return;
    if (message.state === 'started' && chat.speak(message.chatId)) this.heard.chatsStarted += 1;
    if (message.state === 'ended' && chat.chatId === message.chatId) {
      chat.close();
      browser.chat = undefined;
    }
    browser.visitor.chatUpdate(message, nowUs);
  };
}

function browse(visitor: Visitor, _detail: number, nowUs: number): void {
  visitor.browse(nowUs);
}

function seekHelp(visitor: Visitor): void {
  visitor.seekHelp();
}

interface HeardShare {
  readonly visitor: Visitor;
  readonly share: number | null;
}

function hearReactiveState({ visitor, share }: HeardShare, _detail: number, nowUs: number): void {
  visitor.hearReactiveState(share, nowUs);
}

function answer(visitor: Visitor, turn: number, nowUs: number): void {
  visitor.answerNow(turn, nowUs);
}

/** The invites among what came: one notification or several. */
function parseInvites(visitID: string, given: unknown): readonly Invite[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  return list.flatMap((item) => {
    const { channel, data } = fieldsOf(item);
    const { interactionId, frontend, channel: engagement, rule, timeoutMs, ...more } = fieldsOf(data);
    if (channel !== INVITE_CHANNEL || typeof interactionId !== 'string' || typeof timeoutMs !== 'number') return [];
    return [
      {
        type: 'invite',
        interactionId,
        visitID,
        frontend: typeof frontend === 'string' ? frontend : '',
        channel: engagement === 'proactiveCallback' ? engagement : 'proactiveChat',
        rule: typeof rule === 'string' ? rule : '',
        attemptNumber: typeof more['attemptNumber'] === 'number' ? more['attemptNumber'] : 1,
        registrationRequired: more['registrationRequired'] === true,
        timeoutMs,
      },
    ];
  });
}
