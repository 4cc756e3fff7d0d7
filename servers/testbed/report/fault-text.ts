/** A fault and what was felt of it, in one sentence for a terminal or a report. */
import type { FeltEffect } from '#testbed/felt-effects.ts';
import { describeClock, describeCount, describeNumber, describeSeconds } from './figure-text.ts';

const VERBS: Readonly<Record<FeltEffect['kind'], string>> = {
  kill: 'killed',
  stop: 'stopped',
  restart: 'restarted',
  slow: 'slowed',
  partition: 'cut off',
};

export function describeFault(felt: FeltEffect): string {
  const { node, kind, beginsMs, endsMs } = felt;
  const until = endsMs === null ? 'to the end' : `to ${describeClock(endsMs)}`;
  return `${node} ${VERBS[kind]} ${describeClock(beginsMs)} ${until}: ${describeIntake(felt)}, ${describeChats(felt)}`;
}

/** `112 events/s before, 98 during, none for 3.0 s`. */
export function describeIntake(felt: FeltEffect): string {
  const { eventsPerSecondBefore: before, eventsPerSecondDuring: during, withoutEventsSeconds: gap } = felt;
  const rates =
    before === null
      ? `${describeNumber(during)} events/s`
      : `${describeNumber(before)} events/s before, ${describeNumber(during)} during`;
  return gap > 0 ? `${rates}, none for ${describeSeconds(gap)}` : rates;
}

/** `31 chats started, 2 abandoned, no start for 4.0 s`. */
export function describeChats({ chatsStarted, abandoned, withoutChatStartSeconds: gap }: FeltEffect): string {
  const counts = `${describeCount(chatsStarted)} chats started, ${describeCount(abandoned)} abandoned`;
  return gap > 0 ? `${counts}, no start for ${describeSeconds(gap)}` : counts;
}
