/** Counts what random cases hold, by the oracle: a comparison of engines says something only where there is something to compare. */
import type { Firing } from '#core/rules/firing.ts';
import type { Condition } from '#core/rules/rule-package.ts';
import { evaluateByOracle } from './oracle.ts';
import type { RandomCase } from './random-packages.ts';
import * as variants from './random-variants.ts';

/** What a case has when it would fire otherwise without it. */
const FELT: Readonly<Record<string, variants.Variant>> = {
  'a window felt to the millisecond': variants.stretchWindows,
  'the cap felt': variants.openAll,
  'the cap felt to the one': variants.openOneMore,
  'a wait that is ended': variants.endNoWaits,
  'a duplicate felt': variants.renameDuplicates,
  'while felt': variants.ignoreWhile,
  'hours or validity felt': variants.ignoreCalendar,
  'maxPerVisit felt': variants.ignoreMaxima,
  'cool-down felt': variants.ignoreCoolDown,
  'cool-down felt to the millisecond': variants.shortenCoolDown,
  'holdout felt': variants.ignoreHoldout,
  'salience felt': variants.ignoreSalience,
};

/** Least shares of the cases that hold each; of what is felt, shares of the cases that are asked. */
const LEAST: Readonly<Record<string, number>> = {
  'a firing': 0.5,
  singleton: 0.1,
  counter: 0.02,
  'counter of different values': 0.02,
  'sequence first': 0.02,
  'sequence all': 0.02,
  set: 0.08,
  timeout: 0.1,
  absence: 0.05,
  all: 0.02,
  any: 0.1,
  'a wait in any': 0.04,
  'a window used to its last millisecond': 0.05,
  'several firings at one time': 0.1,
  'a firing after a replayed past': 0.05,
  ...Object.fromEntries(Object.keys(FELT).map((name) => [name, 0.01])),
  'the cap felt to the one': 0.02,
};

/** Every so many cases are asked what they would fire otherwise, which costs an evaluation for each question. */
const ASKED_EVERY = 20;

export interface CaseTally {
  readonly counts: Readonly<Record<string, number>>;
  take(given: RandomCase, firings: readonly Firing[]): void;
  /** What too few of so many cases held. */
  listMissing(cases: number): string[];
}

export function createTally(): CaseTally {
  const counts: Record<string, number> = Object.fromEntries(Object.keys(LEAST).map((name) => [name, 0]));
  let taken = 0;
  const count = (names: Iterable<string>): void => {
    for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  };
  return {
    counts,
    take(given, firings) {
      taken += 1;
      count(new Set(firings.flatMap((firing) => traitsOf(firing, given))));
      if (firings.length > 0) count(['a firing']);
      if (new Set(firings.map(({ at }) => at)).size < firings.length) count(['several firings at one time']);
      if (taken % ASKED_EVERY === 0) count(listFelt(given));
    },
    listMissing(cases) {
      return Object.entries(LEAST)
        .filter(([name, share]) => (counts[name] ?? 0) < share * (name in FELT ? cases / ASKED_EVERY : cases))
        .map(([name, share]) => `${name}: ${counts[name]}, expected a share of ${share}`);
    },
  };
}

function traitsOf({ rule: name, package: of, at, matchedAt }: Firing, given: RandomCase): string[] {
  const rule = given.packages.find((one) => one.name === of)?.rules.find((one) => one.name === name);
  if (rule === undefined) return [];
  const { when } = rule;
  const isWait = at > (matchedAt.at(-1) ?? at);
  return [
    templateOf(when),
    ...(isWait && when.template === 'any' ? ['a wait in any'] : []),
    ...('withinMs' in when && at - (matchedAt[0] ?? at) === when.withinMs
      ? ['a window used to its last millisecond']
      : []),
    ...(given.replayed > 0 ? ['a firing after a replayed past'] : []),
  ];
}

function templateOf(when: Condition): string {
  if (when.template === 'sequence') return `sequence ${when.select}`;
  return when.template === 'counter' && when.distinct !== null ? 'counter of different values' : when.template;
}

function listFelt(given: RandomCase): string[] {
  const fired = listFired(given);
  return Object.entries(FELT).flatMap(([name, variant]) => (listFired(variant(given)) === fired ? [] : [name]));
}

function listFired({ packages, log, openPartialsMax, replayed }: RandomCase): string {
  return evaluateByOracle(packages, log, openPartialsMax, replayed)
    .map(({ at, package: of, rule, matchedEvents }) =>
      `${at} ${of} ${rule} ${matchedEvents.join(' ')}`.replaceAll(/#\d+/g, ''),
    )
    .join('\n');
}
