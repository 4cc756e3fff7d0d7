/** What `pacing.connector.proactiveRatio` keeps for proactive chats. */

/** S_p = ceil(share x S): slots that reactive chats never take. */
export function reservedSlots(slots: number, proactiveShare: number): number {
  // 0.3 x 20 is 6 and not 7, whatever a double makes of it.
  return Math.min(slots, Math.ceil(Number((proactiveShare * slots).toPrecision(12))));
}
