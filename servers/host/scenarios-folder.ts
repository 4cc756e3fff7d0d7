/** The folder of scenario files: where it is, what is in it, and the gallery's cards. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { ScenarioCard } from '#protocol/control-api.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { meanVisitsPerHour } from '#testbed/expectation.ts';
import { loadScenario } from '#testbed/load-scenario.ts';

/** A scenario file's path; FORBIDDEN for a name that leads out of the folder. */
export function scenarioPath(folder: string, file: string): string {
  if (basename(file) !== file) throw new OperatingError('FORBIDDEN', `${file} is not a file of the scenarios folder`);
  return join(folder, file);
}

/** Every scenario of the folder by name, those with faults too. */
export async function listScenarioCards(folder: string): Promise<readonly ScenarioCard[]> {
  if (!existsSync(folder))
    throw new OperatingError('FILE_NOT_FOUND', `There is no folder of scenarios at ${resolve(folder)}`);
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.ya?ml$/i.test(entry.name)).map((entry) => entry.name);
  return files.sort().map((file) => {
    const loaded = loadScenario(join(folder, file));
    if (loaded.ok) return describeCard(file, loaded.value);
    return { ...EMPTY_CARD, file, name: file.replace(/\.ya?ml$/i, ''), problems: loaded.problems };
  });
}

const EMPTY_CARD: Omit<ScenarioCard, 'file' | 'name' | 'problems'> = {
  about: '',
  seed: 1,
  timeZone: 'UTC',
  startsAt: 0,
  warmupMs: 0,
  durationMs: 0,
  profile: [],
  visitsPerHour: 0,
  pageViewsPerHour: 0,
  pageEvents: 0,
  visitEvents: 0,
  groups: [],
  thresholds: [],
};

function describeCard(file: string, scenario: Scenario): ScenarioCard {
  const { traffic } = scenario;
  const visitsPerHour = meanVisitsPerHour(scenario);
  return {
    file,
    name: scenario.name,
    about: scenario.about,
    seed: scenario.seed,
    timeZone: scenario.timeZone,
    startsAt: scenario.startsAt,
    warmupMs: scenario.warmupMs,
    durationMs: scenario.durationMs,
    profile: traffic.visits,
    visitsPerHour,
    pageViewsPerHour: visitsPerHour * traffic.visitDepth,
    pageEvents: traffic.pageEvents,
    visitEvents: traffic.visitEvents,
    groups: scenario.groups.map(({ name, agents, capacity }) => ({ name, agents, capacity })),
    thresholds: scenario.thresholds.map(({ expression }) => expression),
    problems: [],
  };
}
