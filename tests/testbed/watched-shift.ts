/** One shift through the whole stack, with each refusal for want of a permit looked at: was the next invite's risk over its limit? */
import type { Scenario } from '#protocol/scenario.ts';
import { runScenario } from '#testbed/run-scenario.ts';

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

/** What is looked at of a record in the contact center's journal. */
interface Recorded {
  readonly effects: readonly {
    readonly fact?: { readonly reason?: string | null; readonly decision?: Decision | null };
  }[];
}

interface Decision {
  readonly binding: string;
  readonly risk: number;
  readonly limit: number;
}

export function watchShift(scenario: Scenario, seed: number): WatchedShift {
  let refused = 0;
  let wronglyRefused = 0;
  const { figures } = runScenario(scenario, {
    seed,
    journal: (_node, line) => {
      if (!line.includes('"noPermit"')) return;
      for (const { binding, risk, limit } of refusalsIn(JSON.parse(line) as Recorded)) {
        refused += 1;
        if (binding !== 'risk' || risk <= limit) wronglyRefused += 1;
      }
    },
  });
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

function refusalsIn({ effects }: Recorded): readonly Decision[] {
  return effects.flatMap(({ fact }) => (fact?.reason === 'noPermit' && fact.decision ? [fact.decision] : []));
}
