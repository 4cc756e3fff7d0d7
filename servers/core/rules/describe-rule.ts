/** A rule as one plain English sentence. */
import { assertNever } from '#core/assert.ts';
import { describeHours, describeValidity } from './describe-calendar.ts';
import { describeStateTest } from './describe-state.ts';
import type { Action, Condition, Correlation, Guards, Rule } from './rule-package.ts';
import { describeDuration, joinWith } from '#core/plain-words.ts';
import { describeField, describePattern, type Tense } from './rule-phrases.ts';

const SCOPE_PHRASES: Readonly<Record<Correlation, string>> = {
  visit: '',
  browser: 'over all visits of the browser',
  identity: 'over all visits of the person',
};

const GUARDED: Readonly<Record<Correlation, string>> = { visit: 'visit', browser: 'browser', identity: 'person' };

/** `When the visitor enters a page of category "product" 3 times within 10 min, make a hot lead of priority 60, at most once a visit.` */
export function describeRule(rule: Rule): string {
  const clauses = [
    `the visitor ${describeWhen(rule, 'present')}`,
    SCOPE_PHRASES[rule.correlate],
    rule.provided === null ? '' : `while ${describeStateTest(rule.provided)}`,
    joinWith('and', rule.actions.map(describeAction)),
    describeGuards(rule.guards, rule.correlate),
    rule.hours === null ? '' : describeHours(rule.hours),
    describeValidity(rule.valid),
  ];
  const sentence = `hen ${clauses.filter((clause) => clause !== '').join(', ')}.`;
  return rule.on ? `W${sentence}` : `Off: w${sentence}`;
}

/** The condition of a rule: as the author of its template puts it, else from its parts. */
export function describeWhen({ sentence, when }: Rule, tense: Tense): string {
  return sentence ?? describeCondition(when, tense);
}

/** What the visitor does for the rule to fire. */
export function describeCondition(when: Condition, tense: Tense): string {
  switch (when.template) {
    case 'singleton':
      return describePattern(when.event, tense);
    case 'counter': {
      const times =
        when.distinct === null
          ? `${when.times} times`
          : `with ${when.times} different values of ${describeField(when.distinct)}`;
      return `${describePattern(when.event, tense)} ${times} within ${describeDuration(when.withinMs)}`;
    }
    case 'sequence': {
      const steps = when.steps.map((step) => describePattern(step, tense)).join(', then ');
      const select = when.select === 'all' ? ' (every combination)' : '';
      return `${steps}, all within ${describeDuration(when.withinMs)}${select}`;
    }
    case 'set': {
      const events = joinWith(
        'and',
        when.events.map((event) => describePattern(event, tense)),
      );
      return `${events}, in any order within ${describeDuration(when.withinMs)}`;
    }
    case 'timeout':
      return `${describePattern(when.event, tense)} and ${tense === 'present' ? 'stays' : 'stayed'} there for ${describeDuration(when.forMs)}`;
    case 'absence': {
      const stayedAway = `then for ${describeDuration(when.withinMs)} never ${describePattern(when.event, tense)}`;
      return `${describeCondition(when.after, tense)}, and ${stayedAway}`;
    }
    case 'all':
      return `${joinWith('and', describeMembers(when.conditions, tense))}, all within ${describeDuration(when.withinMs)}`;
    case 'any':
      return joinWith('or', describeMembers(when.conditions, tense));
    default:
      return assertNever(when, 'rule template');
  }
}

function describeMembers(conditions: readonly Condition[], tense: Tense): readonly string[] {
  return conditions.map((condition) => bracket(condition, describeCondition(condition, tense)));
}

/** A member in words, in brackets where it is more than one event. */
export function bracket({ template }: Condition, words: string): string {
  return template === 'singleton' ? words : `(${words})`;
}

/** `at most once a visit and not again for 10 min`; '' without guards. */
export function describeGuards(guards: Guards, correlate: Correlation = 'visit'): string {
  const { maxPerVisit, coolDownMs, holdoutShare } = guards;
  const parts: string[] = [];
  if (maxPerVisit !== null)
    parts.push(`at most ${maxPerVisit === 1 ? 'once' : `${maxPerVisit} times`} a ${GUARDED[correlate]}`);
  if (coolDownMs !== null) parts.push(`not again for ${describeDuration(coolDownMs)}`);
  if (holdoutShare !== null) parts.push(`never for a held-out ${describePercent(holdoutShare)} of the browsers`);
  return joinWith('and', parts);
}

/** To a hundredth of a percent at most: `12.5%`. */
function describePercent(share: number): string {
  return `${Math.round(share * 10_000) / 100}%`;
}

function describeAction(action: Action): string {
  const what = action.kind === 'hotLead' ? 'make a hot lead' : 'leave a follow-up task';
  return `${what} of priority ${action.priority}${action.reason === null ? '' : ` ("${action.reason}")`}`;
}
