/**
 * The Frontend machine: stamps, categories, rules, the past of a visit, domains, and nothing acknowledged before it is
 * stored.
 */
import { describe, expect, test } from 'vitest';
import { compileCategories } from '#core/categories/category-matcher.ts';
import type { Effect } from '#core/effects.ts';
import { FrontendNode } from '#core/frontend-node.ts';
import type { StoreBatch } from '#core/messages.ts';
import { RulesInForce, type VisitRules } from '#core/rules/rules-in-force.ts';
import type { VisitFacts } from '#core/rules/visit-facts.ts';
import type { BrowserEvent, VisitEvent } from '#core/visits/event.ts';
import { parseRulePackage } from '#protocol/rule-package-file.ts';

const RULES = `
version: 1
package: example.shop
packageVersion: "1"
rules:
  - name: Sees the cart
    when: { singleton: { enters: cart } }
    then: [ { hotLead: { priority: 50 } } ]
    guards: { maxPerVisit: 1 }
  - name: Comes back to the cart
    when: { counter: { of: { enters: cart }, times: 2, within: 10m } }
    then: [ { hotLead: { priority: 60 } } ]
`;

const WAITING = `
version: 1
package: com.example
packageVersion: "1"
rules:
  - name: Leaves the cart lying
    when: { absence: { after: { singleton: { enters: cart } }, of: { event: Search }, within: 1m } }
    then: [ { hotLead: { priority: 50 } } ]
`;

