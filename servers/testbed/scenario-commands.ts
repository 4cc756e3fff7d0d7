/** What a scenario tells pacing during a run, as the commands that both drivers give. */
import type { PacingCommand } from '#core/pacing/pacing-command.ts';
import type { Scenario } from '#protocol/scenario.ts';

export interface TimedCommand {
  /** Since the start of the run. */
  readonly atMs: number;
  readonly command: PacingCommand;
}

export function commandsOf({ whatIf }: Scenario): readonly TimedCommand[] {
  return whatIf.map(({ atMs, change }, index) => ({
    atMs,
    command: { type: 'pacingCommand', commandId: `scenario-${index + 1}`, by: 'scenario', change },
  }));
}
