/** A pacing decision as a sentence for people: what it came to, what decided it, and the state that it was made in. */
import { assertNever } from '../assert.ts';
import type { PacingDecision, StaleKnowledge } from './pacer.ts';

/**
 * E.g. "2 invites: the next would cost 0.039 expected abandonments, the limit is 0.029; 2 agents free, 0.1 more within 10 s,
 * 3 invites out at 20 %". A permit begins with "granted" or "refused".
 */
export function describeDecision(decision: PacingDecision): string {
  if (decision.slots === 0) return `${verdict(decision)}: no agent of the group is logged in`;
  return `${verdict(decision)}: ${reason(decision)}; ${state(decision)}`;
}

function verdict(decision: PacingDecision): string {
  if (decision.occasion === 'permit') return decision.allowed > 0 ? 'granted' : 'refused';
  return decision.allowed === 0 ? 'no invite' : counted(decision.allowed, 'invite');
}

function reason(decision: PacingDecision): string {
  const next = decision.occasion === 'refresh' ? 'the next' : 'it';
  const lost = decision.channel === 'webcallback' ? 'late callbacks' : 'abandonments';
  const sentence = `${next} would cost ${cost(decision.risk)} expected ${lost}, the limit is ${cost(decision.limit)}`;
  switch (decision.binding) {
    case 'risk':
    case 'none':
      return sentence;
    case 'idle':
      return `${round(decision.idle ?? 0)} ${slotsOf(decision)} would be idle, ${next} needs more than ${round(decision.idleLimit ?? 0)}`;
    case 'kmax':
      return 'as many are out as may be';
    case 'rule':
      return 'by a plain rule, whatever it risks';
    case 'supply':
      return `more than there are leads for; ${sentence}`;
    case 'group':
      return 'no agent is logged in';
    case 'stale':
      return describeStale(decision.stale);
    default:
      return assertNever(decision.binding, 'binding');
  }
}

function describeStale(stale: StaleKnowledge | undefined): string {
  const seconds = round(stale?.seconds ?? 0);
  return stale?.of === 'desks'
    ? `some agents have not been heard for ${seconds} s, and what they do is not known`
    : `the last refresh is ${seconds} s old, and what is now is not known`;
}

function state(decision: PacingDecision): string {
  const { slots, busy, queued, pending } = decision;
  const free = Math.max(0, slots - busy);
  const unit = decision.slotIsAgent ? 'agent' : 'slot';
  const parts = [
    `${free === 0 ? `no ${unit}` : counted(free, unit)} free`,
    `${round(decision.releasesSoon)} more within ${Math.round(decision.acceptDelaySeconds)} s`,
  ];
  if (queued > 0) parts.push(`${counted(queued, decision.channel === 'webcallback' ? 'callback' : 'chat')} waiting`);
  parts.push(
    pending === 0
      ? 'no invite out'
      : `${counted(pending, 'invite')} out at ${Math.round(decision.acceptShare * 100)} %`,
  );
  return parts.join(', ');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function slotsOf(decision: PacingDecision): string {
  return decision.slotIsAgent ? 'agents' : 'slots';
}

/** Three decimals; what would be next to nothing by these, two digits, so that a cost above its limit is seen to be. */
function cost(abandonments: number): string {
  return abandonments < 0.0095 ? String(Number(abandonments.toPrecision(2))) : abandonments.toFixed(3);
}

/** One decimal, none where it is zero. */
function round(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}
