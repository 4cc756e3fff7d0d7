/**
 * What the contact center remembers of visits while they last: attempts, the open interaction and the hot leads seen,
 * so that a lead that is sent again changes nothing. Of visits that have ended the newest leads are remembered too.
 */
import type { Interaction } from '#core/engagement/interaction.ts';
import { RecentIds } from '#core/engagement/recent-ids.ts';
import type { KnownAttempt } from '#core/engagement/strategy-port.ts';

/** Leads of ended visits that are remembered: a sender sends again within seconds. */
const ENDED_LEADS_KEPT = 10_000;

export interface VisitRecord {
  /** Oldest first; the newest state of each. */
  readonly attempts: KnownAttempt[];
  openInteraction: string | undefined;
  readonly leads: Set<string>;
}

export class VisitMemory {
  readonly #visits = new Map<string, VisitRecord>();
  readonly #endedLeads = new RecentIds(ENDED_LEADS_KEPT);

  get(visitID: string): VisitRecord | undefined {
    return this.#visits.get(visitID);
  }

  /** The visit's record, made where there is none. */
  of(visitID: string): VisitRecord {
    let visit = this.#visits.get(visitID);
    if (visit === undefined) {
      visit = { attempts: [], openInteraction: undefined, leads: new Set() };
      this.#visits.set(visitID, visit);
    }
    return visit;
  }

  nextAttempt(visitID: string): number {
    return (this.#visits.get(visitID)?.attempts.at(-1)?.attemptNumber ?? 0) + 1;
  }

  /** The interaction as it is now, in its visit's attempts; not of a visit that has ended. */
  remember(interaction: Interaction): void {
    const visit = this.#visits.get(interaction.lead.visitID);
    if (visit === undefined) return;
    const known = knownAttemptOf(interaction);
    const place = visit.attempts.findIndex(({ interactionId }) => interactionId === known.interactionId);
    if (place >= 0) visit.attempts[place] = known;
    else visit.attempts.push(known);
    visit.attempts.sort((a, b) => a.attemptNumber - b.attemptNumber);
  }

  knowsLead(visitID: string, leadId: string): boolean {
    return this.#visits.get(visitID)?.leads.has(leadId) === true || this.#endedLeads.has(leadId);
  }

  /** A lead of a visit that is over, as far as anyone knows. */
  rememberEnded(leadId: string): void {
    this.#endedLeads.add(leadId);
  }

  end(visitID: string): void {
    const visit = this.#visits.get(visitID);
    if (visit === undefined) return;
    for (const lead of visit.leads) this.#endedLeads.add(lead);
    this.#visits.delete(visitID);
  }
}

function knownAttemptOf({ interactionId, attemptNumber, lead, state, reason, since }: Interaction): KnownAttempt {
  const { rule, category } = lead.firing;
  return {
    interactionId,
    attemptNumber,
    rule,
    category,
    url: lead.url,
    createdAt: lead.at,
    state,
    reason,
    since,
  };
}
