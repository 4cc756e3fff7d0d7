/**
 * Hosts the sessions of one strategy: gives them their events in order, keeps their waits, and lets a session that fails, throws
 * or does not come to rest end by itself alone, never with the node.
 */
import { assertNever } from '#core/assert.ts';
import type { ContactCenterTimer, Effect } from '#core/effects.ts';
import type { SessionEffect, SessionEvent, StrategySession } from '#core/engagement/strategy-session.ts';
import type { UserData } from '#core/engagement/attachments.ts';
import type { StrategyKind } from '#core/statistics/fact.ts';

/** Effects that a session may have in answer to one event from outside, so that one that never comes to rest is stopped. */
const EFFECTS_MAX = 1_000;

/** Waits that a session may have at once. */
const WAITS_MAX = 100;

/** Of a sentence for people, in characters; more is cut off. */
const TEXT_LENGTH = 500;

type StrategyTimer = ContactCenterTimer & { readonly kind: 'strategyDue' };

/** What sessions are about, an interaction or a chat, and what is done for them. `E` and `X` are the strategy's own. */
export interface SessionOwner<E, X> {
  readonly kind: StrategyKind;
  visitOf(id: string): string;
  attach(id: string, userData: UserData, at: number): void;
  /** Carries out an effect; an event is the answer to it. */
  perform(id: string, effect: X, at: number, out: Effect[]): E | undefined;
  /** A session is over, but for one that `end` has ended. `failure` null: it was done; else why it failed. */
  closed(id: string, failure: string | null, at: number, out: Effect[]): void;
  /** One that `end` has ended has come to rest, and wants nothing of its subject any more. */
  over(id: string): void;
}

interface Hosted<E, X> {
  readonly id: string;
  readonly session: StrategySession<SessionEvent | E, SessionEffect | X>;
  readonly inbox: (SessionEvent | E)[];
  /** Send ids that wait, with what tells a wait from an earlier one of the same name. */
  readonly waits: Map<string, number>;
  state: 'idle' | 'busy' | 'closed';
  /** What is in the inbox is the last that it gets. */
  ending: boolean;
}

export class SessionHost<E, X extends { readonly type: string }> {
  readonly #owner: SessionOwner<E, X>;
  readonly #sessions = new Map<string, Hosted<E, X>>();
  #waits = 0;

  constructor(owner: SessionOwner<E, X>) {
    this.#owner = owner;
  }

  start(id: string, create: () => Hosted<E, X>['session'], at: number, out: Effect[]): void {
    let session: Hosted<E, X>['session'];
    try {
      session = create();
    } catch (error) {
      this.#fail(id, textOf(error), at, out);
      return;
    }
    this.#sessions.set(id, { id, session, inbox: [], waits: new Map(), state: 'idle', ending: false });
    this.give(id, { type: 'started' }, at, out);
  }

  /** Nothing where there is no such session. What comes while it is at work is heard after that. */
  give(id: string, event: SessionEvent | E, at: number, out: Effect[]): void {
    const hosted = this.#sessions.get(id);
    if (hosted === undefined || hosted.ending) return;
    hosted.inbox.push(event);
    if (hosted.state === 'idle') this.#run(hosted, at, out);
  }

  /** Gives a session its last event and closes it. */
  end(id: string, event: E, at: number, out: Effect[]): void {
    const hosted = this.#sessions.get(id);
    if (hosted === undefined || hosted.ending) return;
    hosted.inbox.push(event);
    hosted.ending = true;
    if (hosted.state === 'idle') this.#run(hosted, at, out);
  }

  due({ id, sendId, serial }: StrategyTimer, at: number, out: Effect[]): void {
    const hosted = this.#sessions.get(id);
    if (hosted?.waits.get(sendId) !== serial) return;
    hosted.waits.delete(sendId);
    this.give(id, { type: 'timer', sendId }, at, out);
  }

