/**
 * A lead-rich site whose rules limit the supply: few pages a visit, a lead in most, and a tenth more leads than would keep all
 * agents busy, were all of them invited. Everything Markovian, so that the constrained optimum for that rate of leads is known.
 */
import type { Scenario } from '#protocol/scenario.ts';
import { groupOf, scenarioOf } from './scenario-of.ts';

const HOUR = 3_600_000;

/** What the optimum is to know; times in seconds. */
export const LEAD_RICH = {
  handleMeanSeconds: 240,
  patienceMeanSeconds: 60,
  responseMeanSeconds: 10,
  acceptShare: 0.3,
} as const;

const SUPPLY = 1.1;
/** A visit has three pages in the mean, and a lead at its first visit of the cart: of the second page. */
const DEPTH = 3;
const LEADS_A_VISIT = 1 - 1 / DEPTH;

export function leadRichScenario(agents: number, hours: number): Scenario {
  const { handleMeanSeconds, patienceMeanSeconds, responseMeanSeconds, acceptShare } = LEAD_RICH;
  const leadsPerHour = (SUPPLY * agents * 3_600) / handleMeanSeconds / acceptShare;
  const base = scenarioOf();
  return scenarioOf({
    durationMs: hours * HOUR,
    traffic: {
      visits: [{ atMs: 0, visitsPerHour: Math.round(leadsPerHour / LEADS_A_VISIT) }],
      visitDepth: DEPTH,
      pageEvents: 0.5,
      visitEvents: 0,
    },
    groups: [
      groupOf({
        agents,
        capacity: 1,
        handleTime: { kind: 'exponential', meanMs: handleMeanSeconds * 1_000 },
        answerTime: { kind: 'constant', meanMs: 0 },
        afterWork: { kind: 'constant', meanMs: 0 },
      }),
    ],
    visitors: {
      ...base.visitors,
      acceptShare,
      rejectShare: 1 - acceptShare,
      responseTime: { kind: 'exponential', meanMs: responseMeanSeconds * 1_000 },
      inviteTimeoutMs: 120_000,
      patience: { kind: 'exponential', meanMs: patienceMeanSeconds * 1_000 },
    },
    options: {
      'service:pacing': {
        'pacing.connector.algorithm': agents >= 30 ? 'PREDICTIVE_B' : 'SUPER_PROGRESSIVE',
      },
    },
  });
}
