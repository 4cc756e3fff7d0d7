/**
 * A simulated visitor: browses a site, answers an invite or not, waits for a chat with his own patience, and goes on
 * browsing after it.
 *
 * Browsing: VisitStarted, then page after page: PageEntered, business and identity events at times spread evenly over
 * the stay, PageExited; after each page he goes on with probability 1 - 1/depth. One wake-up is under way at a time.
 *
 * Engagement: none --invite--> invited --accept--> (form) --> waiting --started--> chatting --ended--> none; a chat that
 * is passed on to another agent goes from chatting back to waiting. While he
 * fills the form, waits or chats he stays on his page: the rest of the visit moves back by that long. Who looks for help
 * himself: none --seekHelp--> asking --let in--> waiting, or back to none. Times are kernel microseconds.
 */
import type { DurationSampler } from '#core/random/duration-sampler.ts';
import type { RandomStream } from '#core/random/stream.ts';
import { samplePoisson } from '#core/random/count-sampler.ts';
import { present } from '#core/assert.ts';
import type { BrowserEvent, EventData, EventType } from '#core/visits/event.ts';
import type { ChatUpdate, DispositionCode, EngagementChannel, Invite } from '#core/messages.ts';
import type { CrowdPage, CrowdSite } from './crowd-site.ts';
import { visitStartedOf } from './user-agents.ts';

const US_PER_MS = 1_000;
const NO_DATA: EventData = {};
const IDENTITY_EVENTS = ['SignIn', 'UserInfo', 'SignOut'] as const;

/** What a visitor does reaches the world through this port; all calls are synchronous. */
export interface VisitorOutlet {
  postEvent(visitor: Visitor, event: BrowserEvent): void;
  postDisposition(visitor: Visitor, interactionId: string, code: DispositionCode): void;
  requestChat(visitor: Visitor, interactionId: string): void;
  requestCallback(visitor: Visitor, interactionId: string, phone: string, inMs: number): void;
  /** His page asks which share of visitors like him is let in, for `hearReactiveState`. */
  askReactiveState(visitor: Visitor, askId: string): void;
  /** He was let in and asks for the chat. */
  requestReactiveChat(visitor: Visitor, askId: string): void;
  leaveChat(visitor: Visitor): void;
  /** Wake me to browse on; there is never more than one such wake-up under way. */
  wakeToBrowse(visitor: Visitor, atUs: number): void;
  /** Wake me to look for help, once. */
  wakeToSeekHelp(visitor: Visitor, atUs: number): void;
  /** Wake me to go on with an invite or chat; `turn` tells a stale wake-up from a valid one. */
  wakeToAnswer(visitor: Visitor, atUs: number, turn: number): void;
  leftSite(visitor: Visitor): void;
}

/** How visitors answer, made ready. */
export interface VisitorHabits {
  readonly acceptShare: number;
  readonly rejectShare: number;
  readonly responseMs: DurationSampler;
  readonly patienceMs: DurationSampler;
  readonly formFillMs: DurationSampler | undefined;
  readonly formAbandonShare: number;
  /** When visitors who ask for a callback want to be called: a share of them later. */
  readonly callbackLaterShare: number;
  readonly callbackLaterMs: DurationSampler;
  /** Who looks for help himself, and how long after his arrival; undefined: nobody does. */
  readonly help: { readonly share: number; readonly afterMs: DurationSampler } | undefined;
}

/** Everything that visitors of a run share. */
export interface VisitorWorld {
  readonly site: CrowdSite;
  readonly habits: VisitorHabits;
  readonly outlet: VisitorOutlet;
  /** The browsers' clock: epoch ms of kernel time 0. */
  readonly clockMs: number;
}

type Engagement = 'none' | 'invited' | 'form' | 'asking' | 'waiting' | 'chatting';
type Answer = 'acceptCall' | 'reject' | 'timeout';

