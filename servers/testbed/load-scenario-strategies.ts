/**
 * Loads the strategies of a scenario: its own documents by queue, else those that come with the testbed. All faults of a
 * document are found at once.
 */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fail, succeed, type Problem, type Result } from '#core/result.ts';
import { scriptEngine } from '#node/script-engine.ts';
import type { ScenarioDocument } from '#protocol/scenario-file.ts';
import type { ScenarioStrategies, StrategyFile } from '#protocol/scenario.ts';
import type { StrategyQueue } from '#strategies/services.ts';
import { readStrategy } from '#strategies/strategy-file.ts';

/** Beside the scenarios that come with the testbed; the place is the same for what is built. */
const FOLDER = join(import.meta.dirname, '../../scenarios/strategies');

const DEFAULT_STRATEGIES: Readonly<Record<StrategyQueue, string>> = {
  engagement: join(FOLDER, 'engagement-logic.scxml'),
  chatRouting: join(FOLDER, 'chat-routing.scxml'),
};

type References = ScenarioDocument['references']['strategies'];
type Load = (
  reference: References[StrategyQueue],
  parse: (text: string, file: string) => Result<StrategyFile, Problem>,
) => StrategyFile | undefined;

/** A queue whose document is at fault has that of the testbed; the fault has been reported by `load`. */
export function loadStrategies(references: References, load: Load): ScenarioStrategies {
  const own = (queue: StrategyQueue): StrategyFile | undefined => {
    const reference = references[queue];
    return load(reference, (text, file) => {
      const read = readStrategy(text, file, queue, scriptEngine);
      return read.ok ? succeed({ name: reference?.name ?? file, text }) : fail(read.problems);
    });
  };
  return {
    engagement: own('engagement') ?? readDefault('engagement'),
    chatRouting: own('chatRouting') ?? readDefault('chatRouting'),
  };
}

export function readDefaultStrategies(): ScenarioStrategies {
  return { engagement: readDefault('engagement'), chatRouting: readDefault('chatRouting') };
}

function readDefault(queue: StrategyQueue): StrategyFile {
  const file = DEFAULT_STRATEGIES[queue];
  return { name: basename(file), text: readFileSync(file, 'utf8') };
}
