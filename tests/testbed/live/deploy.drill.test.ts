/**
 * Rules deployed to two real Frontends under load while nodes are killed: improved, no two versions stamp events at the same time,
 * whoever dies when; faithful, the guide's inconsistency shows.
 */
import { describe, expect, inject, test } from 'vitest';
import { createRandomSource } from '#core/random/random-source.ts';
import { isFull } from '#tests/house/drill-counts.ts';
import { findMixed, runDeployDrill, type DeployFindings, type Round } from './deploy-drill.ts';
import { whyNot } from './twin-stage.ts';

const DURING_OFFSET_MS_MAX = 120;

/** Each Frontend before, between and after the stages, then any node at random moments while it is under way. */
function drawRounds(seed: number, during: number): readonly Round[] {
  const stream = createRandomSource(seed).stream('deployments');
  const named: Round[] = (['before', 'between', 'after'] as const).flatMap((moment) =>
    ['frontend-1', 'frontend-2'].map((victim) => ({ victim, moment, offsetMs: 0 })),
  );
  const victims = ['frontend-1', 'frontend-2', 'backend-1', 'backend-2'];
  const random = Array.from({ length: during }, (_, index): Round => {
    const victim = victims[index % victims.length] ?? 'frontend-1';
    return { victim, moment: 'during', offsetMs: Math.floor(stream.next() * DURING_OFFSET_MS_MAX) };
  });
  return [...named, ...random];
}

function tell(name: string, seed: number, { rounds, spans, acknowledged, lost, parity }: DeployFindings): void {
  console.log(
    [
      `${name}, seed ${seed}: ${acknowledged} acknowledged, ${lost} lost, parity ${parity.holds ? 'holds' : 'is broken'}`,
      ...rounds.map(
        ({ victim, moment, offsetMs, status, outcome, consistent, version }) =>
          `  ${victim} killed ${moment}${moment === 'during' ? ` (${offsetMs} ms)` : ''}: ${status} ${outcome ?? ''}; then version ${version}, ${consistent ? 'consistent' : 'INCONSISTENT'}`,
      ),
      ...spans.map(
        ({ node, version, fromMs, toMs, events }) =>
          `  ${node} stamped ${events} under ${version}, over ${toMs - fromMs} ms`,
      ),
    ].join('\n'),
  );
}

describe('improved', () => {
  test('no two versions stamp events at the same time, nothing is lost, and all agree in the end', async () => {
    const seed = inject('testSeed') + 40;
    const findings = await runDeployDrill({ seed, fidelity: 'improved', rounds: drawRounds(seed, isFull ? 24 : 8) });
    tell('improved', seed, findings);
    expect(findings.crash).toBeNull();
    expect(findMixed(findings.spans)).toEqual([]);
    expect(findings.rounds.filter(({ consistent }) => !consistent)).toEqual([]);
    expect(findings.lost).toBe(0);
    expect(whyNot(findings.parity)).toEqual([]);
    const statuses = (moment: string): readonly number[] =>
      findings.rounds.filter((round) => round.moment === moment).map(({ status }) => status);
    expect(statuses('before')).toEqual([503, 503]);
    expect(statuses('between')).toEqual([503, 503]);
    expect(statuses('after')).toEqual([200, 200]);
    expect(new Set(findings.spans.map(({ version }) => version)).size).toBeGreaterThan(2);
  });
});

describe('faithful', () => {
  test('a Frontend that dies between the stages leaves two versions in force, as the guide says', async () => {
    const seed = inject('testSeed') + 41;
    const rounds: readonly Round[] = [{ victim: 'frontend-2', moment: 'between', offsetMs: 0 }];
    const findings = await runDeployDrill({ seed, fidelity: 'faithful', rounds });
    tell('faithful', seed, findings);
    expect(findings.rounds).toMatchObject([{ status: 503, outcome: 'unsuccessful', consistent: false }]);
    expect(findMixed(findings.spans)).not.toEqual([]);
    expect(findings.lost).toBe(0);
  });
});

test('two versions that overlap by a millisecond are found, and two that meet are not', () => {
  const span = { node: 'frontend-1~1', version: 1, fromMs: 0, toMs: 10, events: 2 };
  expect(findMixed([span, { ...span, node: 'frontend-2~1', version: 2, fromMs: 9, toMs: 20 }])).toHaveLength(1);
  expect(findMixed([span, { ...span, node: 'frontend-2~1', version: 2, fromMs: 10, toMs: 20 }])).toEqual([]);
});
