/**
 * What the rows of the contact center tell of an engagement attempt, as tellings that never change, and the attempt as it is
 * folded from those that are kept. The history is told by the store that takes the rows, so that the machines need not know of it.
 */
import { assertNever } from '#core/assert.ts';
import type { OperationsRow } from '#core/effects.ts';
import type { InteractionRow } from '#core/engagement/interaction-row.ts';
import type { DispositionCode, EngagementChannel } from '#core/messages.ts';
import { pageIdOf } from '#core/visits/history-observations.ts';
import type { EngagementAttemptRecord } from '#core/visits/history-records.ts';

/** An attempt as one row had it; of each step the newest counts. */
export interface AttemptMoved {
  readonly kind: 'moved';
  readonly attemptId: string;
  readonly step: number;
  readonly at: number;
  readonly visitId: string;
  readonly identityId: string | null;
  readonly pageId: string;
  readonly channel: EngagementChannel | null;
  readonly rule: string;
  readonly attemptNumber: number;
  readonly createdAt: number;
  readonly state: string;
  /** When it came into this state. */
  readonly since: number;
  /** What the visitor did to bring it there; null: nothing. */
  readonly disposition: DispositionCode | null;
}

/** The chat or callback that an attempt has led to. */
export interface AttemptLedTo {
  readonly kind: 'ledTo';
  readonly attemptId: string;
  /** Before all steps. */
  readonly step: -1;
  readonly at: number;
  readonly mediaInteractionId: string;
}

export type AttemptTelling = AttemptMoved | AttemptLedTo;

/** In the order of the rows; follow-ups are no attempts. */
export function tellingsOf(rows: readonly OperationsRow[]): readonly AttemptTelling[] {
  const tellings: AttemptTelling[] = [];
  for (const row of rows) {
    if (row.kind === 'interaction' && row.attemptNumber > 0) tellings.push(movedOf(row));
    if (row.kind !== 'chat') continue;
    const attemptId = interactionIdOfMedia(row.id);
    if (attemptId !== null)
      tellings.push({ kind: 'ledTo', attemptId, step: -1, at: row.at, mediaInteractionId: row.id });
  }
  return tellings;
}

/** `tellings`: what is kept of one attempt, in any order; null: no row of its interaction is. */
export function foldAttempt(tellings: readonly AttemptTelling[]): EngagementAttemptRecord | null {
  const moved = tellings.filter((each) => each.kind === 'moved').sort((a, b) => a.at - b.at || a.step - b.step);
  const newest = moved.at(-1);
  if (newest === undefined) return null;
  const disposed = moved.findLast(({ disposition }) => disposition !== null);
  return {
    engagementAttemptId: newest.attemptId,
    visitId: newest.visitId,
    identityId: newest.identityId,
    pageId: newest.pageId,
    interactionId: newest.attemptId,
    channel: newest.channel,
    rule: newest.rule,
    attemptNumber: newest.attemptNumber,
    createdAt: newest.createdAt,
    invitedAt: moved.find(({ state }) => state === 'invited')?.since ?? null,
    disposition: disposed?.disposition ?? null,
    dispositionAt: moved.find(({ disposition }) => disposition === (disposed?.disposition ?? ''))?.since ?? null,
    mediaInteractionId: tellings.find((each) => each.kind === 'ledTo')?.mediaInteractionId ?? null,
    state: newest.state,
  };
}

/** The id of the chat that an interaction leads to. */
export function chatIdOf(interactionId: string): string {
  return `c-${interactionId}`;
}

/** The id of the callback that an interaction leads to. */
export function callbackIdOf(interactionId: string): string {
  return `cb-${interactionId}`;
}

/** Null: the visitor came by himself. */
function interactionIdOfMedia(id: string): string | null {
  if (id.startsWith('c-')) return id.slice(2);
  return id.startsWith('cb-') ? id.slice(3) : null;
}

function movedOf(row: InteractionRow): AttemptMoved {
  const { lead } = row;
  return {
    kind: 'moved',
    attemptId: row.id,
    step: row.step,
    at: row.at,
    visitId: lead.visitID,
    identityId: lead.identity ?? null,
    pageId: lead.pageID === '' ? '' : pageIdOf(lead.visitID, lead.pageID),
    channel: row.channel,
    rule: lead.firing.rule,
    attemptNumber: row.attemptNumber,
    createdAt: lead.at,
    state: row.state,
    since: row.since ?? row.at,
    disposition: dispositionOf(row),
  };
}

function dispositionOf({ state, reason }: InteractionRow): DispositionCode | null {
  switch (state) {
    case 'qualified':
    case 'invited':
    case 'followUp':
      return null;
    case 'shown':
      return 'shown';
    case 'form':
    case 'accepted':
      return 'acceptCall';
    case 'rejected':
      return 'reject';
    case 'timeout':
      return 'timeout';
    case 'failed':
      return reason === 'formAbandoned' ? 'formAbandoned' : null;
    default:
      return assertNever(state, 'interaction state');
  }
}
