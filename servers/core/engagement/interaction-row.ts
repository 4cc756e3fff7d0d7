/** An interaction as its row in the operations store, and back. */
import type { OperationsRow } from '#core/effects.ts';
import { isTerminal, type Interaction } from '#core/engagement/interaction.ts';

export type InteractionRow = Extract<OperationsRow, { kind: 'interaction' }>;

export function rowOfInteraction(interaction: Interaction, at: number): InteractionRow {
  return {
    kind: 'interaction',
    id: interaction.interactionId,
    visitID: interaction.lead.visitID,
    at,
    state: interaction.state,
    lead: interaction.lead,
    attemptNumber: interaction.attemptNumber,
    step: interaction.step,
    group: interaction.group ?? null,
    permitAt: interaction.permitAt ?? null,
    channel: interaction.channel ?? null,
    dueAt: interaction.dueAt ?? null,
    since: interaction.since,
    reason: interaction.reason,
    attached: interaction.attached,
    registrationRequired: interaction.registrationRequired,
    stopped: interaction.stopped,
    lateChat: interaction.lateChat,
  };
}

export function interactionOfRow(row: InteractionRow): Interaction {
  return {
    interactionId: row.id,
    lead: row.lead,
    attemptNumber: row.attemptNumber,
    state: row.state,
    step: row.step,
    group: row.group ?? undefined,
    permitAt: row.permitAt ?? undefined,
    channel: row.channel ?? undefined,
    dueAt: row.dueAt ?? undefined,
    since: row.since ?? row.at,
    reason: row.reason ?? null,
    attached: row.attached ?? {},
    registrationRequired: row.registrationRequired ?? false,
    stopped: row.stopped ?? isTerminal(row.state),
    lateChat: row.lateChat ?? false,
    decision: null,
  };
}
