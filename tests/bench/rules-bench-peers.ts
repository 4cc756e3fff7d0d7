/**
 * Other rule engines from npm on what they can express: rules about one event, its kind and a number in it, since neither knows time
 * or remembers events. Both are set up as fast as their documentation lets one: rules registered once, facts of three plain fields,
 * the most telling condition first (json-rules-engine) and conditions shared between rules (rools).
 */
import { Engine, type TopLevelCondition } from 'json-rules-engine';
import { Rools, Rule, type Premise } from 'rools';
import { present } from '#core/assert.ts';
import type { Firing } from '#core/rules/firing.ts';
import type { RulesInForce } from '#core/rules/rules-in-force.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { FACTS } from '#tests/core/rules/visit-events.ts';
import { compile, runEngine } from './rules-bench-engine.ts';
import { describeCount, describeRate, describeRatio, speedOf, timeInTurns } from './rules-bench-rounds.ts';
import { createStatelessPackage, statelessPattern, statelessTest } from './rules-bench-rules.ts';
import { createTraffic, type Traffic } from './rules-bench-traffic.ts';
import { formatTable } from './sim-bench-rounds.ts';

const SEED = 2;
const UNDER_WAY = 10_000;
const EVENTS = 100_000;
/** Events of a peer's round times rules, so that a round takes about as long whatever the rules. */
const EVENTS_TIMES_RULES = 60_000;

/** The names of the rules that fire at an event, in the order of the rules. */
type Peer = (event: VisitEvent) => Promise<readonly string[]>;

interface EventFacts {
  readonly eventName: string;
  readonly category: string;
  readonly value: number;
}

function factsOf(event: VisitEvent): EventFacts {
  const { value } = event.data;
  return { eventName: event.eventName, category: event.category, value: typeof value === 'number' ? value : -1 };
}

function createJsonRulesEngine(rules: number): Peer {
  const engine = new Engine();
  for (let place = 0; place < rules; place += 1) {
    const { eventName, categories } = statelessPattern(place);
    const conditions: TopLevelCondition = {
      all: [
        ...categories.map((category) => ({ fact: 'category', operator: 'equal', value: category, priority: 3 })),
        { fact: 'eventName', operator: 'equal', value: eventName, priority: 2 },
        { fact: 'value', operator: 'greaterThanInclusive', value: statelessTest(place).bound, priority: 1 },
      ],
    };
    engine.addRule({ conditions, event: { type: `single ${place}` } });
  }
  return async (event) => {
    const { events } = await engine.run({ ...factsOf(event) });
    return events.map(({ type }) => type);
  };
}

async function createRools(rules: number): Promise<Peer> {
  const fired: string[] = [];
  const premises = new Map<string, Premise>();
  // Premises with the same text are one to rools, so each gets a text of its own, and equal ones are shared.
  const premise = (text: string, holds: (facts: EventFacts) => boolean): Premise => {
    const known = premises.get(text);
    if (known !== undefined) return known;
    const created = Object.assign((facts: EventFacts) => holds(facts), { toString: () => text });
    premises.set(text, created);
    return created;
  };
  const engine = new Rools({ logging: { error: true, debug: false } });
  await engine.register(
    Array.from({ length: rules }, (_, place) => {
      const { eventName, categories } = statelessPattern(place);
      const { bound } = statelessTest(place);
      const [category = ''] = categories;
      const isOfKind = premise(
        `${eventName} ${category}`,
        (facts) => facts.eventName === eventName && facts.category === category,
      );
      const isLarge = premise(`at least ${bound}`, (facts) => facts.value >= bound);
      const fire = (): void => void fired.push(`single ${place}`);
      // oxlint-disable-next-line unicorn/no-thenable -- what rools calls it
      return new Rule({ name: `single ${place}`, when: [isOfKind, isLarge], then: fire });
    }),
  );
  return async (event) => {
    fired.length = 0;
    await engine.evaluate(factsOf(event));
    return [...fired];
  };
}

async function runPeer(peer: Peer, events: readonly VisitEvent[]): Promise<number> {
  let firings = 0;
  for (const event of events) firings += (await peer(event)).length;
  return firings;
}

/** Throws at the first event at which the peer fires other rules than the engine. */
async function comparePeer(rules: RulesInForce, peer: Peer, events: readonly VisitEvent[]): Promise<void> {
  const out: Firing[] = [];
  for (const event of events) {
    out.length = 0;
    rules.handle(rules.createVisit(FACTS), event, out);
    const ours = out.map(({ rule }) => rule).toSorted();
    const theirs = (await peer(event)).toSorted();
    if (String(ours) !== String(theirs))
      throw new Error(`the engine fires ${String(ours)}, the peer ${String(theirs)}`);
  }
}

/** The engine takes all of the traffic, a peer as much of its beginning as it can do in a round. */
export async function benchPeers(): Promise<string> {
  const traffic: Traffic = createTraffic({ underWay: UNDER_WAY, events: EVENTS }, SEED);
  const rows = [['rules', 'engine, events/s', 'json-rules-engine, events/s', 'speed', 'rools, events/s', 'speed']];
  for (const count of [3, 30, 300]) {
    const rules = compile(createStatelessPackage(count));
    const events = traffic.events.slice(0, Math.min(5_000, EVENTS_TIMES_RULES / count));
    const jsonRulesEngine = createJsonRulesEngine(count);
    const rools = await createRools(count);
    await comparePeer(rules, jsonRulesEngine, events);
    await comparePeer(rules, rools, events);
    const timings = await timeInTurns([
      { name: 'engine', run: () => runEngine(rules, traffic) },
      { name: 'json-rules-engine', run: () => runPeer(jsonRulesEngine, events) },
      { name: 'rools', run: () => runPeer(rools, events) },
    ]);
    const [ours, first, second] = timings.map((timing) => timing);
    const engine = present(ours, 'timing');
    const peers = [present(first, 'timing'), present(second, 'timing')];
    rows.push([
      String(count),
      describeRate(engine, EVENTS),
      ...peers.flatMap((peer) => [
        describeRate(peer, events.length),
        describeRatio(speedOf(engine, EVENTS, peer, events.length)),
      ]),
    ]);
  }
  return `Rules about one event, no time and no memory, ${describeCount(traffic.visits)} visits, equal firings\n${formatTable(rows)}`;
}