function rulesOf(text: string): RulesInForce {
  const parsed = parseRulePackage(text, 'rules.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return new RulesInForce([parsed.value]);
}

function createFrontend(rules = rulesOf(RULES)): FrontendNode {
  const categories = compileCategories([
    { name: 'cart', tags: [{ kind: 'plain', expression: '/cart', in: 'url', matchCase: false }] },
  ]);
  return new FrontendNode('frontend-1', categories, rules, []);
}

/** Keeps what the rules remember of each visit in sight. */
class WatchedRules extends RulesInForce {
  readonly #visits: VisitRules[] = [];

  override createVisit(facts: VisitFacts): VisitRules {
    const visit = super.createVisit(facts);
    this.#visits.push(visit);
    return visit;
  }

  countOpenMatches(): number {
    return this.#visits.reduce((open, visit) => open + this.countOpen(visit), 0);
  }
}

let serial = 0;
function browserEvent(eventName: string, url: string, changes: Partial<BrowserEvent> = {}): BrowserEvent {
  serial += 1;
  return {
    eventID: `e${serial}`,
    timestamp: 0,
    visitID: 'v1',
    globalVisitID: 'g1',
    pageID: `p${serial}`,
    eventType: 'SYSTEM',
    eventName,
    url,
    title: '',
    category: undefined,
    languageCode: 'en',
    identity: undefined,
    data: {},
    ...changes,
  };
}

function takeIn(node: FrontendNode, at: number, events: BrowserEvent[], past?: VisitEvent[]): Effect[] {
  const out: Effect[] = [];
  node.handle({ type: 'intake', requestId: at, visitID: 'v1', events, sentAt: undefined, past }, at, out);
  return out;
}

function batchOf(effects: readonly Effect[]): StoreBatch {
  for (const effect of effects) {
    if (effect.type === 'toBackend' && effect.message.type === 'storeBatch') return effect.message;
  }
  throw new Error('no batch');
}

describe('the Frontend', () => {
  test('stamps events with its own time and the categories of the page, and sends them to be stored', () => {
    const batch = batchOf(takeIn(createFrontend(), 5_000, [browserEvent('PageEntered', 'https://shop.example/cart')]));
    expect(batch.events.map((event) => [event.at, event.category])).toEqual([[5_000, 'cart']]);
  });

  test('acknowledges nothing before the Backend says that it is stored', () => {
    const node = createFrontend();
    const first = takeIn(node, 7, [browserEvent('PageEntered', 'https://shop.example/')]);
    const second = takeIn(node, 8, [browserEvent('PageExited', 'https://shop.example/')]);
    expect([...first, ...second].some((effect) => effect.type === 'acknowledge')).toBe(false);
    const out: Effect[] = [];
    node.handle({ type: 'batchStored', batchId: batchOf(first).batchId }, 10, out);
    node.handle({ type: 'batchRefused', batchId: batchOf(second).batchId }, 10, out);
    node.handle({ type: 'batchStored', batchId: batchOf(first).batchId }, 11, out);
    expect(out).toEqual([
      { type: 'acknowledge', requestId: 7, stored: true },
      { type: 'acknowledge', requestId: 8, stored: false },
    ]);
  });

  test('lets a second try of the same events share the outcome of the first, stamped and matched once', () => {
    const node = createFrontend();
    const event = browserEvent('PageEntered', 'https://shop.example/cart');
    const batch = batchOf(takeIn(node, 7, [event]));
    const again = takeIn(node, 8, [event]);
    expect(again).toEqual([]);
    const out: Effect[] = [];
    node.handle({ type: 'batchStored', batchId: batch.batchId }, 10, out);
    expect(out).toEqual([
      { type: 'acknowledge', requestId: 7, stored: true },
      { type: 'acknowledge', requestId: 8, stored: true },
    ]);
    expect(takeIn(node, 12, [event])).toEqual([{ type: 'acknowledge', requestId: 12, stored: true }]);
    expect(node.events).toBe(1);
  });

  test('sends a refused batch as it was when its events come again, with its leads', () => {
    const node = createFrontend();
    const event = browserEvent('PageEntered', 'https://shop.example/cart');
    const batch = batchOf(takeIn(node, 7, [event]));
    node.handle({ type: 'batchRefused', batchId: batch.batchId }, 8, []);
    const more = browserEvent('PageExited', 'https://shop.example/cart');
    const retry = takeIn(node, 9, [event, more, more]);
    const batches = retry.flatMap((effect) =>
      effect.type === 'toBackend' && effect.message.type === 'storeBatch' ? [effect.message] : [],
    );
    expect(batches.find(({ batchId }) => batchId === batch.batchId)).toEqual(batch);
    expect(batches.flatMap(({ events }) => events.map(({ eventID }) => eventID)).sort()).toEqual(
      [event.eventID, more.eventID].sort(),
    );
    const out: Effect[] = [];
    for (const { batchId } of batches) node.handle({ type: 'batchStored', batchId }, 10, out);
    expect(out).toEqual([{ type: 'acknowledge', requestId: 9, stored: true }]);
  });

  test('stores an event that was old when it was sent, and keeps it from the rules', () => {
    const node = createFrontend();
    const event = browserEvent('PageEntered', 'https://shop.example/cart', { timestamp: 1_000 });
    const out: Effect[] = [];
    node.handle(
      { type: 'intake', requestId: 1, visitID: 'v1', events: [event], sentAt: 31_001, past: undefined },
      50_000,
      out,
    );
    expect(batchOf(out).events).toHaveLength(1);
    expect(batchOf(out).leads).toBeUndefined();
    const inTime = createFrontend();
    out.length = 0;
    inTime.handle(
      { type: 'intake', requestId: 1, visitID: 'v1', events: [event], sentAt: 31_000, past: undefined },
      50_000,
      out,
    );
    expect(batchOf(out).leads).toHaveLength(1);
  });

  test('gives the ids of another life to the leads and batches of another life', () => {
    const ids = ['frontend-1', 'frontend-1~2'].map((prefix) => {
      const categories = compileCategories([]);
      const node = new FrontendNode('frontend-1', categories, new RulesInForce([]), [], prefix);
      return batchOf(takeIn(node, 1, [browserEvent('PageEntered', 'https://shop.example/')])).batchId;
    });
    expect(ids).toEqual(['frontend-1.b1', 'frontend-1~2.b1']);
  });

  test('sends a hot lead with the batch whose event made it, with why it fired', () => {
    const node = createFrontend();
    const event = browserEvent('PageEntered', 'https://shop.example/cart');
    const [lead] = batchOf(takeIn(node, 5_000, [event])).leads ?? [];
    expect(lead?.firing.rule).toBe('Sees the cart');
    expect(lead?.firing.matchedEvents).toEqual([event.eventID]);
    expect(lead?.onSite).toBe(true);
  });

  test('replays the past of a visit that it sees for the first time without firing, and goes on from there', () => {
    const node = createFrontend();
    const past = [
      { ...browserEvent('PageEntered', 'https://shop.example/cart'), at: 1_000, category: 'cart' } satisfies VisitEvent,
    ];
    const batch = batchOf(takeIn(node, 60_000, [browserEvent('PageEntered', 'https://shop.example/cart')], past));
    expect(batch.leads?.map((lead) => lead.firing.rule)).toEqual(['Comes back to the cart']);
    expect(node.pageViews).toBe(1);
  });

  test('asks to be woken for a rule that waits, and fires it then', () => {
    const node = createFrontend(rulesOf(WAITING));
    const event = browserEvent('PageEntered', 'https://shop.example/cart');
    const timer = { kind: 'rulesDue', visitID: 'v1' } as const;
    expect(takeIn(node, 1_000, [event])).toContainEqual({ type: 'wake', at: 61_000, timer });
    const out: Effect[] = [];
    node.handle({ type: 'wake', timer }, 61_000, out);
    const batch = batchOf(out);
    expect(batch.events).toEqual([]);
    expect(batch.leads).toMatchObject([{ at: 61_000, firing: { matchedEvents: [event.eventID], at: 61_000 } }]);
  });

  test.each([
    ['before this node had the visit: its former node has fired it', 70_000, []],
    ['since this node has the visit', 20_000, [[61_000]]],
  ])('takes over a visit with a wait that falls due %s', (_when, takenOverAt, fired) => {
    const node = createFrontend(rulesOf(WAITING));
    const seen = { ...browserEvent('PageEntered', 'https://shop.example/cart'), at: 1_000, category: 'cart' };
    const effects = takeIn(node, takenOverAt, [browserEvent('PageEntered', 'https://shop.example/help')], [seen]);
    const out: Effect[] = [];
    for (const effect of effects) {
      if (effect.type === 'wake' && effect.timer.kind === 'rulesDue')
        node.handle({ type: 'wake', timer: effect.timer }, effect.at, out);
    }
    const batches = [...effects, ...out].flatMap((effect) =>
      effect.type === 'toBackend' && effect.message.type === 'storeBatch' ? [effect.message] : [],
    );
    const leads = batches.flatMap((batch) => (batch.leads === undefined ? [] : [batch.leads.map(({ at }) => at)]));
    expect(leads).toEqual(fired);
  });

  test('a sub-domain stays in the visit; another domain ends it, tells the Backend, and starts the next', () => {
    const node = createFrontend();
    takeIn(node, 1, [browserEvent('PageEntered', 'https://shop.example/cart')]);
    const inside = takeIn(node, 2, [browserEvent('PageEntered', 'https://help.shop.example/cart')]);
    expect(batchOf(inside).visitID).toBe('v1');
    const outside = takeIn(node, 3, [browserEvent('PageEntered', 'https://other.example/cart')]);
    const batch = batchOf(outside);
    expect(outside[0]).toEqual({ type: 'toBackend', node: null, message: { type: 'visitEnded', visitID: 'v1' } });
    expect(batch.visitID).toBe('v1.2');
    expect(batch.leads?.map((lead) => [lead.firing.rule, lead.visitID, lead.browserVisitID])).toEqual([
      ['Sees the cart', 'v1.2', 'v1'],
    ]);
  });

  test('forgets a visit after its silence, and not while events keep coming', () => {
    const node = createFrontend();
    const page = browserEvent('PageEntered', 'https://shop.example/');
    const first = takeIn(node, 0, [page]);
    expect(first.find((effect) => effect.type === 'wake')?.at).toBe(1_800_000);
    expect(node.hasOpenPage('v1')).toBe(true);
    takeIn(node, 1_000_000, [browserEvent('PageExited', 'https://shop.example/', { pageID: page.pageID })]);
    expect(node.hasOpenPage('v1')).toBe(false);
    const early: Effect[] = [];
    node.handle({ type: 'wake', timer: { kind: 'visitSilent', visitID: 'v1' } }, 1_800_000, early);
    expect(early).toEqual([{ type: 'wake', at: 2_800_000, timer: { kind: 'visitSilent', visitID: 'v1' } }]);
    const late: Effect[] = [];
    node.handle({ type: 'wake', timer: { kind: 'visitSilent', visitID: 'v1' } }, 2_800_000, late);
    expect(late).toEqual([{ type: 'toBackend', node: null, message: { type: 'visitEnded', visitID: 'v1' } }]);
    expect(node.visitsOwned).toBe(0);
  });

  test('lets open matches of a silent visit go when they have expired, but no wait that is due', () => {
    const packages = [RULES, WAITING].flatMap((text) => {
      const parsed = parseRulePackage(text, 'rules.yaml');
      return parsed.ok ? [parsed.value] : [];
    });
    const rules = new WatchedRules(packages);
    const categories = compileCategories([
      { name: 'cart', tags: [{ kind: 'plain', expression: '/cart', in: 'url', matchCase: false }] },
    ]);
    const node = new FrontendNode('frontend-1', categories, rules, []);
    takeIn(node, 0, [browserEvent('PageEntered', 'https://shop.example/cart')]);
    node.expireMatches('v1', 60_001);
    expect(rules.countOpenMatches()).toBe(2);
    const out: Effect[] = [];
    node.handle({ type: 'wake', timer: { kind: 'rulesDue', visitID: 'v1' } }, 60_000, out);
    expect(batchOf(out).leads).toMatchObject([{ at: 60_000, firing: { rule: 'Leaves the cart lying' } }]);
    node.expireMatches('v1', 600_001);
    expect(rules.countOpenMatches()).toBe(1);
    node.expireMatches('v1', 600_002);
    expect(rules.countOpenMatches()).toBe(0);
    node.expireMatches('unknown', 600_002);
  });

  test('gives back what the rules remember of a visit that crosses to another domain, and of one that is silent', () => {
    const rules = rulesOf(WAITING);
    const node = createFrontend(rules);
    const enter = (at: number, host: string): unknown =>
      takeIn(node, at, [browserEvent('PageEntered', `https://${host}/cart`)]);
    enter(0, 'shop.example');
    const ofOne = rules.wordsTaken;
    expect(ofOne).toBeGreaterThan(0);
    for (let place = 1; place <= 100; place += 1) enter(place, place % 2 === 0 ? 'shop.example' : 'other.example');
    expect(rules.wordsTaken).toBe(ofOne);
    node.handle({ type: 'wake', timer: { kind: 'visitSilent', visitID: 'v1' } }, 2 * 86_400_000, []);
    expect([node.visitsOwned, rules.wordsTaken]).toEqual([0, 0]);
  });
});
