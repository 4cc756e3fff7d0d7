/**
 * The incremental matcher, driven as a Frontend drives it, against the naive oracle, on random packages and visits: the same firings at the
 * same items in the same order, word for word. Then broken matchers, each of which the same comparison has to catch.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present } from '#core/assert.ts';
import type { Condition } from '#core/rules/rule-package.ts';
import { runMatcher, type Faults } from './matcher-run.ts';
import { createTally } from './oracle-coverage.ts';
import { evaluateByOracle, type OracleFiring } from './oracle.ts';
import { severalVisits, singleVisits, type RandomCase } from './random-packages.ts';
import * as variants from './random-variants.ts';
import { createPackage, createRule, createVisit, enters } from './visit-events.ts';

const CASES = Number(process.env['RULES_CASES'] ?? 20_000);
const CASES_OF_SEVERAL = CASES / 5;
const CONTROL_CASES = 5_000;
/** The time on a busy machine; it takes half a minute on an idle one. */
const PATIENCE_MS = 600_000;

function judge({ packages, log, openPartialsMax, replayed }: RandomCase): OracleFiring[] {
  return evaluateByOracle(packages, log, openPartialsMax, replayed);
}

function findByMatcher(given: RandomCase, faults: Faults = {}): OracleFiring[] {
  return runMatcher(given, faults).flatMap((out, place) => out.map((firing) => ({ place, ...firing })));
}

describe(`the matcher, on ${CASES} random packages and visits (as many as RULES_CASES says)`, () => {
  const tally = createTally();

  it('fires exactly what the oracle fires, in its order', { timeout: PATIENCE_MS }, () => {
    const property = fc.property(singleVisits, (given) => {
      const expected = judge(given);
      tally.take(given, expected);
      expect(findByMatcher(given)).toEqual(expected);
    });
    fc.assert(property, { numRuns: CASES });
  });

  it('had cases that say something of every template, bound and guard', () => {
    console.log(`what ${CASES} cases held: ${JSON.stringify(tally.counts)}`);
    expect(tally.listMissing(CASES)).toEqual([]);
  });
});

describe(`the matcher, on ${CASES_OF_SEVERAL} random logs of several visits`, () => {
  it('fires exactly what the oracle fires where rules correlate by browser or person', { timeout: PATIENCE_MS }, () => {
    let correlated = 0;
    const property = fc.property(severalVisits, (given) => {
      const expected = judge(given);
      if (namesOf(judge(variants.correlateNothing(given))) !== namesOf(expected)) correlated += 1;
      expect(findByMatcher(given)).toEqual(expected);
    });
    fc.assert(property, { numRuns: CASES_OF_SEVERAL });
    expect(correlated).toBeGreaterThan(CASES_OF_SEVERAL / 10);
  });
});

describe('the matcher, where it once differed', () => {
  it('fires a wait of the visit though one of its browser was ended just before', () => {
    const timeout = (forMs: number): Condition => ({ template: 'timeout', event: enters(), forMs });
    const log = [
      ...['A@0', 'A@8', 'A@10', 'A@13', 'A@15'].map((word, i) => ({
        ...present(createVisit(word)[0], 'event'),
        eventID: `e${i}`,
        pageID: 'p',
      })),
      { visitID: 'v1', told: 16 },
    ];
    const waits: Condition = { template: 'any', conditions: [timeout(4), timeout(16)] };
    const packages = [
      createPackage([createRule('across', waits, { correlate: 'browser' }), createRule('within', timeout(1))]),
    ];
    const given = { packages, log, openPartialsMax: 64, replayed: 0 };
    const found = findByMatcher(given);
    expect(found).toEqual(judge(given));
    expect(found.at(-1)).toMatchObject({ rule: 'within', at: 16, matchedEvents: ['e4'] });
  });
});

describe('the comparison itself', () => {
  it.each<[string, variants.Variant, Faults?]>([
    ['whose windows are a millisecond too long', variants.stretchWindows],
    ['that holds one open match too many', variants.openOneMore],
    ['that fires at the deadline before the event that comes then', (given) => given, { deadlineExclusive: true }],
    ['that ends no absence', variants.endNoWaits],
    ['that takes duplicates', variants.renameDuplicates],
    ['that ignores salience', variants.ignoreSalience],
    ['that ignores the state of the visit', variants.ignoreWhile],
    ['that ignores hours and validity', variants.ignoreCalendar],
    ['that makes one hot lead too many', variants.allowOneMore],
    ['whose cool-down ends a millisecond early', variants.shortenCoolDown],
    ['that holds nobody out', variants.ignoreHoldout],
    ['that forgets the past that it replayed', (given) => given, { pastForgotten: true }],
    ['that correlates nothing', variants.correlateNothing],
  ])('notices a matcher %s', { timeout: PATIENCE_MS }, (_, fault, faults) => {
    const wrong = fc.property(fc.oneof(singleVisits, severalVisits), (given) => {
      expect(namesOf(findByMatcher(fault(given), faults))).toBe(namesOf(judge(given)));
    });
    expect(fc.check(wrong, { numRuns: CONTROL_CASES, endOnFailure: true }).failed).toBe(true);
  });
});

/** What fires when by which events, whatever the variant calls them. */
function namesOf(firings: readonly OracleFiring[]): string {
  return firings
    .map(({ place, at, package: of, rule, matchedEvents }) => `${place} ${at} ${of} ${rule} ${matchedEvents.join(' ')}`)
    .join('\n')
    .replaceAll(/#\d+/g, '');
}
