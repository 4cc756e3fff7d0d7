/** Random cases made a little different: what a rule engine with a fault would have taken them for. */
import type { Condition, EventPattern, Rule, RulePackage } from '#core/rules/rule-package.ts';
import { isTold } from './oracle-log.ts';
import type { RandomCase } from './random-packages.ts';

export type Variant = (given: RandomCase) => RandomCase;

/** Every window and wait is longer by a millisecond. */
export const stretchWindows: Variant = changeConditions((when) => {
  if ('withinMs' in when) return { ...when, withinMs: when.withinMs + 1 };
  return when.template === 'timeout' ? { ...when, forMs: when.forMs + 1 } : when;
});

/** Nothing ends a wait. */
export const endNoWaits: Variant = (given) => {
  const never: EventPattern = { eventName: 'Never', categories: [], tests: [] };
  return changeConditions((when) => (when.template === 'absence' ? { ...when, event: never } : when))(given);
};

export const openOneMore: Variant = (given) => ({ ...given, openPartialsMax: given.openPartialsMax + 1 });

export const openAll: Variant = (given) => ({ ...given, openPartialsMax: 1_000 });

export const ignoreSalience: Variant = changeRules((rule) => ({ ...rule, salience: 0 }));

export const ignoreWhile: Variant = changeRules((rule) => ({ ...rule, provided: null }));

export const ignoreCalendar: Variant = changeRules((rule) => ({
  ...rule,
  hours: null,
  valid: { fromMs: null, toMs: null },
}));

export const ignoreMaxima: Variant = changeGuards('maxPerVisit', () => null);
export const ignoreHoldout: Variant = changeGuards('holdoutShare', () => null);
export const ignoreCoolDown: Variant = changeGuards('coolDownMs', () => null);
export const shortenCoolDown: Variant = changeGuards('coolDownMs', (ms) => (ms === null ? null : ms - 1));
export const allowOneMore: Variant = changeGuards('maxPerVisit', (n) => (n === null ? null : n + 1));
export const correlateNothing: Variant = changeRules((rule) => ({ ...rule, correlate: 'visit' }));

/** No event repeats the id of another; `#` and its place are at the end of each. */
export const renameDuplicates: Variant = (given) => ({
  ...given,
  log: given.log.map((item, place) => (isTold(item) ? item : { ...item, eventID: `${item.eventID}#${place}` })),
});

function changePackages(change: (one: RulePackage) => RulePackage): Variant {
  return (given) => ({ ...given, packages: given.packages.map(change) });
}

function changeRules(change: (rule: Rule) => Rule): Variant {
  return changePackages((one) => ({ ...one, rules: one.rules.map(change) }));
}

function changeGuards(name: keyof Rule['guards'], change: (value: number | null) => number | null): Variant {
  return changePackages((one) => ({
    ...one,
    guards: { ...one.guards, [name]: change(one.guards[name]) },
    rules: one.rules.map((rule) => ({ ...rule, guards: { ...rule.guards, [name]: change(rule.guards[name]) } })),
  }));
}

function changeConditions(change: (when: Condition) => Condition): Variant {
  const within = (when: Condition): Condition => {
    if ('conditions' in when) return change({ ...when, conditions: when.conditions.map(within) });
    return change(when.template === 'absence' ? { ...when, after: within(when.after) } : when);
  };
  return changeRules((rule) => ({ ...rule, when: within(rule.when) }));
}
