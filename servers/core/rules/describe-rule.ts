/** A rule as one plain English sentence. */
import { assertNever } from '#core/assert.ts';
import type { Action, Condition, Guards, Rule } from './rule-package.ts';
import { describeDuration, describePattern, joinWith, type Tense } from './rule-phrases.ts';

/** `When the visitor enters a page of category "product" 3 times within 10 min, make a hot lead of priority 60, at most once a visit.` */
export function describeRule(rule: Rule): string {
  const when = `the visitor ${describeCondition(rule.when, 'present')}`;
  const then = joinWith('and', rule.actions.map(describeAction));
  const guards = describeGuards(rule.guards);
  const sentence = `hen ${when}, ${then}${guards === '' ? '' : `, ${guards}`}.`;
  return rule.on ? `W${sentence}` : `Off: w${sentence}`;
}

/** What the visitor does for the rule to fire. */
export function describeCondition(when: Condition, tense: Tense): string {
  switch (when.template) {
    case 'singleton':
      return describePattern(when.event, tense);
    case 'counter':
      return `${describePattern(when.event, tense)} ${when.times} times within ${describeDuration(when.withinMs)}`;
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
      const not = tense === 'present' ? 'does not within' : 'did not within';
      return `${describeCondition(when.after, tense)}, and then ${not} ${describeDuration(when.withinMs)}: ${describePattern(when.event, 'present')}`;
    }
    case 'all':
    case 'any': {
      const parts = when.conditions.map((condition) => `(${describeCondition(condition, tense)})`);
      return when.template === 'any'
        ? joinWith('or', parts)
        : `${joinWith('and', parts)}, all within ${describeDuration(when.withinMs)}`;
    }
    default:
      return assertNever(when, 'rule template');
  }
}

/** `at most once a visit and not again for 10 min`; '' without guards. */
export function describeGuards(guards: Guards): string {
  const { maxPerVisit, coolDownMs } = guards;
  const parts: string[] = [];
  if (maxPerVisit !== null) parts.push(`at most ${maxPerVisit === 1 ? 'once' : `${maxPerVisit} times`} a visit`);
  if (coolDownMs !== null) parts.push(`not again for ${describeDuration(coolDownMs)}`);
  return joinWith('and', parts);
}

function describeAction(action: Action): string {
  const what = action.kind === 'hotLead' ? 'make a hot lead' : 'leave a follow-up task';
  return `${what} of priority ${action.priority}${action.reason === null ? '' : ` ("${action.reason}")`}`;
}
