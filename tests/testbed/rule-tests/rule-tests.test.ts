/** Rule tests as files: what is told of a wrong one, what holds, what fails and how it is explained. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { createColors } from 'picocolors';
import { describe, expect, it, test } from 'vitest';
import { describeProblem } from '#protocol/operating-error.ts';
import { parseRuleTestFile } from '#protocol/rule-test-file.ts';
import { loadRuleTests } from '#testbed/rule-tests/load-rule-tests.ts';
import { pairUp } from '#testbed/rule-tests/pair-up.ts';
import { renderRuleTestsJunit } from '#testbed/rule-tests/rule-test-junit.ts';
import { renderRuleTests } from '#testbed/rule-tests/rule-test-report.ts';
import { runRuleTests, type RuleTestsOutcome } from '#testbed/rule-tests/run-rule-tests.ts';
import { findAll, parseXml } from '#tests/testbed/parse-xml.ts';
import { createFolder } from '#tests/testbed/replay/recordings.ts';

const CATEGORIES = `version: 1
categories:
  - { name: product, tags: [{ plain: /products/, in: url }] }
  - { name: cart, tags: [{ plain: Your cart, in: title }] }
`;
const RULES = `version: 1
package: com.example
packageVersion: "1"
rules:
  - name: Compares
    when: { counter: { of: { enters: product }, times: 3, within: 10m } }
    then: [{ hotLead: {} }]
    guards: { coolDown: 5m }
  - name: Leaves the cart
    when: { sequence: { steps: [{ enters: cart }, { leaves: cart }], within: 2m } }
    then: [{ hotLead: {} }]
  - name: Searches
    when: { singleton: { event: Search } }
    then: [{ hotLead: {} }]
  - name: Does not check out
    when: { absence: { after: { singleton: { event: AddToCart } }, of: { enters: cart }, within: 5m } }
    then: [{ hotLead: {} }]
`;
const HEAD = 'version: 1\npackages: [rules.yaml]\ncategories: categories.yaml\ncases:\n';

/** A test file beside its rules and categories. */
function writeTests(cases: string, head = HEAD): string {
  const folder = createFolder();
  writeFileSync(join(folder, 'rules.yaml'), RULES);
  writeFileSync(join(folder, 'categories.yaml'), CATEGORIES);
  const file = join(folder, 'tests.yaml');
  writeFileSync(file, `${head}${cases}`);
  return file;
}

function problemsOf(file: string): readonly string[] {
  const loaded = loadRuleTests([file]);
  return loaded.ok ? [] : loaded.problems.map((one) => describeProblem({ ...one, file: 'tests.yaml' }));
}

function runCases(cases: string): RuleTestsOutcome {
  const loaded = loadRuleTests([writeTests(cases)]);
  if (!loaded.ok) throw new Error(loaded.problems.map(describeProblem).join('\n'));
  return runRuleTests(loaded.value);
}

/** Faults of the only case, as `expected | came`. */
function faultsOf(given: readonly string[], expected: string): readonly string[] {
  const steps = given.map((step) => `      - { ${step} }\n`).join('');
  const outcome = runCases(`  - name: a case\n    given:\n${steps}    expect: { ${expected} }\n`);
  return outcome.files.flatMap(({ cases }) =>
    cases.flatMap(({ faults }) => faults.map((one) => `${one.expected} | ${one.came}`)),
  );
}

describe('a wrong file', () => {
  it('has all its faults told at once, with path and line', () => {
    const cases = `  - name: one
    given:
      - { at: 5s, enters: product }
      - { at: +9s, enters: product, leaves: product }
      - { at: +3s, event: Search, colour: red }
    expect:
      fires: [{ rule: Compares, at: soon, matched: [e1, e9] }]
      nearly: [{ rule: Compares, is: most }]
  - name: one
    given: [{ at: +0s, enters: 7 }]
    expect: {}
`;
    expect(problemsOf(writeTests(cases))).toEqual([
      'tests.yaml:7:11 cases/0/given/0/at: expected a time since the start of the case such as +0s, +90s or +2m30s, got "5s"',
      'tests.yaml:8:9 cases/0/given/1: expected one of enters, leaves, event, signsIn, signsOut, or at alone where nothing happens; got enters, leaves',
      'tests.yaml:9:11 cases/0/given/2/at: expected steps in the order of their times: this one lies before the one above',
      expect.stringMatching(
        /^tests\.yaml:9:\d+ cases\/0\/given\/2\/colour: unknown key "colour", expected one of at, /,
      ),
      expect.stringMatching(/fires\/0\/at: expected a time since the start of the case .*, got "soon"$/),
      expect.stringMatching(
        /fires\/0\/matched\/1: no event "e9" is given; without an id of its own the n-th step is e<n>$/,
      ),
      expect.stringMatching(/nearly\/0\/is: expected how far it is, such as 2 of 3, got "most"$/),
      'tests.yaml:13:5 cases/1/name: the case "one" is there twice',
      expect.stringMatching(/cases\/1\/given\/0\/enters: expected a category, a list of them, or a page .*, got 7$/),
      'tests.yaml:15:5 cases/1/expect: expected something to be expected: fires ([] where nothing fires), none or nearly',
    ]);
  });

  it('names rules and categories that its files do not have', () => {
    const cases = `  - name: one
    given: [{ at: +0s, enters: prodct }]
    expect: { fires: [], none: [Compare] }
`;
    expect(problemsOf(writeTests(cases))).toEqual([
      'tests.yaml:7:33 cases/0/expect/none/0: no package has a rule "Compare", known: Compares, Leaves the cart, Searches, Does not check out',
      'tests.yaml:6:13 cases/0/given/0: the category file has no "prodct", known: product, cart',
    ]);
  });

  it('tells the faults of the packages that it names, by their own lines', () => {
    const file = writeTests(
      '  - { name: one, given: [{ at: +0s }], expect: { fires: [] } }\n',
      HEAD.replace('rules.yaml', 'no.yaml'),
    );
    expect(problemsOf(file)).toEqual(['tests.yaml: no such file']);
  });

  test('no text crashes the parser', () => {
    const words = fc.constantFrom(
      'given',
      'at',
      '+0s',
      'expect',
      'fires',
      '[',
      ']',
      '{',
      '}',
      ':',
      ',',
      '\n',
      '  - ',
      'cases',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), (pieces) => {
        const parsed = parseRuleTestFile(`${HEAD}${pieces.join(' ')}`, 't.yaml');
        expect(parsed.ok || parsed.problems.every(({ line, message }) => line > 0 && message !== '')).toBe(true);
      }),
    );
  });
});

