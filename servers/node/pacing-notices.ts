/**
 * What somebody must know of the pacing of a scenario: that it is off, or works outside the range that it is meant for. Told by
 * `engage check`, reports, screens and the contact center's log, anew whenever pacing is told something else.
 */
import { isDual } from '#core/pacing/pacing-algorithm.ts';
import type { PacingInForce } from '#core/pacing/pacing-command.ts';
import type { PlainRule } from '#core/pacing/plain-rule.ts';
import type { ResolvedOptions } from '#core/options/resolved-options.ts';
import { agentsAtOnceMax } from '#protocol/agents-at-once.ts';
import type { PacingNotice } from '#protocol/pacing-notice.ts';
import type { Scenario } from '#protocol/scenario.ts';

/** Where the small family ends and the large one begins (guide L2137-2146, L3695), agents. */
const rangeBorder = 30;

/** `inForce` null: pacing is off. */
export function noticesOfPacing(
  scenario: Scenario,
  options: ResolvedOptions,
  inForce: PacingInForce | null,
): readonly PacingNotice[] {
  if (inForce === null) return [alarm(describeOff(options))];
  const { pacedBy } = inForce;
  if (pacedBy !== 'algorithm') return [(pacedBy === 'none' ? alarm : note)(describePlainRule(pacedBy))];
  return [...outOfRange(scenario, options, inForce), ...reactiveNotes(scenario, inForce)].map(note);
}

/** Those of `after` that `before` had not. */
export function newNotices(before: readonly PacingNotice[], after: readonly PacingNotice[]): readonly PacingNotice[] {
  return after.filter(({ text }) => !before.some((known) => known.text === text));
}

function alarm(text: string): PacingNotice {
  return { tone: 'alarm', text };
}

function note(text: string): PacingNotice {
  return { tone: 'note', text };
}

function describeOff(options: ResolvedOptions): string {
  const channel = options.get('service:wmsg/wmsg.connector.defaultEngagementChannel');
  return `PACING IS OFF: wmsg.connector.defaultEngagementChannel is ${String(channel)}, so every usable hot lead is invited, whatever the goal and whether an agent is free or not`;
}

/** A DUAL algorithm without reactive visitors decides as its twin, and reactive visitors without one are not gated. */
function reactiveNotes(
  { visitors, fidelity }: Scenario,
  { algorithm, proactiveShare }: PacingInForce,
): readonly string[] {
  const hasReactive = visitors.reactive !== null && visitors.reactive.share > 0;
  if (isDual(algorithm) && hasReactive) return proactiveShare > 0 ? [] : [RATIO_ZERO[fidelity]];
  if (!isDual(algorithm) && !hasReactive) return [];
  return hasReactive
    ? [
        `${algorithm} does not look at visitors who look for help themselves: all of them are let in, and their chats count as invited ones`,
      ]
    : [
        `${algorithm}: no visitor of this scenario looks for help himself (visitors.reactive), so that it decides as ${algorithm.replace('_DUAL', '')}`,
      ];
}

const RATIO_ZERO: Readonly<Record<Scenario['fidelity'], string>> = {
  improved:
    'proactiveRatio is 0: of the visitors who look for help themselves as many are let in as the goal bears; the original lets all of them in (fidelity: faithful)',
  faithful:
    'proactiveRatio is 0 and fidelity is faithful: all visitors who look for help themselves are let in, as the original has it, so that the goal may be broken however few are invited',
};

const PLAIN_RULES: Readonly<Record<PlainRule, string>> = {
  none: 'every usable hot lead is invited',
  progressive: 'one invite for each ready slot that no invite claims',
  ratio: 'ready slots divided by the learned accept share',
  erlangA: 'invites at the rate at which Erlang A keeps the goal, whatever the room looks like',
};

function describePlainRule(rule: PlainRule): string {
  return `NO PACING ALGORITHM: pacedBy is ${rule}, for comparison: ${PLAIN_RULES[rule]}`;
}

/** Either family may be used at any size, with poorer predictions outside its range; voice groups are paced by the same one. */
function outOfRange(scenario: Scenario, options: ResolvedOptions, { algorithm }: PacingInForce): readonly string[] {
  const paced = [
    ...options.get('service:pacing/pacing.connector.chatGroup'),
    ...options.get('service:pacing/pacing.connector.voiceGroup'),
  ];
  const isForLarge = algorithm.startsWith('PREDICTIVE_B');
  return scenario.groups
    .map((group) => ({ name: group.name, agents: agentsAtOnceMax(group) }))
    .filter(({ name, agents }) => paced.includes(name) && (isForLarge ? agents < rangeBorder : agents > rangeBorder))
    .map(
      ({ name, agents }) =>
        `${algorithm} is for ${isForLarge ? 'groups from 30 agents on' : '1 to 30 agents'}, "${name}" has ${agents}: its predictions may be poorer`,
    );
}
