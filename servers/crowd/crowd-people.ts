/** The people of a scenario made ready: how visitors answer, what each agent is like, when visitors arrive. */
import { createDurationSampler, durationMeanMs } from '#core/random/duration-sampler.ts';
import { CALLBACK_DELIVERY_GROUP } from '#core/contact-center-settings.ts';
import type { AgentGroup, Scenario } from '#protocol/scenario.ts';
import type { RateStepUs } from './arrivals.ts';
import type { Slowdown } from './chats-in-hand.ts';
import type { CrowdSite } from './crowd-site.ts';
import type { AgentHabits } from './desk-agent.ts';
import type { VisitorHabits } from './visitor.ts';

export function visitorHabitsOf({ visitors }: Scenario): VisitorHabits {
  const { registration, reactive } = visitors;
  return {
    acceptShare: visitors.acceptShare,
    rejectShare: visitors.rejectShare,
    responseMs: createDurationSampler(visitors.responseTime),
    patienceMs: createDurationSampler(visitors.patience),
    formFillMs: registration === null ? undefined : createDurationSampler(registration.fillTime),
    formAbandonShare: registration?.abandonShare ?? 0,
    callbackLaterShare: visitors.callback?.laterShare ?? 0,
    callbackLaterMs: createDurationSampler(visitors.callback?.later ?? CALLBACK_LATER),
    help: reactive === null ? undefined : { share: reactive.share, afterMs: createDurationSampler(reactive.after) },
  };
}

/** One entry an agent, group by group. */
export function agentHabitsOf({ groups }: Scenario): readonly AgentHabits[] {
  return groups.flatMap(agentsOf);
}

/** How much later visitors want to be called, where the scenario does not say. */
const CALLBACK_LATER = { kind: 'constant', meanMs: 3_600_000 } as const;

/** Until the visitor answers his phone, or will not, where the scenario does not say. */
const DIAL_TIME = { kind: 'constant', meanMs: 15_000 } as const;

/** Until an agent who was made not ready notices, where the scenario does not say. */
const MISSED_PAUSE = { kind: 'constant', meanMs: 60_000 } as const;

/**
 * First those who are there all the time, then shift by shift. Breaks: a share b of the time in breaks of mean B means stretches of work of mean B (1 - b) / b,
 * exponential.
 */
function agentsOf(group: AgentGroup): AgentHabits[] {
  const { breakShare } = group;
  const workMeanMs = (durationMeanMs(group.breakTime) * (1 - breakShare)) / breakShare;
  const habits: AgentHabits = {
    group: group.name,
    capacity: group.capacity,
    answerMs: createDurationSampler(group.answerTime),
    handleMs: createDurationSampler(group.handleTime),
    afterWorkMs: createDurationSampler(group.afterWork),
    slowdown: slowdownOf(group),
    shift: undefined,
    missShare: group.missShare ?? 0,
    rejectShare: group.rejectShare ?? 0,
    missedPauseMs: createDurationSampler(group.missedPause ?? MISSED_PAUSE),
    transfers: transfersOf(group),
    alsoIn: alsoInOf(group),
    calls: callsOf(group),
    followUps: followUpsOf(group),
    breaks:
      breakShare > 0
        ? {
            breakMs: createDurationSampler(group.breakTime),
            workMs: createDurationSampler({ kind: 'exponential', meanMs: workMeanMs }),
          }
        : undefined,
  };
  return [
    ...Array.from({ length: group.agents }, () => habits),
    ...(group.shifts ?? []).flatMap(({ agents, from, to }) =>
      Array.from({ length: agents }, () => ({ ...habits, shift: { fromMs: from, toMs: to } })),
    ),
  ];
}

function alsoInOf({ channel, alsoIn }: AgentGroup): readonly string[] {
  return alsoIn ?? (channel === 'voice' ? [CALLBACK_DELIVERY_GROUP] : []);
}

function callsOf(group: AgentGroup): AgentHabits['calls'] {
  const { channel, dialTime, noAnswerShare = 0.2, reschedules } = group;
  if (channel !== 'voice') return undefined;
  return {
    dialMs: createDurationSampler(dialTime ?? DIAL_TIME),
    noAnswerShare,
    rescheduleShare: reschedules?.share ?? 0,
    rescheduleMs: createDurationSampler(reschedules?.later ?? CALLBACK_LATER),
  };
}

function followUpsOf({ followUps }: AgentGroup): AgentHabits['followUps'] {
  if (followUps === undefined) return undefined;
  return { approveShare: followUps.approveShare, afterMs: createDurationSampler(followUps.after) };
}

function transfersOf({ transfers }: AgentGroup): AgentHabits['transfers'] {
  if (transfers === undefined) return undefined;
  return { share: transfers.share, to: transfers.to, afterMs: createDurationSampler(transfers.after) };
}

/** The last factor of a table holds for more chats than it has. */
function slowdownOf({ slowdown }: AgentGroup): Slowdown {
  if (slowdown === undefined || slowdown === 0) return undefined;
  if (typeof slowdown === 'number') return (chats) => 1 + slowdown * (chats - 1);
  return (chats) => slowdown[Math.min(chats, slowdown.length) - 1] ?? 1;
}

/**
 * Arrival rates on the kernel's time, whose 0 lies `originUs` before the run: the first step's rate holds from there on.
 */
export function arrivalStepsOf({ traffic }: Scenario, originUs: number): readonly RateStepUs[] {
  return traffic.visits.map((step, index) => ({
    atUs: index === 0 ? 0 : step.atMs * 1_000 + originUs,
    ratePerUs: step.visitsPerHour / 3_600_000_000,
  }));
}

/**
 * How long before the start visitors must have been arriving for the site to be in steady state, us (whole ms): sixteen
 * mean visits. Page counts are geometric, so a visit lasts longer with probability about e^-16.
 */
export function browsingMemoryUs(site: CrowdSite): number {
  const meanVisitMs = site.dwellMeanMs / (1 - site.goOnShare);
  return Math.ceil(meanVisitMs * 16) * 1_000;
}