const THREE = ['at: +0s, enters: product', 'at: +1m, enters: { url: /products/stove }', 'at: +4m, enters: product'];

describe('firings', () => {
  it.each([
    [
      'rule, time, events and visit hold',
      'fires: [{ rule: Compares, at: +4m, matched: [e1, e2, e3], visit: visit }]',
      [],
    ],
    [
      'another time is told with what came',
      'fires: [{ rule: Compares, at: +5m }]',
      ['"Compares" fires at +5m | it fired at +4m in visit by e1, e2, e3 (another at)'],
    ],
    [
      'other events are told with what came',
      'fires: [{ rule: Compares, matched: [e1, e3] }]',
      ['"Compares" fires by e1, e3 | it fired at +4m in visit by e1, e2, e3 (another matched)'],
    ],
    [
      'what nobody expected is a fault',
      'fires: []',
      ['"Compares" does not fire | it fired at +4m in visit by e1, e2, e3'],
    ],
    [
      'what is not to fire is a fault',
      'none: [Compares]',
      ['"Compares" does not fire | it fired at +4m in visit by e1, e2, e3'],
    ],
    [
      'what did not come is a fault',
      'fires: [{ rule: Compares }, { rule: Searches }]',
      ['"Searches" fires | it did not fire'],
    ],
    [
      'one firing meets one expectation',
      'fires: [{ rule: Compares }, { rule: Compares, at: +4m }]',
      ['"Compares" fires at +4m | it did not fire'],
    ],
  ])('%s', (_what, expected, faults) => {
    expect(faultsOf(THREE, expected)).toEqual(faults);
  });

  it('carry the values of their last event, of which a case names what it cares for', () => {
    const given = ['at: +0s, event: Search, data: { searchString: tent, results: 0 }'];
    expect(faultsOf(given, 'fires: [{ rule: Searches, values: { results: 0 } }]')).toEqual([]);
    expect(faultsOf(given, 'fires: [{ rule: Searches, values: { results: "0" } }]')).toEqual([
      '"Searches" fires with {"results":"0"} | it fired at +0s in visit by e1 with {"searchString":"tent","results":0} (another values)',
    ]);
  });

  it('come by the titles and URLs of pages, through the category file', () => {
    const given = ['at: +0s, enters: { url: /basket, title: Your cart }', 'at: +10s, leaves: true'];
    expect(faultsOf(given, 'fires: [{ rule: Leaves the cart, matched: [e1, e2] }]')).toEqual([]);
    expect(faultsOf(['at: +0s, enters: { url: /basket, title: Cart }', 'at: +10s, leaves: true'], 'fires: []')).toEqual(
      [],
    );
  });

  it('are of one visit each', () => {
    const given = ['at: +0s, enters: product', 'at: +1s, visit: b, enters: product', 'at: +2s, enters: product'];
    expect(
      faultsOf(
        [...given, 'at: +3s, enters: product, id: last'],
        'fires: [{ rule: Compares, visit: visit, matched: [e1, e3, last] }]',
      ),
    ).toEqual([]);
  });
});

