/**
 * What pacing finds hardest in a contact centre, beside the same run without it: several chats at once that slow each other
 * down, log-ins and log-outs in mid-run, lognormal times. Leads are rich: few pages a visit, a lead in most.
 */
import type { Scenario } from '#protocol/scenario.ts';
import { groupOf, scenarioOf } from './scenario-of.ts';

const HOUR = 3_600_000;
const HANDLE_MS = 240_000;
const SLOWDOWN = 0.3;

export interface ShiftsSize {
  readonly agents: number;
  readonly capacity: number;
  readonly hours: number;
}

/** `hard`: with slowdown, shifts and lognormal times; else the same number of agents throughout, undisturbed, exponential. */
export function shiftsScenario({ agents, capacity, hours }: ShiftsSize, hard: boolean): Scenario {
  const staying = Math.ceil(agents / 2);
  const coming = agents - staying;
  const early = Math.ceil(coming / 2);
  const endMs = hours * HOUR;
  const group = groupOf({
    capacity,
    agents: hard ? staying : agents,
    handleTime: hard
      ? { kind: 'lognormal', meanMs: HANDLE_MS, cv: 1 }
      : // What a chat takes in the hard run while its agent has all of his.
        { kind: 'exponential', meanMs: HANDLE_MS * (1 + SLOWDOWN * (capacity - 1)) },
    afterWork: { kind: 'constant', meanMs: 0 },
    ...(hard
      ? {
          slowdown: SLOWDOWN,
          shifts: [
            // Half of the others leave in mid-run, the other half come.
            { agents: early, from: 0, to: endMs * 0.4 },
            ...(coming > early ? [{ agents: coming - early, from: endMs * 0.6 }] : []),
            ...(coming > 0 ? [{ agents: Math.ceil(coming / 2), from: endMs * 0.3, to: endMs * 0.7 }] : []),
          ],
        }
      : {}),
  });
  // About twice the leads that the agents can be kept busy with, were all of them invited.
  const invitesPerHour = (agents * capacity * HOUR) / (HANDLE_MS * 0.29);
  const base = scenarioOf();
  return scenarioOf({
    durationMs: endMs,
    traffic: {
      visits: [{ atMs: 0, visitsPerHour: Math.round(2 * invitesPerHour) }],
      visitDepth: 3,
      pageEvents: 0.5,
      visitEvents: 0,
    },
    groups: [group],
    visitors: { ...base.visitors, responseTime: { kind: 'lognormal', meanMs: 8_000, cv: 1 } },
    options: {
      'service:pacing': {
        'pacing.connector.algorithm': agents >= 30 ? 'PREDICTIVE_B' : 'SUPER_PROGRESSIVE',
      },
    },
  });
}
