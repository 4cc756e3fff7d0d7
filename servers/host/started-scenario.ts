/** The scenario that somebody at the screen has started: read from the folder, with the traffic that was typed in place of its own. */
import { dirname, relative, resolve } from 'node:path';
import { succeed, type Problem, type Result } from '#core/result.ts';
import { describeProblem } from '#protocol/operating-error.ts';
import type { SizingTraffic } from '#protocol/run-feed.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { loadScenario } from '#testbed/load-scenario.ts';
import { scenarioPath } from '#host/scenarios-folder.ts';

export function loadStarted(
  scenariosFolder: string,
  file: string,
  traffic: SizingTraffic | null,
): Result<Scenario, Problem> {
  const loaded = loadScenario(scenarioPath(scenariosFolder, file));
  return loaded.ok && traffic !== null ? succeed(withTraffic(loaded.value, traffic)) : loaded;
}

/** Sizing inputs in place of the scenario's traffic: steady, the site's mix as it is. */
function withTraffic(scenario: Scenario, traffic: SizingTraffic): Scenario {
  return {
    ...scenario,
    traffic: {
      visits: [{ atMs: 0, visitsPerHour: traffic.visitsPerHour }],
      visitDepth: traffic.pageViewsPerHour / traffic.visitsPerHour,
      pageEvents: traffic.pageEvents,
      visitEvents: traffic.visitEvents,
    },
  };
}

/** A line each; files as seen from beside the scenarios folder. */
export function describeProblems(problems: readonly Problem[], scenariosFolder: string): string {
  const beside = dirname(resolve(scenariosFolder));
  return problems.map((problem) => describeProblem({ ...problem, file: relative(beside, problem.file) })).join('\n');
}