  #run(hosted: Hosted<E, X>, at: number, out: Effect[]): void {
    hosted.state = 'busy';
    const asked: (SessionEffect | X)[] = [];
    let effects = 0;
    for (let event = hosted.inbox.shift(); event !== undefined; event = hosted.inbox.shift()) {
      asked.length = 0;
      try {
        hosted.session.handle(event, at, asked);
      } catch (error) {
        asked.push({ type: 'failed', text: textOf(error) });
      }
      for (const effect of asked) {
        effects += 1;
        if (effects > EFFECTS_MAX) this.#close(hosted, `it does not come to rest: ${EFFECTS_MAX} effects`, at, out);
        else this.#carryOut(hosted, effect, at, out);
        if (isClosed(hosted)) return;
      }
    }
    hosted.state = 'idle';
    if (!hosted.ending) return;
    this.#forget(hosted);
    this.#owner.over(hosted.id);
  }

  #carryOut(hosted: Hosted<E, X>, effect: SessionEffect | X, at: number, out: Effect[]): void {
    if (!isSessionEffect(effect)) {
      const answer = this.#owner.perform(hosted.id, effect, at, out);
      if (answer !== undefined && !hosted.ending) hosted.inbox.push(answer);
      return;
    }
    switch (effect.type) {
      case 'attach':
        this.#owner.attach(hosted.id, effect.userData, at);
        return;
      case 'wakeAfter':
        this.#wait(hosted, effect, at, out);
        return;
      case 'cancel':
        hosted.waits.delete(effect.sendId);
        return;
      case 'log':
        this.#tell(hosted.id, 'log', effect.text, at, out);
        return;
      case 'done':
        this.#close(hosted, null, at, out);
        return;
      case 'failed':
        this.#close(hosted, effect.text, at, out);
        return;
      default:
        assertNever(effect, 'effect of a session');
    }
  }

  #wait(
    hosted: Hosted<E, X>,
    { sendId, delayMs }: SessionEffect & { readonly type: 'wakeAfter' },
    at: number,
    out: Effect[],
  ): void {
    if (!Number.isFinite(delayMs)) {
      this.#close(hosted, `the delay of ${sendId} is not a number`, at, out);
      return;
    }
    if (!hosted.waits.has(sendId) && hosted.waits.size >= WAITS_MAX) {
      this.#close(hosted, `it has more than ${WAITS_MAX} waits at once`, at, out);
      return;
    }
    const serial = (this.#waits += 1);
    hosted.waits.set(sendId, serial);
    out.push({
      type: 'wake',
      at: at + Math.max(1, Math.ceil(delayMs)),
      timer: { kind: 'strategyDue', strategy: this.#owner.kind, id: hosted.id, sendId, serial },
    });
  }

  /** An ended session is over already for its owner. */
  #close(hosted: Hosted<E, X>, failure: string | null, at: number, out: Effect[]): void {
    const { id, ending } = hosted;
    this.#forget(hosted);
    if (failure !== null) this.#tell(id, 'failed', failure, at, out);
    if (ending) this.#owner.over(id);
    else this.#owner.closed(id, failure, at, out);
  }

  #fail(id: string, failure: string, at: number, out: Effect[]): void {
    this.#tell(id, 'failed', failure, at, out);
    this.#owner.closed(id, failure, at, out);
  }

  #forget(hosted: Hosted<E, X>): void {
    hosted.state = 'closed';
    this.#sessions.delete(hosted.id);
    hosted.session.close();
  }

  #tell(id: string, level: 'log' | 'failed', text: string, at: number, out: Effect[]): void {
    const visitID = this.#owner.visitOf(id);
    const fact = {
      kind: 'strategy',
      at,
      strategy: this.#owner.kind,
      id,
      visitID,
      level,
      text: text.slice(0, TEXT_LENGTH),
    } as const;
    out.push({ type: 'note', fact });
  }
}

const SESSION_EFFECTS: Readonly<Record<SessionEffect['type'], true>> = {
  attach: true,
  wakeAfter: true,
  cancel: true,
  log: true,
  done: true,
  failed: true,
};

function isSessionEffect(effect: SessionEffect | { readonly type: string }): effect is SessionEffect {
  return Object.hasOwn(SESSION_EFFECTS, effect.type);
}

/** Asked in a function of its own, since carrying out an effect changes the state. */
function isClosed({ state }: { readonly state: 'idle' | 'busy' | 'closed' }): boolean {
  return state === 'closed';
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
