/**
 * Follow-ups (guide, "Web Follow-up"): interactions for later work with a visitor. A follow-up is never an invite: no strategy is
 * asked for it, no permit is taken, and neither the visitor's answer nor the end of his visit concerns it. It waits in a queue of its
 * own, across restarts, until somebody takes it up.
 */
import type { Effect } from '#core/effects.ts';
import type { ChangedRows } from '#core/engagement/changed-rows.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import { createInteraction } from '#core/engagement/interaction.ts';
import { rowOfInteraction } from '#core/engagement/interaction-row.ts';

/** A lead that tells no action, as in journals of before there were follow-ups, is one to engage. */
export function isFollowUp({ firing }: HotLead): boolean {
  return firing.action === 'followUp';
}

export class FollowUpDesk {
  readonly #queue: string;
  readonly #rows: ChangedRows;
  #open = 0;

  /** `queue`: where follow-ups wait. */
  constructor(queue: string, rows: ChangedRows) {
    this.#queue = queue;
    this.#rows = rows;
  }

  /** Those that wait. All that there is to know of them is in their rows. */
  get open(): number {
    return this.#open;
  }

  /** A new follow-up waits from now on. */
  create(lead: HotLead, interactionId: string, at: number, out: Effect[]): void {
    const interaction = createInteraction(interactionId, lead, 0, 'followUp', at);
    this.#open += 1;
    this.#rows.put(rowOfInteraction(interaction, at));
    out.push({
      type: 'note',
      fact: {
        kind: 'interactionMoved',
        at,
        interactionId,
        visitID: lead.visitID,
        rule: lead.firing.rule,
        from: null,
        to: this.#queue,
        before: null,
        after: interaction.state,
        reason: null,
        text: null,
        decision: null,
      },
    });
  }

  /** One waited when the contact center went down. */
  restore(): void {
    this.#open += 1;
  }
}
