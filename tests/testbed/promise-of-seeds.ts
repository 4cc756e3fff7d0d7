/** Pacing's promise over many seeds of the shipped guide-example, changed. */
import { runScenario } from '#testbed/run-scenario.ts';
import { guideExample } from './guide-example.ts';

const GOAL = 0.03;
const FIRST_SEED = 1_001;

/** `set` as of `--set`. Prints the mean and returns each run that abandoned more than 3 %, `1001: 0.0312`. */
export function brokenPromises(what: string, set: readonly string[], seeds: number): readonly string[] {
  const scenario = guideExample(set);
  const shares = Array.from({ length: seeds }, (_, index) => {
    const { figures } = runScenario(scenario, { seed: FIRST_SEED + index });
    return figures.abandonmentShare ?? 0;
  });
  const broken = shares.flatMap((share, index) => (share > GOAL ? [`${FIRST_SEED + index}: ${share.toFixed(4)}`] : []));
  const mean = shares.reduce((sum, share) => sum + share, 0) / seeds;
  console.log(`${what}: mean ${(mean * 100).toFixed(2)} %, over the goal: ${broken.join(', ') || 'none'} of ${seeds}`);
  return broken;
}
