/** Pacing that is off, or outside of its range, is told loudly: at the start, after a what-if, in figures and on a terminal. */
import { createColors } from 'picocolors';
import { expect, test } from 'vitest';
import type { Scenario } from '#protocol/scenario.ts';
import { renderConsoleReport } from '#testbed/reporters/console-report.ts';
import { createSimRun, type SimRun } from '#testbed/sim-run.ts';
import { createSummary } from '#testbed/summary.ts';
import { groupOf, scenarioOf } from './scenario-of.ts';

const OFF = { 'service:wmsg': { 'wmsg.connector.defaultEngagementChannel': 'proactiveChat' } };
const MINUTE_MS = 60_000;

function runOf(changes: Partial<Scenario>): SimRun {
  return createSimRun(scenarioOf({ durationMs: 3 * MINUTE_MS, groups: [groupOf({ agents: 5 })], ...changes }), {
    seed: 1,
  });
}

function printed(run: SimRun, files: readonly string[], color = false): string {
  const result = run.result();
  return renderConsoleReport({
    summary: createSummary(result),
    results: [result],
    timing: { startUpMs: 1, runMs: 1, speed: 1 },
    files,
    isQuiet: false,
    colors: createColors(color),
  });
}

test('an option that turns pacing off is an alarm that names it and says what it means', () => {
  const { pacingNotices } = runOf({ options: OFF });
  expect(pacingNotices).toEqual([
    {
      tone: 'alarm',
      text: 'PACING IS OFF: wmsg.connector.defaultEngagementChannel is proactiveChat, so every usable hot lead is invited, whatever the goal and whether an agent is free or not',
    },
  ]);
  expect(runOf({}).pacingNotices).toEqual([]);
});

test.each([{ files: [] }, { files: ['runs/x/summary.json'] }])(
  'a terminal prints it undimmed whether report files are written or not, and nothing where pacing is on ($files)',
  ({ files }) => {
    const text = printed(runOf({ options: OFF }), files);
    expect(text).toMatch(/^ {2}warning PACING IS OFF: .+ every usable hot lead is invited/m);
    expect(text.match(/PACING IS OFF/g)).toHaveLength(1);
    const line = printed(runOf({ options: OFF }), files, true)
      .split('\n')
      .find((candidate) => candidate.includes('PACING IS OFF'));
    const dim = '\u001b[2m';
    expect(line).not.toContain(dim);
    expect(createColors(true).dim('x')).toContain(dim);
    expect(printed(runOf({}), files)).not.toMatch(/PACING|warning/);
  },
);

test('a what-if to an algorithm outside its range is told from then on, and on a terminal with its moment', () => {
  const run = runOf({});
  run.advanceTo(MINUTE_MS);
  expect(run.pacingNotices).toEqual([]);
  run.command({ algorithm: 'PREDICTIVE_B' });
  const sentence = 'PREDICTIVE_B is for groups from 30 agents on, "Web Engagement Chat" has 5';
  expect(run.pacingNotices).toEqual([{ tone: 'note', text: expect.stringContaining(sentence) as string }]);
  run.command({ goalShare: 0.05 });
  run.advanceTo(run.totalMs);
  expect(run.result().deviations.filter((text) => text.includes(sentence))).toEqual([
    expect.stringMatching(/^from 00:01:00 on: PREDICTIVE_B is for groups/),
  ]);
  expect(printed(run, ['runs/x/summary.json'])).toMatch(/^ {2}note {4}from 00:01:00 on: PREDICTIVE_B/m);
});

test('a what-if that invites everybody is an alarm for as long as it is in force', () => {
  const run = runOf({});
  run.command({ pacedBy: 'none' });
  expect(run.pacingNotices).toMatchObject([{ tone: 'alarm' }]);
  run.command({ pacedBy: 'algorithm' });
  expect(run.pacingNotices).toEqual([]);
});
