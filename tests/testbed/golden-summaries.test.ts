/**
 * The shipped scenarios give the summaries that lie beside them, byte for byte: a change of behaviour is seen and
 * decided on. To take over new ones: `npx engage run scenarios/NAME.yaml --out runs`, then copy
 * `runs/NAME/summary.json` to `scenarios/golden/NAME.json`.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadScenario } from '#testbed/load-scenario.ts';
import { runScenario } from '#testbed/run-scenario.ts';
import { createSummary, writeSummary } from '#testbed/summary.ts';

const SCENARIOS = ['guide-example', 'flash-crowd', 'understaffed', 'help-seekers', 'callback-desk', 'shift-change'];

function summaryOf(name: string, set: readonly string[] = []): string {
  const loaded = loadScenario(`scenarios/${name}.yaml`, { set });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems, null, 2));
  return writeSummary(createSummary(runScenario(loaded.value, { seed: loaded.value.seed })));
}

describe('the shipped scenarios', () => {
  test.each(SCENARIOS)('%s gives its golden summary, and passes', (name) => {
    const summary = summaryOf(name);
    expect(summary).toBe(readFileSync(`scenarios/golden/${name}.json`, 'utf8'));
    expect(JSON.parse(summary)).toMatchObject({ verdict: 'pass' });
  });

  test('the comparison can fail: another seed gives another summary', () => {
    expect(summaryOf('guide-example', ['seed=2'])).not.toBe(
      readFileSync('scenarios/golden/guide-example.json', 'utf8'),
    );
  });
});
