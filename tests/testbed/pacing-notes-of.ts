/** What must be known of a scenario's pacing as a run begins, in sentences. */
import { noticesOfPacing } from '#node/pacing-notices.ts';
import { optionsOf, readPacing } from '#node/read-settings.ts';
import type { Scenario } from '#protocol/scenario.ts';

export function pacingNotesOf(scenario: Scenario): readonly string[] {
  const options = optionsOf(scenario);
  return noticesOfPacing(scenario, options, readPacing(scenario, options)).map(({ text }) => text);
}
