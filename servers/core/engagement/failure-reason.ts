/** Why hot leads are not engaged and invites end in nothing, as machines and figures tell it; in words: the report and the stream. */

/** Why an interaction ended in Failed or a hot lead was not engaged. */
export type RefusalReason =
  /** No pacing permit: one more invite would break the goal. */
  | 'noPermit'
  /** Nobody is logged in to serve the channel. */
  | 'noAgents'
  /** The visit has an open invite or form. */
  | 'inviteOpen'
  /** The visit has an open chat. */
  | 'chatOpen'
  /** The visitor has left the site. */
  | 'visitorGone'
  /** The hot lead came later than `engagementExpirationTime` after it arose. */
  | 'expired'
  /** The strategy's own policy, in its own words. */
  | 'policy';

export type FailureReason =
  | RefusalReason
  /** The strategy's session is broken, or it ended without a decision. */
  | 'strategyFailed'
  /** The strategy had not decided within engagementExpirationTime. */
  | 'undecided'
  /** The invite was not shown within engagementExpirationTime. */
  | 'notShown'
  /** The browser said nothing more after it showed the invite. */
  | 'silent'
  /** The registration form was not filled within registrationFormExpirationTime. */
  | 'formExpired'
  /** The visitor closed the registration form. */
  | 'formAbandoned'
  /** It was stuck in a queue for longer than everything that ends it, and cleaned out of it. */
  | 'cleaned'
  /** A follow-up that an agent has dismissed. */
  | 'dismissed'
  /** The visit ended. */
  | 'visitEnded';