export class Visitor {
  readonly visitID: string;
  readonly globalVisitID: string;
  /** Set by the driver while the visit's past is recorded instead of sent. */
  past: BrowserEvent[] | undefined;
  readonly #world: VisitorWorld;
  readonly #visitStarted: EventData;
  readonly #browsing: RandomStream;
  readonly #answering: RandomStream;
  readonly #helping: RandomStream | undefined;
  #page: CrowdPage;
  #pageIndex: number;
  #pageID = '';
  #pages = 0;
  #events = 0;
  #pageEndUs = 0;
  #eventsLeft = 0;
  #identity: string | undefined;
  #signedIn = false;
  #gone = false;
  #engagement: Engagement = 'none';
  #turn = 0;
  #answer: Answer = 'timeout';
  #interactionId = '';
  #invitedTo: EngagementChannel = 'proactiveChat';
  #chatId: string | undefined;
  /** When browsing was due while he was held by a form or chat; undefined: not held up. */
  #heldSinceUs: number | undefined;

  /** All are streams of this visitor's own; `helping` where visitors may look for help themselves. */
  constructor(
    world: VisitorWorld,
    ordinal: number,
    browsing: RandomStream,
    answering: RandomStream,
    helping?: RandomStream,
  ) {
    this.visitID = `v${ordinal}`;
    this.globalVisitID = `g${ordinal}`;
    this.#world = world;
    this.#visitStarted = visitStartedOf(ordinal);
    this.#browsing = browsing;
    this.#answering = answering;
    this.#helping = helping;
    this.#pageIndex = world.site.chooseEntry(browsing);
    this.#page = present(world.site.pages[this.#pageIndex], 'entry page');
  }

  /** Waits for an agent or talks to one. */
  get isInChat(): boolean {
    return this.#engagement === 'waiting' || this.#engagement === 'chatting';
  }

  get gone(): boolean {
    return this.#gone;
  }

  /** Waits to hear which share is let in. */
  get isAsking(): boolean {
    return this.#engagement === 'asking';
  }

