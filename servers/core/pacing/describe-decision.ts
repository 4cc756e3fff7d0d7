import type { PacingDecision } from './pacer.ts';
export function describeDecision(decision: PacingDecision): string {
  return `${decision.allowed} invites: the next would cost ${decision.risk.toFixed(3)} expected abandonments, the limit is ${decision.limit.toFixed(3)}`;
}
