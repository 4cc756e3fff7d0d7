/**
 * Who is invited without a forecast of risk: the rules that pacing is compared with. They learn what pacing learns and are told
 * what it is told, so that a comparison is about the rule alone.
 *
 *     none         everybody, as long as somebody is logged in
 *     progressive  one invite for each ready slot that no invite or waiting chat claims: R - q - m
 *     ratio        the same corrected by the learned accept share: (R - q - acceptances to come of the invites out) / p
 *     erlangA      open loop: invites at the rate lambda* / p at which Erlang A keeps the goal, whatever the room looks like
 */
import type { BacklogState } from './backlog-forecast.ts';

export type PlainRule = 'none' | 'progressive' | 'ratio' | 'erlangA';

/** What decides on invites: the algorithm of the options, or a plain rule in its place. */
export type PacedBy = 'algorithm' | PlainRule;

/** Invites that the rule would send now, 0 or more; erlangA's are counted by the flow of time and not here. */
export function invitesByRule(
  rule: Exclude<PlainRule, 'erlangA'>,
  state: BacklogState,
  { acceptShare, acceptancesToCome }: { readonly acceptShare: number; readonly acceptancesToCome: number },
): number {
  const { slots, busy, queued, pending } = state;
  if (slots === 0) return 0;
  const free = slots - busy - queued;
  if (rule === 'none') return Infinity;
  const room = rule === 'progressive' ? free - pending : (free - acceptancesToCome) / acceptShare;
  // 2.1 / 0.3 is 7, whatever a double makes of it.
  return Math.max(0, Math.floor(Number(room.toPrecision(12))));
}
