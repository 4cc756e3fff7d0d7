/**
 * The matcher against the naive oracle on events as they come: a simulated hour of the shop with the package that says all that rules can
 * say, and the sample log of Apache. Every firing of both is compared, word for word; the oracle looks at one browser's events at a time.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileCategories } from '#core/categories/category-matcher.ts';
import type { Category } from '#core/categories/category.ts';
import type { Firing } from '#core/rules/firing.ts';
import type { Rule, RulePackage } from '#core/rules/rule-package.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { loadScenario } from '#testbed/load-scenario.ts';
import { loadRuleFiles, loadRuleTemplates } from '#testbed/replay/load-rule-files.ts';
import { parseLogLine } from '#testbed/replay/log-line.ts';
import { LogVisits } from '#testbed/replay/log-visits.ts';
import { findPage } from '#testbed/replay/page-request.ts';
import { readLines } from '#testbed/replay/read-lines.ts';
import { runScenario } from '#testbed/run-scenario.ts';
import { runMatcher } from '#tests/core/rules/matcher-run.ts';
import type { Log } from '#tests/core/rules/oracle-log.ts';
import { evaluateByOracle } from '#tests/core/rules/oracle.ts';

const LOG = join(import.meta.dirname, 'fixtures/apache-combined.log.gz');
const OPEN_PARTIALS_MAX = 64;
/** Of the simulated run, the first ones. */
const BROWSERS = 300;

function loaded<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false }): T {
  if (result.ok) return result.value;
  throw new Error(JSON.stringify(result));
}

/** Both give what fires for each browser; at the end time goes on by a day's half, so that what waits comes to its end. */
function compareByBrowser(packages: readonly RulePackage[], events: readonly VisitEvent[]): Firing[] {
  return [...Map.groupBy(events, ({ globalVisitID }) => globalVisitID).values()].flatMap((ofBrowser) => {
    const end = Math.max(...ofBrowser.map(({ at }) => at)) + 43_200_000;
    const visits = new Set(ofBrowser.map(({ visitID }) => visitID));
    const log: Log = [...ofBrowser, ...[...visits].map((visitID) => ({ visitID, told: end }))];
    const given = { packages, log, openPartialsMax: OPEN_PARTIALS_MAX, replayed: 0 };
    const expected = evaluateByOracle(packages, log, OPEN_PARTIALS_MAX);
    const found = runMatcher(given).flatMap((out, place) => out.map((firing) => ({ place, ...firing })));
    expect(found).toEqual(expected);
    return found;
  });
}

/** Without the guards that let hardly any rule of a package make more than two hot leads a visit. */
function unguarded(packages: readonly RulePackage[]): RulePackage[] {
  const none = { maxPerVisit: null, coolDownMs: null, holdoutShare: null };
  const freed = (rule: Rule): Rule => ({ ...rule, guards: none, provided: null });
  return packages.map((one) => ({ ...one, guards: none, rules: one.rules.map(freed) }));
}

function namesOf(firings: readonly Firing[]): Set<string> {
  return new Set(firings.map(({ rule }) => rule));
}

describe('on a simulated run of the shop', { timeout: 300_000 }, () => {
  const templates = loaded(loadRuleTemplates(['scenarios/templates/web-engagement.yaml']));
  const { packages } = loaded(loadRuleFiles(['scenarios/rules/shop-templates.yaml'], undefined, templates));
  const set = ['warmup=0m', 'duration=10m'];
  const scenario = loaded(loadScenario('scenarios/guide-example.yaml', { set }));
  const whole: VisitEvent[] = [];
  runScenario(scenario, { seed: 5, events: (event) => void whole.push(event) });
  const browsers = new Set([...new Set(whole.map(({ globalVisitID }) => globalVisitID))].slice(0, BROWSERS));
  const events = whole.filter(({ globalVisitID }) => browsers.has(globalVisitID));

  it('has titles, identities and searches, and a package of ten rules and more', () => {
    expect(packages.flatMap(({ rules }) => rules.filter(({ on }) => on)).length).toBeGreaterThan(10);
    const names = new Set(events.map(({ eventName }) => eventName));
    for (const name of ['SignIn', 'UserInfo', 'Search', 'AddToCart', 'PageExited']) expect(names).toContain(name);
    expect(events.every(({ title }) => title !== '')).toBe(true);
  });

  it('the matcher and the oracle agree on every firing of the package', () => {
    const firings = compareByBrowser(packages, events);
    expect(namesOf(firings).size).toBeGreaterThan(10);
  });

  it('and on every match of its rules, whatever guards and the state of the visit would hold back', () => {
    const firings = compareByBrowser(unguarded(packages), events);
    expect(namesOf(firings).size).toBeGreaterThan(20);
  });
});

describe('on the sample log of Apache', { timeout: 300_000 }, () => {
  const files = loaded(loadRuleFiles(['scenarios/replay/blog-rules.yaml'], 'scenarios/replay/blog-categories.yaml'));

  it('the matcher and the oracle agree on every firing', async () => {
    const events = await readPageViews(files.categories);
    expect(namesOf(compareByBrowser(files.packages, events)).size).toBe(6);
    expect(compareByBrowser(unguarded(files.packages), events).length).toBeGreaterThan(100);
  });
});

/** Of all clients, robots included, who make long visits. */
async function readPageViews(categories: readonly Category[]): Promise<VisitEvent[]> {
  const matcher = compileCategories(categories);
  const visits = new LogVisits('');
  const events: VisitEvent[] = [];
  for await (const { lines } of readLines(LOG)) {
    for (const { line: number, text } of lines) {
      const line = parseLogLine(text);
      if (!line.ok) continue;
      const page = findPage(line.value);
      if ('reason' in page) continue;
      const { at } = line.value;
      for (const event of visits.takePage(line.value, number, page.target).events) {
        events.push({ ...event, at, category: matcher.categoriesOf(event.url, event.title, event.languageCode) });
      }
    }
  }
  return events.toSorted((a, b) => a.at - b.at);
}
