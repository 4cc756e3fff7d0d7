/** A thousand hot leads of one visit at once, over two Frontends and two Backends past all stickiness, engage exactly once. */
import { fileURLToPath } from 'node:url';
import { expect, inject, test } from 'vitest';
import { runHotLeads, type HotLeadsFindings } from './drill-hot-leads.ts';
import { isFull } from '#tests/house/drill-counts.ts';

const REQUESTS = 1_000;
const VISITS = isFull ? 20 : 4;
const CARELESS = fileURLToPath(new URL('fixtures/careless-contact-center.ts', import.meta.url));

function visitsNamed(name: string): readonly string[] {
  return Array.from({ length: VISITS }, (_, n) => `${name}-${inject('testSeed')}-${n}`);
}

function print(name: string, findings: HotLeadsFindings): void {
  const { visits, volleyMs, retried, violations, parityHolds } = findings;
  const most = Math.round(Math.max(...volleyMs));
  console.log(
    [
      `HOT ${name}: ${visits.size} volleys of ${REQUESTS}, at most ${most} ms each, retried ${JSON.stringify(retried)}, parity ${parityHolds ? 'holds' : 'is broken'}`,
      ...[...visits].map(([visitID, visit]) => `  HOT ${visitID} ${JSON.stringify(visit)}`),
      ...violations.slice(0, 5).map(({ invariant, text }) => `  VIOLATED ${invariant}: ${text}`),
    ].join('\n'),
  );
}

test(`${REQUESTS} hot leads of one visit at once engage it exactly once`, async () => {
  const findings = await runHotLeads({
    seed: inject('testSeed'),
    visits: visitsNamed('hot'),
    requests: REQUESTS,
    same: false,
  });
  print('distinct events', findings);
  for (const [visitID, visit] of findings.visits) {
    const once = { interactions: REQUESTS, invited: 1, delivered: 1, refused: { inviteOpen: REQUESTS - 1 } };
    expect(visit, visitID).toEqual(once);
  }
  expect(findings).toMatchObject({ violations: [], parityHolds: true });
});

test(`${REQUESTS} copies of one event over two Frontends are one event, and engage its visit exactly once`, async () => {
  const findings = await runHotLeads({
    seed: inject('testSeed'),
    visits: visitsNamed('same'),
    requests: REQUESTS,
    same: true,
  });
  print('copies of one event', findings);
  for (const [visitID, visit] of findings.visits) {
    // Each Frontend has seen the event for the first time, perhaps: then each has made a hot lead of it.
    expect(visit.interactions, visitID).toBeLessThanOrEqual(2);
    expect(visit, visitID).toMatchObject({ invited: 1, delivered: 1 });
    expect(visit.refused['inviteOpen'] ?? 0, visitID).toBe(visit.interactions - 1);
  }
  expect(findings).toMatchObject({ violations: [], parityHolds: true });
});

test('a contact center that does not look for an open invite is caught', async () => {
  const findings = await runHotLeads({
    seed: inject('testSeed'),
    visits: [`careless-${inject('testSeed')}`],
    requests: 100,
    same: false,
    scripts: { contactCenter: CARELESS },
  });
  print('with careless-contact-center.ts', findings);
  expect(findings.violations.map(({ invariant }) => invariant)).toContain('I5 no visit engaged twice at one time');
});
