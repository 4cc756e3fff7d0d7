/**
 * What the contact center remembers of visits while they last: attempts, the open interaction and the hot leads seen,
 * so that a lead that is sent again changes nothing. Of visits that have ended the newest leads are remembered too.
 */
import { RecentIds } from '#core/engagement/recent-ids.ts';

/** Leads of ended visits that are remembered: a sender sends again within seconds. */
const ENDED_LEADS_KEPT = 10_000;

export interface VisitRecord {
  attempts: number;
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
      visit = { attempts: 0, openInteraction: undefined, leads: new Set() };
      this.#visits.set(visitID, visit);
    }
    return visit;
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
