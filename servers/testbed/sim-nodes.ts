/** Builds the crowd of a scenario and joins it with the machines in the simulator. */
import { createRandomSource } from '#core/random/random-source.ts';
import { agentHabitsOf, visitorHabitsOf } from '#crowd/crowd-people.ts';
import { createCrowdSite } from '#crowd/crowd-site.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { commandsOf } from './scenario-commands.ts';
import { createBackendNode, createContactCenter, createFrontendNode } from '#node/create-machines.ts';
import { latencyProfileOf, type StoreProfile } from '#sim/latency.ts';
import { Simulation, type SimulationObserver } from '#sim/simulation.ts';

export interface SimulationChoice {
  readonly seed: number;
  readonly store: StoreProfile;
  readonly observer: SimulationObserver;
}

export function createSimulation(scenario: Scenario, choice: SimulationChoice): Simulation {
  return new Simulation({
    source: {
      ...scenario.cluster,
      createFrontend: (name, incarnation) => createFrontendNode(scenario, name, incarnation),
      createBackend: (name) => createBackendNode(scenario, name),
      createContactCenter: () => createContactCenter(scenario),
    },
    latency: latencyProfileOf(choice.store),
    random: createRandomSource(choice.seed),
    site: createCrowdSite(scenario.site, scenario.traffic),
    habits: visitorHabitsOf(scenario),
    agents: agentHabitsOf(scenario),
    arrivals: scenario.traffic.visits.map((step) => ({
      atUs: step.atMs * 1_000,
      ratePerUs: step.visitsPerHour / 3_600_000_000,
    })),
    startsAt: scenario.startsAt,
    faults: scenario.faults,
    commands: commandsOf(scenario),
    observer: choice.observer,
  });
}
