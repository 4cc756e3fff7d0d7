/** The channel of agent groups whose permit an invite needs. */
import { assertNever } from '#core/assert.ts';
import type { EngagementChannel } from '#core/messages.ts';
import type { PacingChannel } from './pacing-channel.ts';

export function permitChannelOf(channel: EngagementChannel): PacingChannel {
  switch (channel) {
    case 'proactiveChat':
      return 'chat';
    case 'proactiveCallback':
      return 'webcallback';
    default:
      return assertNever(channel, 'engagement channel');
  }
}
