/** The shipped guide-example, changed as `--set` changes it. */
import { loadScenario } from '#testbed/load-scenario.ts';
import type { Scenario } from '#protocol/scenario.ts';

export function guideExample(set: readonly string[] = []): Scenario {
  const loaded = loadScenario('scenarios/guide-example.yaml', { set });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems, null, 2));
  return loaded.value;
}
