/** One shift through the whole stack, with each refusal for want of a permit looked at: was the next invite's risk over its limit? */
import type { Fact } from '#core/statistics/fact.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { createSimRun } from '#testbed/sim-run.ts';

export interface WatchedShift {
  readonly seed: number;
  readonly abandonedShare: number;
  readonly busyShare: number;
  /** Leads that were invited or refused for want of a permit. */
  readonly usableLeads: number;
  readonly refused: number;
  /** Refused although the next invite's risk was within the limit. */
  readonly wronglyRefused: number;
  readonly acceptedShare: number;
}

export function watchShift(scenario: Scenario, seed: number): WatchedShift {
  const run = createSimRun(scenario, { seed });
  let refused = 0;
  let wronglyRefused = 0;
  const { recorder } = run;
  const record = recorder.fact.bind(recorder);
  // A journal would tell it too, at several times the cost of the run.
  Object.assign(recorder, {
    fact: (fact: Fact) => {
      record(fact);
      if (fact.kind !== 'interactionMoved' || fact.reason !== 'noPermit' || !fact.decision) return;
      const { binding, risk, limit } = fact.decision;
      refused += 1;
      if (binding !== 'risk' || risk <= limit) wronglyRefused += 1;
    },
  });
  run.advanceTo(run.totalMs);
  const { figures } = run.result();
  run.close();
  return {
    seed,
    abandonedShare: figures.abandonmentShare ?? 1,
    busyShare: figures.busyShare ?? 0,
    usableLeads: figures.invites.sent + refused,
    refused,
    wronglyRefused,
    acceptedShare: figures.hitShare ?? 0,
  };
}
