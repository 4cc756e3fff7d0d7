/** What a reader of figures must know of a scenario's contact centre: groups whose agents callbacks will not reach, or that nobody is invited to. */
import { CALLBACK_DELIVERY_GROUP } from '#core/contact-center-settings.ts';
import type { Scenario } from '#protocol/scenario.ts';

/** Sentences for the report's deviations and for `engage check`. */
export function describeCentre({ groups }: Scenario): readonly string[] {
  return groups
    .filter(({ channel, alsoIn }) => channel === 'voice' && alsoIn?.includes(CALLBACK_DELIVERY_GROUP) === false)
    .map(
      ({ name }) =>
        `the agents of "${name}" are not in "${CALLBACK_DELIVERY_GROUP}" (alsoIn): they count as free, and no callback is delivered to them`,
    );
}
