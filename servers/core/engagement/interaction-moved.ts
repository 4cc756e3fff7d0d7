/** The fact that an interaction has come into another queue, or is new in its first. */
import type { QueueNames } from '#core/contact-center-settings.ts';
import { queueOf, type Interaction, type InteractionState } from '#core/engagement/interaction.ts';
import type { Fact } from '#core/statistics/fact.ts';

/** Null: it was in the same queue `before` (null: it is new). `text`: a strategy's own words; '' for none. */
export function interactionMoved(
  interaction: Interaction,
  before: InteractionState | null,
  { reason, text }: { readonly reason: InteractionMoved['reason']; readonly text: string },
  queues: QueueNames,
  at: number,
): InteractionMoved | null {
  const { interactionId, lead, state } = interaction;
  const to = queueOf(state, queues);
  const from = before === null ? null : queueOf(before, queues);
  if (from === to) return null;
  return {
    kind: 'interactionMoved',
    at,
    interactionId,
    visitID: lead.visitID,
    rule: lead.firing.rule,
    from,
    to,
    before,
    after: state,
    reason,
    text: text === '' ? null : text,
    decision: before === 'qualified' ? interaction.decision : null,
  };
}

type InteractionMoved = Extract<Fact, { kind: 'interactionMoved' }>;