  arrive(nowUs: number): void {
    const { help } = this.#world.habits;
    if (help !== undefined && this.#helping !== undefined && this.#helping.next() < help.share) {
      const afterUs = Math.round(help.afterMs(this.#helping) * US_PER_MS);
      this.#world.outlet.wakeToSeekHelp(this, nowUs + afterUs);
    }
    this.#post('SYSTEM', 'VisitStarted', this.#visitStarted, nowUs);
    this.#enterPage(nowUs);
  }

  /** The browsing wake-up has come. */
  browse(nowUs: number): void {
    if (this.#engagement === 'form' || this.isInChat) {
      this.#heldSinceUs = nowUs;
      return;
    }
    if (this.#eventsLeft > 0) {
      this.#eventsLeft -= 1;
      this.#postOwnEvent(nowUs);
      this.#wakeForNext(nowUs);
      return;
    }
    this.#post('SYSTEM', 'PageExited', NO_DATA, nowUs);
    if (this.#browsing.next() < this.#world.site.goOnShare) {
      this.#pageIndex = this.#page.chooseNext(this.#browsing);
      this.#page = present(this.#world.site.pages[this.#pageIndex], 'next page');
      this.#enterPage(nowUs);
      return;
    }
    this.#gone = true;
    this.#turn += 1;
    this.#world.outlet.leftSite(this);
  }

  /**
   * An invite has reached the browser. A second one while the first is open, the same one once more, or one after he
   * has left is not shown.
   */
  invite(invite: Invite, nowUs: number): void {
    if (this.#gone || this.#engagement !== 'none' || invite.interactionId === this.#interactionId) return;
    const { habits, outlet } = this.#world;
    this.#engagement = 'invited';
    this.#interactionId = invite.interactionId;
    this.#invitedTo = invite.channel;
    outlet.postDisposition(this, invite.interactionId, 'shown');
    const mood = this.#answering.next();
    const responseUs = Math.round(habits.responseMs(this.#answering) * US_PER_MS);
    const timeoutUs = invite.timeoutMs * US_PER_MS;
    if (mood < habits.acceptShare) this.#answer = 'acceptCall';
    else if (mood < habits.acceptShare + habits.rejectShare) this.#answer = 'reject';
    else this.#answer = 'timeout';
    if (responseUs >= timeoutUs) this.#answer = 'timeout';
    this.#turn += 1;
    outlet.wakeToAnswer(this, nowUs + (this.#answer === 'timeout' ? timeoutUs : responseUs), this.#turn);
  }

  /** The wake-up of an invite, form or patience has come; a stale `turn` is ignored. */
  answerNow(turn: number, nowUs: number): void {
    if (turn !== this.#turn) return;
    switch (this.#engagement) {
      case 'invited':
        this.#answerInvite(nowUs);
        return;
      case 'form':
        this.#finishForm(nowUs);
        return;
      case 'waiting':
        this.#world.outlet.leaveChat(this);
        this.#goOn(nowUs);
        return;
      case 'none':
      case 'asking':
      case 'chatting':
    }
  }

  /** He looks for help, unless he has left, or is being helped or invited. */
  seekHelp(): void {
    if (this.#gone || this.#engagement !== 'none') return;
    this.#engagement = 'asking';
    this.askReactiveState();
  }

  /** He looks for help once in a visit. */
  get #askId(): string {
    return `${this.visitID}.a1`;
  }

  /** Asks (again): the answer may have been lost with a server. */
  askReactiveState(): void {
    this.#world.outlet.askReactiveState(this, this.#askId);
  }

  /**
   * As the guide's page has it: let in if a draw is at most the share; null: the algorithm does not look at reactive visitors,
   * so that there is nothing to ask, and he is let in. A second answer is ignored.
   */
  hearReactiveState(share: number | null, nowUs: number): void {
    if (this.#gone || this.#engagement !== 'asking' || this.#helping === undefined) return;
    const isLetIn = this.#helping.next() <= (share ?? 1);
    if (!isLetIn) {
      this.#engagement = 'none';
      return;
    }
    this.#engagement = 'waiting';
    this.#chatId = undefined;
    this.#world.outlet.requestReactiveChat(this, this.#askId);
    this.#wakeWhenImpatient(nowUs, this.#helping);
  }

  chatUpdate(update: ChatUpdate, nowUs: number): void {
    if (update.state === 'ended') {
      // Without an id: there is no chat of this visit any more.
      const isOver =
        update.chatId === '' ? this.isInChat && this.#chatId !== undefined : this.#chatId === update.chatId;
      if (isOver) this.#goOn(nowUs);
      return;
    }
    if (this.#engagement === 'chatting' && update.state === 'queued') this.#waitAgain(nowUs);
    if (this.#engagement !== 'waiting') return;
    this.#chatId = update.chatId;
    if (update.state === 'started') {
      this.#engagement = 'chatting';
      this.#turn += 1;
    }
  }

  #answerInvite(nowUs: number): void {
    const { outlet, habits } = this.#world;
    outlet.postDisposition(this, this.#interactionId, this.#answer);
    if (this.#answer !== 'acceptCall') {
      this.#engagement = 'none';
      return;
    }
    if (habits.formFillMs === undefined) {
      this.#ask(nowUs);
      return;
    }
    this.#engagement = 'form';
    this.#turn += 1;
    const fillUs = Math.round(habits.formFillMs(this.#answering) * US_PER_MS);
    outlet.wakeToAnswer(this, nowUs + fillUs, this.#turn);
  }

  #finishForm(nowUs: number): void {
    const { outlet, habits } = this.#world;
    if (this.#answering.next() >= habits.formAbandonShare) {
      this.#ask(nowUs);
      return;
    }
    outlet.postDisposition(this, this.#interactionId, 'formAbandoned');
    this.#goOn(nowUs);
  }

  /** His agent has passed the chat on: he waits for the next one with new patience. */
  #waitAgain(nowUs: number): void {
    this.#engagement = 'waiting';
    this.#wakeWhenImpatient(nowUs);
  }

  #wakeWhenImpatient(nowUs: number, moods = this.#answering): void {
    this.#turn += 1;
    const patienceUs = Math.round(this.#world.habits.patienceMs(moods) * US_PER_MS);
    this.#world.outlet.wakeToAnswer(this, nowUs + patienceUs, this.#turn);
  }

  #ask(nowUs: number): void {
    if (this.#invitedTo === 'proactiveChat') this.#askForChat(nowUs);
    else this.#askForCallback(nowUs);
  }

  /** He leaves his number and browses on. */
  #askForCallback(nowUs: number): void {
    const { callbackLaterShare, callbackLaterMs } = this.#world.habits;
    const isLater = callbackLaterShare > 0 && this.#answering.next() < callbackLaterShare;
    const inMs = isLater ? Math.round(callbackLaterMs(this.#answering)) : 0;
    const phone = `+1555${this.visitID.slice(1).padStart(7, '0')}`;
    this.#world.outlet.requestCallback(this, this.#interactionId, phone, inMs);
    this.#goOn(nowUs);
  }

  #askForChat(nowUs: number): void {
    const { outlet } = this.#world;
    this.#engagement = 'waiting';
    this.#chatId = undefined;
    outlet.requestChat(this, this.#interactionId);
    this.#wakeWhenImpatient(nowUs);
  }

  /** Back to browsing; what was due meanwhile happens now, and the rest of the page moves back. */
  #goOn(nowUs: number): void {
    this.#engagement = 'none';
    this.#chatId = undefined;
    this.#turn += 1;
    if (this.#heldSinceUs === undefined) return;
    this.#pageEndUs += nowUs - this.#heldSinceUs;
    this.#heldSinceUs = undefined;
    this.browse(nowUs);
  }

  #enterPage(nowUs: number): void {
    this.#pages += 1;
    this.#pageID = `${this.visitID}.p${this.#pages}`;
    this.#post('SYSTEM', 'PageEntered', NO_DATA, nowUs);
    this.#pageEndUs = nowUs + Math.round(this.#page.dwellMs(this.#browsing) * US_PER_MS);
    this.#eventsLeft = samplePoisson(this.#page.eventsMean, this.#browsing);
    this.#wakeForNext(nowUs);
  }

  /** The first of n times spread evenly over the rest of the stay, or its end. */
  #wakeForNext(nowUs: number): void {
    const left = this.#eventsLeft;
    if (left === 0) {
      this.#world.outlet.wakeToBrowse(this, this.#pageEndUs);
      return;
    }
    const u = this.#browsing.next();
    const share = left === 1 ? u : 1 - (left === 2 ? Math.sqrt(1 - u) : (1 - u) ** (1 / left));
    this.#world.outlet.wakeToBrowse(this, nowUs + Math.floor((this.#pageEndUs - nowUs) * share));
  }

  #postOwnEvent(nowUs: number): void {
    const page = this.#page;
    if (page.chooseEvent === undefined || this.#browsing.next() < page.identityShare) {
      this.#postIdentityEvent(nowUs);
      return;
    }
    const event = present(this.#world.site.events[page.chooseEvent(this.#browsing)], 'site event');
    this.#post('BUSINESS', event.name, event.data(this.#browsing), nowUs);
  }

  /** Who signs out without being signed in is remembered by the site instead. */
  #postIdentityEvent(nowUs: number): void {
    const chosen = present(IDENTITY_EVENTS[this.#world.site.chooseIdentity(this.#browsing)], 'identity event');
    const name = chosen === 'SignOut' && !this.#signedIn ? 'UserInfo' : chosen;
    this.#identity ??= `${this.globalVisitID}@${this.#world.site.domain}`;
    if (name === 'SignIn') this.#signedIn = true;
    this.#post('SYSTEM', name, NO_DATA, nowUs);
    if (name === 'SignOut') this.#signedIn = false;
  }

  #post(eventType: EventType, eventName: string, data: EventData, nowUs: number): void {
    this.#events += 1;
    this.#world.outlet.postEvent(this, {
      eventID: `${this.visitID}.e${this.#events}`,
      timestamp: this.#world.clockMs + Math.floor(nowUs / US_PER_MS),
      visitID: this.visitID,
      globalVisitID: this.globalVisitID,
      pageID: this.#pageID,
      eventType,
      eventName,
      url: this.#page.url,
      title: this.#page.title,
      category: undefined,
      languageCode: this.#world.site.languageCode,
      identity: this.#identity,
      data,
    });
  }
}
