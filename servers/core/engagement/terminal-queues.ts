/**
 * Interactions that stand in a terminal queue because `autoStopWebengagementIntr` is false: each is there until it is cleaned
 * away. Where the option is true an interaction is stopped the moment it comes in, and nothing stands here.
 */
import type { QueueNames } from '#core/contact-center-settings.ts';
import type { Effect } from '#core/effects.ts';
import type { ChangedRows } from '#core/engagement/changed-rows.ts';
import { rowOfInteraction } from '#core/engagement/interaction-row.ts';
import { isTerminal, queueOf, type Interaction } from '#core/engagement/interaction.ts';

/** How long an ended interaction stands before it is cleaned away, ms; the guide names the cleaning, not the time. */
export const CLEANED_AFTER_MS = 10 * 60_000;

export class TerminalQueues {
  readonly #autoStop: boolean;
  readonly #queues: QueueNames;
  readonly #rows: ChangedRows;
  /** In the order in which they came in. */
  readonly #standing = new Map<string, Interaction>();

  constructor(autoStop: boolean, queues: QueueNames, rows: ChangedRows) {
    this.#autoStop = autoStop;
    this.#queues = queues;
    this.#rows = rows;
  }

  get size(): number {
    return this.#standing.size;
  }

  /** An interaction is about to come in; its row is not stored yet. */
  take(interaction: Interaction): void {
    interaction.stopped = this.#autoStop;
    if (!this.#autoStop) this.#standing.set(interaction.interactionId, interaction);
  }

  /** From its row: one that stood when the contact center went down stands again, whatever the option says now. */
  restore(interaction: Interaction): void {
    if (isTerminal(interaction.state) && !interaction.stopped) {
      this.#standing.set(interaction.interactionId, interaction);
    }
  }

  /** Stops what has stood for long enough. */
  clean(at: number, out: Effect[]): void {
    for (const [interactionId, interaction] of this.#standing) {
      if (interaction.since > at - CLEANED_AFTER_MS) continue;
      this.#standing.delete(interactionId);
      interaction.stopped = true;
      this.#rows.put(rowOfInteraction(interaction, at));
      const queue = queueOf(interaction.state, this.#queues);
      const { visitID } = interaction.lead;
      out.push({ type: 'note', fact: { kind: 'interactionStopped', at, interactionId, visitID, queue } });
    }
  }
}
