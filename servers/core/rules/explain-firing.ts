/** Why a rule fired, in sentences: what the visitor did, event by event with its time, and what came of it. */
import type { CompiledRules } from './compiled-rules.ts';
import { describeCondition } from './describe-rule.ts';
import type { Firing } from './firing.ts';
import type { Condition, EventPattern } from './rule-package.ts';
import { describeDuration, describePattern } from './rule-phrases.ts';

/**
 * First the rule and its condition, then one sentence a matched event, last the hot lead. `describeTime` turns an event's time
 * (ms) into words; without it they are told from the firing backwards. Of a rule that is not in `rules` only the events are told.
 */
export function explainFiring(
  firing: Firing,
  rules: CompiledRules,
  describeTime: (at: number) => string = (at) => describeBefore(firing.at - at),
): readonly string[] {
  const compiled = rules.rules.find(({ rule, package: of }) => rule.name === firing.rule && of.name === firing.package);
  const when = compiled?.rule.when;
  const began = firing.matchedAt[0] ?? firing.at;
  const took = firing.matchedEvents.length > 1 ? `; it took ${describeDuration(firing.at - began)}` : '';
  const what = when === undefined ? 'its condition held' : `the visitor ${describeCondition(when, 'past')}`;
  const events = firing.matchedEvents.map((eventID, i) => {
    const pattern = when === undefined ? undefined : patternOf(when, i);
    const did = pattern === undefined ? 'event' : `${describePattern(pattern, 'past')}, event`;
    return `${describeTime(firing.matchedAt[i] ?? firing.at)}: ${did} ${eventID}.`;
  });
  const reason = firing.reason === null ? '' : `: "${firing.reason}"`;
  return [
    `Rule "${firing.rule}" of ${firing.package} fired because ${what}${took}.`,
    ...events,
    `It made a hot lead of priority ${firing.priority}${reason}.`,
  ];
}

function patternOf(when: Condition, matched: number): EventPattern | undefined {
  switch (when.template) {
    case 'singleton':
    case 'counter':
      return when.event;
    case 'sequence':
      return when.steps[matched];
    default:
      return undefined;
  }
}

function describeBefore(durationMs: number): string {
  return durationMs === 0 ? 'Then' : `${describeDuration(durationMs)} before`;
}
