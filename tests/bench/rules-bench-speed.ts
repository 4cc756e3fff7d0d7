/**
 * How fast the engine is: against the matcher written by hand, with rules that are hard to index, with a hundred times as many
 * rules, and in visits of any length.
 */
import { formatTable } from './sim-bench-rounds.ts';
import { compareFirings } from './rules-bench-agreement.ts';
import { runByHand } from './rules-bench-by-hand.ts';
import { compile, runEngine } from './rules-bench-engine.ts';
import { describeCount, describeRate, describeRatio, speedOf, timeInTurns } from './rules-bench-rounds.ts';
import { createMixedPackage, createPlainPackage, createTrios } from './rules-bench-rules.ts';
import { createTraffic } from './rules-bench-traffic.ts';
import { present } from '#core/assert.ts';

const SEED = 1;
const RULES = [3, 30, 300];
const MANY = 3_000;
const TRAFFICS = [
  { underWay: 10_000, events: 200_000 },
  { underWay: 100_000, events: 500_000 },
];

export async function benchAgainstHand(): Promise<string> {
  const rows = [['visits', 'rules', 'firings an event', 'by hand, events/s', 'engine, events/s', 'speed']];
  for (const settings of TRAFFICS) {
    const traffic = createTraffic(settings, SEED);
    for (const count of RULES) {
      const trios = createTrios(count);
      const rules = compile(createPlainPackage(trios));
      const firings = compareFirings(rules, trios, traffic);
      const [byHand, engine] = await timeInTurns([
        { name: 'by hand', run: () => runByHand(trios, traffic) },
        { name: 'engine', run: () => runEngine(rules, traffic) },
      ]);
      const timed = { byHand: present(byHand, 'timing'), engine: present(engine, 'timing') };
      if (timed.byHand.firings !== firings || timed.engine.firings !== firings)
        throw new Error(`${firings} firings compared, but ${timed.byHand.firings} and ${timed.engine.firings} timed`);
      rows.push([
        describeCount(traffic.visits),
        String(count),
        (firings / settings.events).toFixed(3),
        describeRate(timed.byHand, settings.events),
        describeRate(timed.engine, settings.events),
        describeRatio(speedOf(timed.engine, settings.events, timed.byHand, settings.events)),
      ]);
    }
  }
  return `Engine and matcher by hand, every firing equal (aim: at least 0.35x at 300 rules)\n${formatTable(rows)}`;
}

export async function benchMixed(): Promise<string> {
  const settings = present(TRAFFICS[0], 'traffic');
  const traffic = createTraffic(settings, SEED);
  const rows = [['rules', 'plain, events/s', 'half regex, negation, or, events/s', 'speed']];
  for (const count of RULES) {
    const trios = createTrios(count);
    const plain = compile(createPlainPackage(trios));
    const mixed = compile(createMixedPackage(trios));
    const timings = await timeInTurns([
      { name: 'plain', run: () => runEngine(plain, traffic) },
      { name: 'mixed', run: () => runEngine(mixed, traffic) },
    ]);
    const [plainTiming, mixedTiming] = [present(timings[0], 'timing'), present(timings[1], 'timing')];
    rows.push([
      String(count),
      describeRate(plainTiming, settings.events),
      describeRate(mixedTiming, settings.events),
      describeRatio(speedOf(mixedTiming, settings.events, plainTiming, settings.events)),
    ]);
  }
  return `Half of the rules on regex, negation and or, ${describeCount(traffic.visits)} visits\n${formatTable(rows)}`;
}

/** A hundred sites with 30 rules each of their own: an event touches as many rules as with one site and 30 rules. */
export async function benchManyRules(): Promise<string> {
  const settings = present(TRAFFICS[0], 'traffic');
  const few = createTrios(30);
  const sites = MANY / 30;
  const many = Array.from({ length: sites }, (_, site) => createTrios(30, site)).flat();
  const ofFew = createTraffic(settings, SEED);
  const ofMany = createTraffic({ ...settings, sites }, SEED);
  const fewRules = compile(createPlainPackage(few));
  const manyRules = compile(createPlainPackage(many));
  const timings = await timeInTurns([
    { name: '30', run: () => runEngine(fewRules, ofFew) },
    { name: '3,000', run: () => runEngine(manyRules, ofMany) },
  ]);
  const [fewTiming, manyTiming] = [present(timings[0], 'timing'), present(timings[1], 'timing')];
  if (fewTiming.firings !== manyTiming.firings)
    throw new Error(`30 rules fire ${fewTiming.firings} times, ${MANY} do ${manyTiming.firings} times`);
  const rows = [
    ['rules', 'events/s', 'speed'],
    ['30', describeRate(fewTiming, settings.events), ''],
    [
      String(MANY),
      describeRate(manyTiming, settings.events),
      describeRatio(speedOf(manyTiming, settings.events, fewTiming, settings.events)),
    ],
  ];
  return `Where equally many rules touch an event, equal firings (aim: at least 0.8x)\n${formatTable(rows)}`;
}

export async function benchVisitLengths(): Promise<string> {
  const lengths = [10, 100, 1_000, 10_000, 100_000];
  const events = 300_000;
  const trios = createTrios(300);
  const rules = compile(createPlainPackage(trios));
  const traffics = lengths.map((visitLength) => createTraffic({ underWay: 10, events, visitLength }, SEED));
  const timings = await timeInTurns(
    traffics.map((traffic, place) => ({ name: String(lengths[place]), run: () => runEngine(rules, traffic) })),
  );
  const shortest = present(timings[0], 'timing');
  const rows = timings.map((timing) => [
    timing.name,
    (timing.firings / events).toFixed(3),
    describeRate(timing, events),
    describeRatio(speedOf(shortest, events, timing, events)),
  ]);
  const head = ['events a visit', 'firings an event', 'events/s', 'time an event'];
  return `Visits of any length, 300 rules, 10 visits under way (aim: at most 1.5x the time)\n${formatTable([head, ...rows])}`;
}
