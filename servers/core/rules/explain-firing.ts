/** Why a rule fired, in sentences: what the visitor did, event by event with its time, and what came of it. */
import type { CompiledRules } from './compiled-rules.ts';
import { describeWhen } from './describe-rule.ts';
import type { Firing } from './firing.ts';
import type { Condition, EventPattern } from './rule-package.ts';
import { describeDuration } from '#core/plain-words.ts';
import { describePattern } from './rule-phrases.ts';

/**
 * First the rule and its condition, then one sentence a matched event and the wait after it, last the hot lead or follow-up. `describeTime` turns an event's time
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
  const what = compiled === undefined ? 'its condition held' : `the visitor ${describeWhen(compiled.rule, 'past')}`;
  const events = firing.matchedEvents.map((eventID, i) => {
    const pattern = when === undefined ? undefined : patternOf(when, i);
    const did = pattern === undefined ? 'event' : `${describePattern(pattern, 'past')}, event`;
    return `${describeTime(firing.matchedAt[i] ?? firing.at)}: ${did} ${eventID}.`;
  });
  const waitedMs = firing.at - (firing.matchedAt.at(-1) ?? firing.at);
  const waited = waitedMs === 0 ? [] : [`${describeTime(firing.at)}: ${describeDuration(waitedMs)} had passed.`];
  const made = firing.action === 'hotLead' ? 'made a hot lead' : 'left a follow-up task';
  const reason = firing.reason === null ? '' : `: "${firing.reason}"`;
  return [
    `Rule "${firing.rule}" of ${firing.package} fired because ${what}${took}.`,
    ...events,
    ...waited,
    `It ${made} of priority ${firing.priority}${reason}.`,
  ];
}

/** Undefined where the order of the events does not tell: a set, `all`, `any`. */
function patternOf(when: Condition, matched: number): EventPattern | undefined {
  switch (when.template) {
    case 'singleton':
    case 'counter':
    case 'timeout':
      return when.event;
    case 'sequence':
      return when.steps[matched];
    case 'absence':
      return patternOf(when.after, matched);
    default:
      return undefined;
  }
}

function describeBefore(durationMs: number): string {
  return durationMs === 0 ? 'Then' : `${describeDuration(durationMs)} before`;
}
