/** A run over midnight: the ledger begins anew in the simulator and in a live contact center, unless the scenario says never. */
import { expect, test } from 'vitest';
import type { Scenario } from '#protocol/scenario.ts';
import { runScenario } from '#testbed/run-scenario.ts';
import { LiveStage, until } from '#tests/frontend/live-stage.ts';
import { groupOf, scenarioOf } from './scenario-of.ts';

const MINUTE_MS = 60_000;
/** Of Berlin. */
const MIDNIGHT = Date.UTC(2026, 2, 2, 23);

function lateShift(changes: Partial<Scenario>): readonly (number | null)[] {
  const { visitors } = scenarioOf();
  const scenario = scenarioOf({
    startsAt: MIDNIGHT - 20 * MINUTE_MS,
    durationMs: 21 * MINUTE_MS,
    groups: [groupOf({ agents: 10 })],
    visitors: { ...visitors, acceptShare: 0.9, rejectShare: 0.05 },
    ...changes,
  });
  const { pacing } = runScenario(scenario, { seed: 1 });
  const at = (seconds: number) =>
    pacing.findLast(({ atMs }) => atMs <= 20 * MINUTE_MS + seconds * 1_000)?.ledger ?? null;
  return [at(-1), at(2)];
}

test('credit that was gathered in the evening is gone after midnight, on the clock of the scenario', () => {
  const [before, after] = lateShift({});
  expect(before ?? 0).toBeGreaterThan(0.2);
  expect(after ?? 1).toBeLessThan(0.1);
  for (const changes of [{ ledgerResetMinute: null }, { timeZone: 'Europe/London' }, { ledgerResetMinute: 30 }]) {
    const [evening, night] = lateShift(changes);
    expect(evening).toBe(before);
    expect(night ?? 0, JSON.stringify(changes)).toBeGreaterThan(0.2);
  }
});

test('a live contact center resets at the same moment', async () => {
  const stage = new LiveStage({ startsAt: MIDNIGHT - 5_000 });
  await stage.startStore();
  const center = await stage.startContactCenter();
  const since = (): readonly (number | undefined)[] =>
    center.facts.flatMap((fact) => (fact.kind === 'pacing' ? [fact.decision.ledgerSince] : []));
  await until(() => (since().at(-1) ?? 0) >= MIDNIGHT, 'the ledger began anew');
  expect(since()[0]).toBeLessThan(MIDNIGHT);
  expect((since().at(-1) ?? 0) - MIDNIGHT).toBeLessThan(1_000);
  await stage.stop();
});
