/** What `run` and `check` have in common: the options that change a scenario, and loading several of them. */
import type { Command } from 'commander';
import type { Problem, Result } from '#core/result.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { loadScenario } from '#testbed/load-scenario.ts';
import type { GivenOverrides } from '#testbed/load-scenario-overrides.ts';

export interface ScenarioOptions {
  readonly set: readonly string[];
  readonly duration?: string;
}

/** Adds `--set` and `--duration`. */
export function addScenarioOptions(command: Command): Command {
  return command
    .option(
      '--set <path=value>',
      'change a value of the scenario, its path separated by slashes; may be given again',
      (given: string, before: readonly string[]) => [...before, given],
      [],
    )
    .option('--duration <duration>', 'length of the window, such as 15m or 4h; without a warm-up unless --set warmup=');
}

export interface LoadedScenario {
  readonly file: string;
  readonly result: Result<Scenario, Problem>;
}

export function loadScenarios(files: readonly string[], overrides: GivenOverrides): readonly LoadedScenario[] {
  return files.map((file) => ({ file, result: loadScenario(file, overrides) }));
}