describe('time', () => {
  const added = ['at: +10s, event: AddToCart'];

  it.each([
    [
      'an absence fires at its deadline, when nothing more happens',
      [...added, 'at: +6m'],
      'fires: [{ rule: Does not check out, at: +5m10s, matched: [e1] }]',
    ],
    [
      'and also when the case itself names that moment alone',
      added,
      'fires: [{ rule: Does not check out, at: +5m10s }]',
    ],
    [
      'and before a later event',
      [...added, 'at: +7m, enters: cart'],
      'fires: [{ rule: Does not check out, at: +5m10s }]',
    ],
    ['it does not before its deadline', [...added, 'at: +5m9s'], 'fires: []'],
    ['an event at the very end still ends it', [...added, 'at: +5m10s, enters: cart', 'at: +9m'], 'fires: []'],
    [
      'a visit that is forgotten in silence keeps no wait',
      [...added, 'at: +6h'],
      'fires: [{ rule: Does not check out, at: +5m10s }]',
    ],
  ])('%s', (_what, given, expected) => {
    expect(faultsOf(given, expected)).toEqual([]);
  });
});

describe('near misses', () => {
  it('hold by steps, what is missing and until when', () => {
    const two = THREE.slice(0, 2);
    expect(faultsOf(two, 'nearly: [{ rule: Compares, is: 2 of 3, missing: enters a page, until: +10m }]')).toEqual([]);
    expect(faultsOf([...two, 'at: +11m'], 'nearly: [{ rule: Compares, is: 1 of 3 }]')).toEqual([]);
    expect(faultsOf([...two, 'at: +11m1s'], 'nearly: [{ rule: Compares, is: 0 of 3 }]')).toEqual([]);
  });

  it('are asked at their moment, whatever comes later', () => {
    expect(faultsOf(THREE, 'fires: [{ rule: Compares }], nearly: [{ rule: Compares, is: 1 of 3, at: +30s }]')).toEqual(
      [],
    );
  });

  it('tell how far the rule really was', () => {
    expect(
      faultsOf(
        THREE.slice(0, 2),
        'nearly: [{ rule: Compares, is: 1 of 3 }, { rule: Compares, is: 2 of 3, until: +9m }]',
      ),
    ).toEqual([
      '"Compares" is 1 of 3 at the end | 2 of 3; missing: the visitor enters a page of category "product" 1 more time, 9 min left (until +10m).',
      '"Compares" is 2 of 3 at the end, until +9m | 2 of 3; missing: the visitor enters a page of category "product" 1 more time, 9 min left (until +10m).',
    ]);
    expect(faultsOf(['at: +0s, enters: product'], 'nearly: [{ rule: Compares, visit: b, is: 1 of 3 }]')).toEqual([
      '"Compares" is 1 of 3 at the end | visit b is not known then: it has not begun, or has ended',
    ]);
  });
});

const MIXED = `  - name: searches
    given: [{ at: +0s, event: Search }]
    expect: { fires: [{ rule: Searches }] }
  - name: compares <two> & fires
    given: [{ at: +0s, enters: product }, { at: +1m, enters: product }]
    expect: { fires: [{ rule: Compares, at: +1m }] }
`;

describe('reports', () => {
  it('explain a failed case on the console, and tell which rules no case has made fire', () => {
    const text = renderRuleTests(runCases(MIXED), createColors(false));
    expect(text.split('\n').slice(1)).toEqual([
      '  ✓ searches',
      '  ✗ compares <two> & fires',
      '      expected  "Compares" fires at +1m',
      '      came      it did not fire',
      '      how far   "Compares" at +1m in visit, fired 0: 2 of 3; missing: the visitor enters a page of category "product" 1 more time, 9 min left (until +10m).',
      '                nothing yet: "Leaves the cart", "Searches", "Does not check out"',
      '      events    e1  +0s  visit  PageEntered  [product]  https://www.example.com',
      '                e2  +1m  visit  PageEntered  [product]  https://www.example.com',
      '1 of 2 cases failed. 3 of 4 rules fired in no case: "Compares", "Leaves the cart", "Does not check out".',
      '',
    ]);
  });

  it('are JUnit with a case a case', () => {
    const root = parseXml(renderRuleTestsJunit(runCases(MIXED), 1_500));
    expect(root.attributes).toMatchObject({ tests: '2', failures: '1', time: '1.500' });
    expect(findAll(root, 'testcase').map(({ attributes }) => attributes['name'])).toEqual([
      'searches',
      'compares <two> & fires',
    ]);
    expect(findAll(root, 'failure').map(({ attributes }) => attributes['message'])).toEqual([
      'expected "Compares" fires at +1m, but it did not fire',
    ]);
  });
});

test('pairing up leaves out nothing that some pairing could take in', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(4), { maxLength: 4 }), { maxLength: 5 }), fc.nat(5), (wishes, count) => {
      const seen = Array.from({ length: count }, (_, index) => index);
      const pairs = pairUp(wishes, seen, (wish, one) => wish.includes(one));
      expect([...pairs].every(([one, wish]) => wish.includes(one))).toBe(true);
      expect(pairs.size).toBe(mostPairs(wishes, new Set(seen)));
    }),
  );
});

/** By trying everything. */
function mostPairs([wish, ...others]: readonly (readonly number[])[], free: ReadonlySet<number>): number {
  if (wish === undefined) return 0;
  const without = mostPairs(others, free);
  const taken = [...free]
    .filter((one) => wish.includes(one))
    .map((one) => {
      const rest = new Set(free);
      rest.delete(one);
      return 1 + mostPairs(others, rest);
    });
  return Math.max(without, ...taken);
}
