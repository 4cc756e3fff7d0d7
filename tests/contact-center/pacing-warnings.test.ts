/** What the contact center's log says of pacing: at the start of a process, and when pacing is told something else. */
import { expect, it } from 'vitest';
import { PacingWarnings } from '#contact-center/pacing-warnings.ts';
import type { PacingInForce } from '#core/pacing/pacing-command.ts';
import type { Fact } from '#core/statistics/fact.ts';
import { optionsOf, readPacing } from '#node/read-settings.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { groupOf, scenarioOf } from '#tests/testbed/scenario-of.ts';

class HeardLog {
  readonly lines: string[] = [];
  warn(_what: object, text: string): void {
    this.lines.push(text);
  }
}

const FEW = scenarioOf({ groups: [groupOf({ agents: 5 })] });

function heard(scenario: Scenario): { readonly log: HeardLog; readonly warnings: PacingWarnings } {
  const log = new HeardLog();
  return { log, warnings: new PacingWarnings(log, scenario) };
}

function startOf(scenario: Scenario): PacingInForce {
  const inForce = readPacing(scenario, optionsOf(scenario));
  if (inForce === null) throw new Error('pacing is off');
  return inForce;
}

it('warns at the start where an option turns pacing off, and says nothing where pacing is as it should be', () => {
  const options = { 'service:wmsg': { 'wmsg.connector.defaultEngagementChannel': 'proactiveChat' } };
  const off = heard(scenarioOf({ options }));
  off.warnings.begin(null);
  expect(off.log.lines).toEqual([expect.stringContaining('PACING IS OFF: wmsg.connector.defaultEngagementChannel')]);
  const on = heard(FEW);
  on.warnings.begin(startOf(FEW));
  expect(on.log.lines).toEqual([]);
});

it('warns once of what a what-if brings, and not again of what was so before', () => {
  const { log, warnings } = heard(FEW);
  const before = startOf(FEW);
  const large: PacingInForce = { ...before, algorithm: 'PREDICTIVE_B' };
  const told = (from: PacingInForce, to: PacingInForce): Fact => ({
    kind: 'pacingCommand',
    at: 1,
    commandId: 'x',
    by: 'screen',
    before: from,
    after: to,
  });
  warnings.tell([told(before, large), told(large, { ...large, goalShare: 0.05 })]);
  expect(log.lines).toEqual([expect.stringContaining('PREDICTIVE_B is for groups from 30 agents on')]);
  warnings.tell([told(large, { ...large, pacedBy: 'none' }), told({ ...large, pacedBy: 'none' }, before)]);
  expect(log.lines).toHaveLength(2);
  expect(log.lines[1]).toContain('every usable hot lead is invited');
});
