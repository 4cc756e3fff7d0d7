/**
 * How many invites hot leads would ask for: those that are usable. A hot lead is usable when it is no task for later, a page of the
 * visit is open (else nobody would see an invite), and no invite of the visit is open. An invite is taken to be open for the whole of
 * its timeout, as that of a visitor who does not answer. What pacing refuses and what a visitor in a chat makes besides is not taken
 * off, so this is the most that the rules can ask for.
 */
import type { HotLead } from '#core/engagement/hot-lead.ts';

/** `inviteTimeout` of the scenarios, ms. */
export const INVITE_OPEN_MS = 30_000;

export class InviteCount {
  /** When the last invite of a visit closes, ms; the earliest first, since invites are as long as each other. */
  readonly #openUntil = new Map<string, number>();

  /** Whether this hot lead makes an invite. Hot leads come in the order of time. */
  take(lead: HotLead): boolean {
    const { at, visitID } = lead;
    for (const [visit, until] of this.#openUntil) {
      if (until > at) break;
      this.#openUntil.delete(visit);
    }
    if (lead.firing.action === 'followUp' || !lead.onSite || this.#openUntil.has(visitID)) return false;
    this.#openUntil.set(visitID, at + INVITE_OPEN_MS);
    return true;
  }
}
