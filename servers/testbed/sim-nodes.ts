/** Builds the three machines and the crowd of a scenario, and joins them in the simulator. */
import { ContactCenter } from '#core/contact-center.ts';
import type { ContactCenterSettings } from '#core/contact-center-settings.ts';
import { BackendNode } from '#core/backend-node.ts';
import { compileCategories } from '#core/categories/category-matcher.ts';
import { FrontendNode } from '#core/frontend-node.ts';
import { createPacer } from '#core/pacing/create-pacer.ts';
import { createDurationSampler, durationMeanMs } from '#core/random/duration-sampler.ts';
import { createRandomSource } from '#core/random/random-source.ts';
import { compileRules } from '#core/rules/compile-rules.ts';
import { createCrowdSite } from '#crowd/crowd-site.ts';
import type { AgentHabits } from '#crowd/desk-agent.ts';
import type { VisitorHabits } from '#crowd/visitor.ts';
import type { AgentGroup, Scenario, VisitorBehaviour } from '#protocol/scenario.ts';
import { latencyProfileOf, type StoreProfile } from '#sim/latency.ts';
import { Simulation, type SimulationObserver } from '#sim/simulation.ts';
import { engagementStrategy } from '#strategies/engagement-strategy.ts';

export interface SimulatedNodes {
  readonly frontend: FrontendNode;
  readonly backend: BackendNode;
  readonly contactCenter: ContactCenter;
}

export function createNodes(scenario: Scenario, settings: ContactCenterSettings): SimulatedNodes {
  const pacers =
    settings.defaultChannel === null
      ? settings.chatGroups.map((group) =>
          createPacer(group, {
            algorithm: settings.algorithm,
            target: settings.target,
            goalShare: settings.goalShare,
            refreshPeriodMs: settings.refreshPeriodMs,
            inviteTimeoutMs: settings.inviteTimeoutMs,
            chatsPerAgent: scenario.groups.find(({ name }) => name === group)?.capacity ?? 1,
          }),
        )
      : [];
  return {
    frontend: new FrontendNode('frontend-1', compileCategories(scenario.categories), compileRules(scenario.rules), [
      scenario.site.domain,
    ]),
    backend: new BackendNode(),
    contactCenter: new ContactCenter(settings, engagementStrategy, pacers),
  };
}

export interface SimulationChoice {
  readonly seed: number;
  readonly store: StoreProfile;
  readonly observer: SimulationObserver;
}

export function createSimulation(scenario: Scenario, nodes: SimulatedNodes, choice: SimulationChoice): Simulation {
  return new Simulation({
    ...nodes,
    latency: latencyProfileOf(choice.store),
    random: createRandomSource(choice.seed),
    site: createCrowdSite(scenario.site, scenario.traffic),
    habits: visitorHabits(scenario.visitors),
    agents: scenario.groups.filter((group) => group.channel === 'chat').flatMap(agentsOf),
    arrivals: scenario.traffic.visits.map((step) => ({
      atUs: step.atMs * 1_000,
      ratePerUs: step.visitsPerHour / 3_600_000_000,
    })),
    startsAt: scenario.startsAt,
    observer: choice.observer,
  });
}

function visitorHabits(visitors: VisitorBehaviour): VisitorHabits {
  const { registration } = visitors;
  return {
    acceptShare: visitors.acceptShare,
    rejectShare: visitors.rejectShare,
    responseMs: createDurationSampler(visitors.responseTime),
    patienceMs: createDurationSampler(visitors.patience),
    formFillMs: registration === null ? undefined : createDurationSampler(registration.fillTime),
    formAbandonShare: registration?.abandonShare ?? 0,
  };
}

/** Breaks: a share b of the time in breaks of mean B means stretches of work of mean B (1 - b) / b, exponential. */
function agentsOf(group: AgentGroup): AgentHabits[] {
  const { breakShare } = group;
  const workMeanMs = (durationMeanMs(group.breakTime) * (1 - breakShare)) / breakShare;
  const habits: AgentHabits = {
    group: group.name,
    capacity: group.capacity,
    answerMs: createDurationSampler(group.answerTime),
    handleMs: createDurationSampler(group.handleTime),
    afterWorkMs: createDurationSampler(group.afterWork),
    breaks:
      breakShare > 0
        ? {
            breakMs: createDurationSampler(group.breakTime),
            workMs: createDurationSampler({ kind: 'exponential', meanMs: workMeanMs }),
          }
        : undefined,
  };
  return Array.from({ length: group.agents }, () => habits);
}
