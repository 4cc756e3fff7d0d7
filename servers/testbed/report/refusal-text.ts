/** Why hot leads were not invited, in words. */
import type { RefusalReason } from '#core/engagement/failure-reason.ts';

export interface RefusalText {
  /** Completes `60 ...`, e.g. `without a permit`. */
  readonly short: string;
  /** One sentence without a full stop. */
  readonly long: string;
}

const TEXTS: Readonly<Record<RefusalReason, RefusalText>> = {
  noPermit: {
    short: 'without a permit from pacing',
    long: 'Pacing gave no permit: one more invite at that moment would have broken the goal',
  },
  noAgents: { short: 'with nobody logged in', long: 'No group that serves the channel had an agent logged in' },
  inviteOpen: { short: 'with an invite open', long: 'The visit had an invite or its form open already' },
  chatOpen: { short: 'with a chat open', long: 'The visitor was chatting already' },
  expired: {
    short: 'whose hot lead was late',
    long: 'The hot lead came later than engagementExpirationTime after it arose',
  },
  policy: { short: "by the strategy's policy", long: "The strategy's own policy was against it" },
  visitorGone: { short: 'whose visitor had left', long: 'The visitor had left the site' },
};

/** Reasons of a later version, which have no words here, are told by their name. */
export function describeRefusal(reason: string): RefusalText {
  return isReason(reason) ? TEXTS[reason] : { short: `with ${reason}`, long: `Refused with the reason ${reason}` };
}

function isReason(reason: string): reason is RefusalReason {
  return Object.hasOwn(TEXTS, reason);
}
