/**
 * The open webengagement interactions and the visits that they belong to, and what every change of one entails: its row, the
 * note where its queue has changed, and what is remembered of its visit.
 */
import type { ContactCenterSettings, QueueNames } from '#core/contact-center-settings.ts';
import type { Effect } from '#core/effects.ts';
import type { ChangedRows } from '#core/engagement/changed-rows.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import { interactionMoved } from '#core/engagement/interaction-moved.ts';
import { interactionOfRow, rowOfInteraction, type InteractionRow } from '#core/engagement/interaction-row.ts';
import {
  createInteraction,
  isInviteOpen,
  isTerminal,
  type Interaction,
  type InteractionState,
} from '#core/engagement/interaction.ts';
import { TerminalQueues } from '#core/engagement/terminal-queues.ts';
import { VisitMemory } from '#core/engagement/visit-memory.ts';
import type { FailureReason } from '#core/engagement/failure-reason.ts';

/** Visits without an interaction for this long are taken to be over when the contact center comes back, ms. */
const VISIT_MEMORY_MS = 24 * 3_600_000;

/** Why an interaction moves. */
export interface MoveWhy {
  readonly reason?: FailureReason;
  /** In the strategy's own words. */
  readonly text?: string;
}

export class InteractionBook {
  readonly visits = new VisitMemory();
  /** Those that stand in terminal queues. */
  readonly ended: TerminalQueues;
  readonly #queues: QueueNames;
  readonly #rows: ChangedRows;
  readonly #open = new Map<string, Interaction>();
  /** Ended ones whose visitors may still ask for the chat, while their visits last. */
  readonly #expired = new Map<string, Interaction>();

  constructor({ autoStop, queues }: ContactCenterSettings, rows: ChangedRows) {
    this.#queues = queues;
    this.ended = new TerminalQueues(autoStop, queues, rows);
    this.#rows = rows;
  }

  /** Interactions in Qualified and Engaged. */
  get size(): number {
    return this.#open.size;
  }

  get(interactionId: string): Interaction | undefined {
    return this.#open.get(interactionId);
  }

  all(): Iterable<Interaction> {
    return this.#open.values();
  }

  create(lead: HotLead, interactionId: string, at: number, out: Effect[]): Interaction {
    const attemptNumber = this.visits.nextAttempt(lead.visitID);
    const interaction = createInteraction(interactionId, lead, attemptNumber, 'qualified', at);
    this.#open.set(interactionId, interaction);
    this.#entered(interaction, null, {}, at, out);
    return interaction;
  }

  /** A follow-up that an agent has approved becomes an attempt to engage, now, if the visit still lasts. */
  adopt(followUp: Interaction, at: number, out: Effect[]): Interaction {
    const { interactionId, step } = followUp;
    const { visitID } = followUp.lead;
    const lead = { ...followUp.lead, at, onSite: this.visits.get(visitID) !== undefined };
    const interaction = createInteraction(interactionId, lead, this.visits.nextAttempt(visitID), 'qualified', at);
    interaction.step = step + 1;
    this.#open.set(interactionId, interaction);
    this.visits.of(visitID).leads.add(lead.id);
    this.#entered(interaction, 'followUp', {}, at, out);
    return interaction;
  }

  /** To another state. What pacing said to it is told where it is engaged or refused. */
  move(interaction: Interaction, state: InteractionState, why: MoveWhy, at: number, out: Effect[]): void {
    const from = interaction.state;
    interaction.state = state;
    interaction.since = at;
    interaction.step += 1;
    interaction.reason = why.reason ?? null;
    if (isTerminal(state)) {
      interaction.dueAt = undefined;
      this.ended.take(interaction);
    }
    this.#entered(interaction, from, why, at, out);
    const visit = this.visits.of(interaction.lead.visitID);
    if (state === 'invited') visit.openInteraction = interaction.interactionId;
    if (!isTerminal(state)) return;
    if (visit.openInteraction === interaction.interactionId) visit.openInteraction = undefined;
    this.#open.delete(interaction.interactionId);
    if (mayStillChat(interaction)) this.#expired.set(interaction.interactionId, interaction);
  }

  /** An interaction that expired before its visitor asked for the chat, which he has not done since. */
  expired(interactionId: string): Interaction | undefined {
    return this.#expired.get(interactionId);
  }

  /** The chat of an expired interaction is asked for: the next request for it is a repeated one. */
  chatsLate(interaction: Interaction, at: number): void {
    interaction.lateChat = true;
    this.#expired.delete(interaction.interactionId);
    this.changed(interaction, at);
  }

  /** The visit is over, its interactions have ended: nothing more is known of it but its leads. */
  visitEnded(visitID: string): void {
    for (const { interactionId } of this.visits.get(visitID)?.attempts ?? []) this.#expired.delete(interactionId);
    this.visits.end(visitID);
  }

  /** To be stored, in the state that it is in. */
  changed(interaction: Interaction, at: number): void {
    this.#rows.put(rowOfInteraction(interaction, at));
  }

  /** Each visit with its attempts and leads, each open interaction as its row has it; tells nobody. */
  restore(rows: readonly InteractionRow[], at: number): void {
    for (const row of rows) {
      const interaction = interactionOfRow(row);
      this.ended.restore(interaction);
      // A follow-up waits for nothing that its visit does.
      const over = isTerminal(row.state) || row.state === 'followUp';
      if (over && row.at < at - VISIT_MEMORY_MS) {
        this.visits.rememberEnded(row.lead.id);
        continue;
      }
      const visit = this.visits.of(row.visitID);
      visit.leads.add(row.lead.id);
      if (row.state === 'qualified') {
        // Its session begins again: a permit that it had is not spent.
        interaction.group = undefined;
        interaction.permitAt = undefined;
      }
      if (row.state !== 'followUp') this.visits.remember(interaction);
      if (mayStillChat(interaction)) this.#expired.set(row.id, interaction);
      if (over) continue;
      this.#open.set(row.id, interaction);
      if (isInviteOpen(row.state)) visit.openInteraction = row.id;
    }
  }

  /** The row to store, and the note where the queue has changed. */
  #entered(
    interaction: Interaction,
    from: InteractionState | null,
    { reason, text }: MoveWhy,
    at: number,
    out: Effect[],
  ): void {
    this.visits.remember(interaction);
    this.changed(interaction, at);
    const fact = interactionMoved(interaction, from, { reason: reason ?? null, text: text ?? '' }, this.#queues, at);
    if (fact !== null) out.push({ type: 'note', fact });
  }
}

/** After the end of the registration form's time the visitor can still ask for the chat (guide, L3526): it was he who was slow. */
function mayStillChat({ reason, lateChat }: Interaction): boolean {
  return reason === 'formExpired' && !lateChat;
}
