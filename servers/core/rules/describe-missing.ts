/** What a condition still needs, as the end of "the visitor ...". */
import { assertNever } from '#core/assert.ts';
import { bracket, describeCondition } from './describe-rule.ts';
import type { PartialProgress } from './partial-matches.ts';
import type {
  AbsenceCondition,
  AllCondition,
  Condition,
  CounterCondition,
  SetCondition,
  TimeoutCondition,
} from './rule-package.ts';
import { describeDuration, joinWith } from '#core/plain-words.ts';
import { describeField, describePattern } from './rule-phrases.ts';

/** `progress` null: nothing is matched yet. */
export function describeMissing(when: Condition, progress: PartialProgress | null): string {
  switch (when.template) {
    case 'singleton':
      return describePattern(when.event, 'present');
    case 'counter':
      return describeMissingTimes(when, progress?.done ?? 0);
    case 'sequence':
      return when.steps
        .slice(progress?.done ?? 0)
        .map((step) => describePattern(step, 'present'))
        .join(', then ');
    case 'set':
      return describeMissingEvents(when, progress);
    case 'timeout':
      return describeMissingStay(when, progress);
    case 'absence':
      return describeMissingAbsence(when, progress);
    case 'all':
      return describeMissingMembers(when, progress);
    case 'any': {
      const nearest = progress?.nearest;
      const member = when.conditions[nearest?.member ?? -1];
      return nearest === undefined || member === undefined
        ? describeCondition(when, 'present')
        : describeMissing(member, nearest.progress);
    }
    default:
      return assertNever(when, 'rule template');
  }
}

function describeMissingTimes({ event, times, distinct }: CounterCondition, done: number): string {
  const left = times - done;
  const more = done === 0 ? '' : ' more';
  const what = describePattern(event, 'present');
  if (distinct === null) return `${what} ${left}${more} ${left === 1 ? 'time' : 'times'}`;
  return `${what} with ${left}${more} different ${left === 1 ? 'value' : 'values'} of ${describeField(distinct)}`;
}

function describeMissingEvents({ events }: SetCondition, progress: PartialProgress | null): string {
  const lacking = events.filter((_, pattern) => progress?.lacking?.includes(pattern) ?? true);
  return joinWith(
    'and',
    lacking.map((event) => describePattern(event, 'present')),
  );
}

function describeMissingStay(when: TimeoutCondition, progress: PartialProgress | null): string {
  return progress === null ? describeCondition(when, 'present') : 'stays there';
}

function describeMissingAbsence(when: AbsenceCondition, progress: PartialProgress | null): string {
  const never = `never ${describePattern(when.event, 'present')}`;
  if (progress?.waits === true) return never;
  return `${describeMissing(when.after, progress)}, and then for ${describeDuration(when.withinMs)} ${never}`;
}

function describeMissingMembers({ conditions }: AllCondition, progress: PartialProgress | null): string {
  const missing = conditions.flatMap((condition, place) => {
    const member = progress?.members?.[place] ?? null;
    return member?.isComplete === true ? [] : [bracket(condition, describeMissing(condition, member))];
  });
  return joinWith('and', missing);
}
