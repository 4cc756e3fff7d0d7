/**
 * Obeys strategies outside: lists the interactions that wait for a decision, gives them permits, engages or not. The first
 * decision counts, whoever takes it; a permit is charged to its interaction, so that two strategies that ask for it hold the
 * same one, and spend it once.
 */
import { assertNever } from '#core/assert.ts';
import type { Effect } from '#core/effects.ts';
import type { EngagementSessions } from '#core/engagement/engagement-sessions.ts';
import type { FailureReason, RefusalReason } from '#core/engagement/failure-reason.ts';
import type { InteractionBook } from '#core/engagement/interaction-book.ts';
import type { Interaction, InteractionState } from '#core/engagement/interaction.ts';
import type { StrategyOrder, StrategyReply } from '#core/engagement/strategy-order.ts';
import type { Relayed, StrategyOrdered } from '#core/messages.ts';
import { describeDecision } from '#core/pacing/describe-decision.ts';
import type { PacingDesk } from '#core/pacing/pacing-desk.ts';
import { permitChannelOf } from '#core/pacing/permit-channel.ts';

/** Interactions that are listed at most, the oldest first. */
const LISTED_MAX = 500;

type SubjectOrder = Exclude<StrategyOrder, { readonly kind: 'list' }>;
type Refused = Extract<StrategyReply, { readonly kind: 'refused' }>;

export class OutsideDesk {
  readonly #book: InteractionBook;
  readonly #sessions: EngagementSessions;
  readonly #pacing: PacingDesk;
  readonly #expirationMs: number;

  constructor(book: InteractionBook, sessions: EngagementSessions, pacing: PacingDesk, expirationMs: number) {
    this.#book = book;
    this.#sessions = sessions;
    this.#pacing = pacing;
    this.#expirationMs = expirationMs;
  }

  ordered({ orderId, order, via }: Relayed<StrategyOrdered>, at: number, out: Effect[]): void {
    const reply = order.kind === 'list' ? this.#list() : this.#obey(order, at, out);
    out.push({ type: 'toBackend', node: via, message: { type: 'strategyTold', orderId, reply } });
  }

  #list(): StrategyReply {
    const waiting = [...this.#book.all()].filter(({ state }) => state === 'qualified');
    const interactions = waiting.slice(0, LISTED_MAX).map((interaction) => {
      const { interactionId, lead, attemptNumber } = interaction;
      return {
        interactionId,
        visitID: lead.visitID,
        pageID: lead.pageID,
        rule: lead.firing.rule,
        attemptNumber,
        createdAt: lead.at,
        expiresAt: lead.at + this.#expirationMs,
        userData: this.#sessions.userDataOf(interaction),
      };
    });
    return { kind: 'list', interactions };
  }

  #obey(order: SubjectOrder, at: number, out: Effect[]): StrategyReply {
    const { interactionId, visitID } = order;
    const interaction = this.#book.get(interactionId);
    if (interaction?.lead.visitID === visitID && interaction.state === 'qualified') {
      return this.#decide(interaction, order, at, out);
    }
    const attempt = this.#book.visits.get(visitID)?.attempts.find((one) => one.interactionId === interactionId);
    if (attempt === undefined) {
      return { kind: 'refused', why: 'unknown', text: `no interaction ${interactionId} of the visit ${visitID}` };
    }
    return this.#again(order, attempt.state, attempt.reason);
  }

  #decide(interaction: Interaction, order: SubjectOrder, at: number, out: Effect[]): StrategyReply {
    switch (order.kind) {
      case 'permit':
        return this.#permit(interaction, order, at);
      case 'engage': {
        this.#tell(interaction, `a strategy outside orders ${order.channel}`, at, out);
        this.#sessions.engage(interaction, order, at, out);
        return stateOf(interaction) === 'invited'
          ? { kind: 'done', state: 'invited', already: false }
          : { kind: 'refused', why: 'busy', text: `not engaged: ${interaction.reason ?? 'decided otherwise'}` };
      }
      case 'noEngage':
        this.#tell(interaction, `a strategy outside orders not to engage: ${order.reason}`, at, out);
        this.#sessions.refuse(interaction, order, at, out);
        return { kind: 'done', state: 'failed', already: false };
      default:
        return assertNever(order, 'order of a strategy outside');
    }
  }

  #permit(
    interaction: Interaction,
    { channel }: SubjectOrder & { readonly kind: 'permit' },
    at: number,
  ): StrategyReply {
    const paced = permitChannelOf(channel);
    if (this.#pacing.pacersOf(paced).length === 0)
      return { kind: 'refused', why: 'off', text: `nothing is paced on the channel ${paced}` };
    const { permit, group } = this.#sessions.permit(interaction, channel, at);
    const decision = permit?.decision ?? null;
    return {
      kind: 'permit',
      granted: permit?.granted === true,
      group,
      decision,
      sentence: decision === null ? 'nobody is logged in to serve this channel' : describeDecision(decision),
    };
  }

  /** It is decided already: the same order again is no harm, another one comes too late. */
  #again(order: SubjectOrder, state: InteractionState, reason: FailureReason | null): StrategyReply {
    const done: StrategyReply = { kind: 'done', state, already: true };
    const late: Refused = {
      kind: 'refused',
      why: 'decided',
      text: `it is decided already: ${state}, ${reason ?? 'engaged'}`,
    };
    const wasRefused = state === 'failed' && reason !== null && isRefusal(reason);
    switch (order.kind) {
      case 'permit':
        return late;
      case 'engage':
        return state === 'failed' || state === 'followUp' ? late : done;
      case 'noEngage':
        return wasRefused ? done : late;
      default:
        return assertNever(order, 'order of a strategy outside');
    }
  }

  /** Into the stream, where it is asked why. */
  #tell({ interactionId, lead }: Interaction, text: string, at: number, out: Effect[]): void {
    const { visitID } = lead;
    const fact = {
      kind: 'strategy',
      at,
      strategy: 'engagement',
      id: interactionId,
      visitID,
      level: 'log',
      text,
    } as const;
    out.push({ type: 'note', fact });
  }
}

const REFUSALS: Readonly<Record<RefusalReason, true>> = {
  noPermit: true,
  noAgents: true,
  inviteOpen: true,
  chatOpen: true,
  visitorGone: true,
  expired: true,
  policy: true,
};

function isRefusal(reason: FailureReason): reason is RefusalReason {
  return Object.hasOwn(REFUSALS, reason);
}

/** Asked in a function of its own, since an order changes the state. */
function stateOf({ state }: Interaction): InteractionState {
  return state;
}
