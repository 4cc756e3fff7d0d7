/**
 * What a reader of figures must know of a scenario's contact centre: groups whose agents callbacks will not reach or who are in two
 * groups of a channel, and a pool of requests that is too small for the chats that there can be.
 */
import { CALLBACK_DELIVERY_GROUP } from '#core/contact-center-settings.ts';
import type { ResolvedOptions } from '#core/options/resolved-options.ts';
import { agentsAtOnceMax } from '#protocol/agents-at-once.ts';
import type { Scenario } from '#protocol/scenario.ts';

/** Requests to Chat Server that one thread serves a second, in the guide's formula (L3405). */
const REQUESTS_A_SECOND = 5;

/** Sentences for the report's deviations and for `engage check`. */
export function describeCentre(scenario: Scenario, options: ResolvedOptions): readonly string[] {
  return [...undelivered(scenario), ...inTwoGroups(scenario, options), ...smallPool(scenario, options)];
}

function undelivered({ groups }: Scenario): readonly string[] {
  return groups
    .filter(({ channel, alsoIn }) => channel === 'voice' && alsoIn?.includes(CALLBACK_DELIVERY_GROUP) === false)
    .map(
      ({ name }) =>
        `the agents of "${name}" are not in "${CALLBACK_DELIVERY_GROUP}" (alsoIn): they count as free, and no callback is delivered to them`,
    );
}

/** Guide L3754, L3770: predictions are wrong where an agent is in two groups of a channel. Where pacing is off there are none. */
function inTwoGroups({ groups }: Scenario, options: ResolvedOptions): readonly string[] {
  if (options.get('service:wmsg/wmsg.connector.defaultEngagementChannel') !== null) return [];
  const paced = {
    chat: options.get('service:pacing/pacing.connector.chatGroup'),
    voice: options.get('service:pacing/pacing.connector.voiceGroup'),
  };
  return groups.flatMap(({ name, channel, alsoIn = [] }) =>
    paced[channel]
      .filter((other) => other !== name && alsoIn.includes(other))
      .map(
        (other) =>
          `the agents of "${name}" are in "${other}" too (alsoIn), another group of pacing.connector.${channel}Group: they serve "${name}" alone, and pacing counts them there alone`,
      ),
  );
}

/** Peak of simultaneous chats of one Backend / (refreshPeriod x 5); the peak is every slot taken, spread over the Backends. */
function smallPool({ groups, cluster }: Scenario, options: ResolvedOptions): readonly string[] {
  const pool = options.get('service:wes/wes.connector.chatServer.requestPoolSize');
  const refreshSeconds = options.get('service:wes/wes.connector.chatServer.refreshPeriod');
  const slots = groups
    .filter(({ channel }) => channel === 'chat')
    .reduce((sum, group) => sum + agentsAtOnceMax(group) * group.capacity, 0);
  const chats = Math.ceil(slots / cluster.backends);
  const advised = Math.ceil(chats / (refreshSeconds * REQUESTS_A_SECOND));
  if (advised <= pool) return [];
  return [
    `requestPoolSize is ${pool}: for ${chats} chats at once at one Backend the guide advises ${advised} (chats / (refreshPeriod x 5))`,
  ];
}
