/**
 * Follow-ups (guide, "Web Follow-up"): interactions for later work with a visitor. A follow-up is no invite: no strategy is
 * asked for it and no permit is taken, and neither the visitor's answer nor the end of his visit concerns it. It waits in a queue of
 * its own, across restarts, until an agent approves or dismisses it.
 */
import type { QueueNames } from '#core/contact-center-settings.ts';
import type { Effect } from '#core/effects.ts';
import type { ChangedRows } from '#core/engagement/changed-rows.ts';
import type { FailureReason } from '#core/engagement/failure-reason.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import { createInteraction, type Interaction, type InteractionState } from '#core/engagement/interaction.ts';
import { interactionMoved } from '#core/engagement/interaction-moved.ts';
import { rowOfInteraction } from '#core/engagement/interaction-row.ts';
import type { TerminalQueues } from '#core/engagement/terminal-queues.ts';
import type { WaitingFollowUp } from '#core/messages.ts';

/** A desk is told of so many at once: those of the highest priority, among equals the oldest. */
const LISTED_MAX = 50;

/** A lead that tells no action, as in journals of before there were follow-ups, is one to engage. */
export function isFollowUp({ firing }: HotLead): boolean {
  return firing.action === 'followUp';
}

export class FollowUpDesk {
  readonly #queues: QueueNames;
  readonly #ended: TerminalQueues;
  readonly #rows: ChangedRows;
  readonly #waiting = new Map<string, Interaction>();

  /** `ended`: where dismissed ones stand, if interactions are not stopped at once. */
  constructor(queues: QueueNames, ended: TerminalQueues, rows: ChangedRows) {
    this.#queues = queues;
    this.#ended = ended;
    this.#rows = rows;
  }

  /** Those that wait. */
  get open(): number {
    return this.#waiting.size;
  }

  /** A new follow-up waits from now on. */
  create(lead: HotLead, interactionId: string, at: number, out: Effect[]): void {
    const interaction = createInteraction(interactionId, lead, 0, 'followUp', at);
    this.#waiting.set(interactionId, interaction);
    this.#moved(interaction, null, null, at, out);
  }

  /** One waited when the contact center went down. */
  restore(interaction: Interaction): void {
    this.#waiting.set(interaction.interactionId, interaction);
  }

  list(): readonly WaitingFollowUp[] {
    return [...this.#waiting.values()]
      .sort((a, b) => b.lead.firing.priority - a.lead.firing.priority || a.since - b.since)
      .slice(0, LISTED_MAX)
      .map(({ interactionId, lead, since }) => ({
        interactionId,
        visitID: lead.visitID,
        rule: lead.firing.rule,
        reason: lead.firing.reason,
        priority: lead.firing.priority,
        url: lead.url,
        since,
      }));
  }

  /** An agent takes one up: it waits no more. Undefined: it does not wait, or is taken already. */
  take(interactionId: string): Interaction | undefined {
    const interaction = this.#waiting.get(interactionId);
    this.#waiting.delete(interactionId);
    return interaction;
  }

  /** Nobody will work on it: it ends in Failed. */
  dismiss(interactionId: string, at: number, out: Effect[]): void {
    const interaction = this.take(interactionId);
    if (interaction === undefined) return;
    interaction.state = 'failed';
    interaction.since = at;
    interaction.step += 1;
    interaction.reason = 'dismissed';
    this.#ended.take(interaction);
    this.#moved(interaction, 'followUp', 'dismissed', at, out);
  }

  #moved(
    interaction: Interaction,
    before: InteractionState | null,
    reason: FailureReason | null,
    at: number,
    out: Effect[],
  ): void {
    this.#rows.put(rowOfInteraction(interaction, at));
    const fact = interactionMoved(interaction, before, { reason, text: '' }, this.#queues, at);
    if (fact !== null) out.push({ type: 'note', fact });
  }
}
