/**
 * `cep.domainSeparation` (guide, L4068): the hierarchy table of the rule author's documents (domain notes, section 4.1), asked of
 * the rules alone and of a real Frontend over HTTP, whose hot leads arrive at the contact center.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { describePackageNameFault, domainOfPackage } from '#core/rules/package-domain.ts';
import { ALWAYS_VALID, NO_GUARDS, type RulePackage } from '#core/rules/rule-package.ts';
import type { Firing } from '#core/rules/firing.ts';
import { RulesInForce } from '#core/rules/rules-in-force.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { applyEvent, createVisit } from '#core/visits/visit.ts';
import { optionsOf, readRuleSettings } from '#node/read-settings.ts';
import { scenarioOf } from '#tests/testbed/scenario-of.ts';
import { LiveStage, until } from './live-stage.ts';
import { postEvents, wireEvent } from './wire-event.ts';

const PACKAGES = [
  'com.genesys',
  'com.genesys.blog',
  'com.genesys.communication',
  'com.genesys.communication.personal',
] as const;

/** The page's host, and which packages are asked for its events. */
const TABLE: readonly (readonly [host: string, packages: readonly string[]])[] = [
  ['genesys.com', ['com.genesys']],
  ['blog.genesys.com', ['com.genesys', 'com.genesys.blog']],
  ['communication.genesys.com', ['com.genesys', 'com.genesys.communication']],
  [
    'personal.communication.genesys.com',
    ['com.genesys', 'com.genesys.communication', 'com.genesys.communication.personal'],
  ],
  // Beyond the table: what only looks like a sub-domain, and another domain altogether.
  ['notgenesys.com', []],
  ['genesys.com.example', []],
];

/** One rule each that fires at every page. */
function packageOf(name: string): RulePackage {
  return {
    name,
    version: '1',
    about: null,
    phases: ['standard'],
    guards: NO_GUARDS,
    rules: [
      {
        name: `Any page for ${name}`,
        about: null,
        on: true,
        phase: 'standard',
        salience: 0,
        correlate: 'visit',
        when: { template: 'singleton', event: { eventName: 'PageEntered', categories: [], tests: [] } },
        provided: null,
        valid: ALWAYS_VALID,
        hours: null,
        actions: [{ kind: 'hotLead', priority: 50, reason: null }],
        guards: NO_GUARDS,
        sentence: null,
      },
    ],
  };
}

function scenarioWith(domainSeparation: boolean) {
  return scenarioOf({
    rules: PACKAGES.map(packageOf),
    options: { 'service:cep': { 'cep.domainSeparation': domainSeparation } },
  });
}

describe.each<readonly [boolean, typeof TABLE]>([
  [true, TABLE],
  [false, TABLE.map(([host]) => [host, PACKAGES])],
])('with cep.domainSeparation %s', (domainSeparation, table) => {
  test.each(table)('a page of %s is evaluated by %j', (host, expected) => {
    const scenario = scenarioWith(domainSeparation);
    const rules = new RulesInForce(scenario.rules, readRuleSettings(optionsOf(scenario)));
    const visit = createVisit('v1', 'g1', 1_000);
    const event: VisitEvent = {
      ...wireEvent('v1', 1, { url: `https://${host}/page` }),
      at: 1_000,
      category: '',
      identity: undefined,
    };
    applyEvent(visit, event);
    const firings: Firing[] = [];
    rules.handle(rules.createVisit(visit), event, firings);
    expect(firings.map((firing) => firing.package)).toEqual(expected);
  });

  describe('on a real Frontend', () => {
    let stage: LiveStage;
    afterEach(async () => stage.stop());

    test('the hot leads of pages posted over HTTP are those of the table', async () => {
      stage = new LiveStage(scenarioWith(domainSeparation));
      await stage.startStore();
      const { facts } = await stage.startContactCenter();
      const backend = await stage.startBackend('backend-1');
      await until(async () => (await fetch(`${backend.url}/backend/about`)).status === 200, 'the Backend is ready');
      const frontend = await stage.startFrontend('frontend-1');
      await until(async () => (await fetch(`${frontend.url}/frontend/about`)).status === 200, 'the Frontend is ready');
      // The leads of a visit travel together, and those of the last visit last: when they are there, all are.
      const visits = [...table.map(([host]) => host), 'personal.communication.genesys.com'];
      for (const [index, host] of visits.entries()) {
        const page = wireEvent(`v${index}`, 1, { url: `https://${host}/page` });
        expect((await postEvents(frontend.url, `v${index}`, [page])).status).toBe(200);
      }
      const leads = () => facts.flatMap((fact) => (fact.kind === 'hotLead' ? [fact.lead] : []));
      const last = `v${visits.length - 1}`;
      await until(() => leads().some(({ visitID }) => visitID === last), 'the leads of the last page have come');
      const packagesOf = (visitID: string) =>
        leads()
          .filter((lead) => lead.visitID === visitID)
          .map(({ firing }) => firing.package)
          .toSorted();
      expect(Object.fromEntries(visits.slice(0, -1).map((host, index) => [host, packagesOf(`v${index}`)]))).toEqual(
        Object.fromEntries(table.map(([host, expected]) => [host, [...expected].toSorted()])),
      );
    });
  });
});

describe("a package's name", () => {
  test.each([
    ['com.genesys', 'genesys.com'],
    ['com.genesys.blog', 'blog.genesys.com'],
    ['uk.co.shop-4u', 'shop-4u.co.uk'],
  ])('%s is the domain %s', (name, domain) => {
    expect(describePackageNameFault(name)).toBeNull();
    expect(domainOfPackage(name)).toBe(domain);
  });

  test.each([
    'shop',
    '',
    'com',
    'com..shop',
    'com.Shop',
    'com.my_shop',
    'com.-shop',
    '1.2.3.4',
    'c.shop',
    `com.${'a'.repeat(64)}`,
  ])('%j is no reversed domain', (name) => {
    expect(describePackageNameFault(name)).toContain(`got ${JSON.stringify(name)}`);
  });
});
