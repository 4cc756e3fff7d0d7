/** The statistics counted anew from a list of facts, by what each interaction and chat did last: nothing is kept on the way. */
import type { Fact } from '#core/statistics/fact.ts';
import { isTerminal } from '#core/engagement/interaction.ts';
import type { MediaType } from '#core/statistics/interaction-filter.ts';
import type { QueueMeasure } from '#core/statistics/provisioned-statistics.ts';

const CHAT_QUEUE_STATES = ['queued', 'recalled', 'transferred'];

interface Passage {
  readonly medium: MediaType;
  readonly queue: string;
  /** Index of the facts that began and ended it; Infinity: it lasts. */
  readonly from: number;
  until: number;
  /** Offered at its end, as far as it goes. */
  isOffered: boolean;
  readonly isOurs: boolean;
  readonly rule: string | undefined;
}

/** Each stay of an interaction or chat in a queue. Facts that are told a second time are left out by the caller. */
export function passagesOf(facts: readonly Fact[], chatQueue: string, callbackQueue: string): readonly Passage[] {
  const passages: Passage[] = [];
  const dataOf = new Map<string, { isOurs: boolean; rule: string | undefined }>();
  const stays = new Map<string, Passage>();
  const end = (id: string, index: number): void => {
    const stay = stays.get(id);
    if (stay !== undefined) stay.until = index;
    stays.delete(id);
  };
  const begin = (id: string, medium: MediaType, queue: string, from: number): void => {
    end(id, from);
    const { isOurs, rule } = dataOf.get(id) ?? { isOurs: false, rule: undefined };
    const stay = { medium, queue, from, until: Infinity, isOffered: false, isOurs, rule };
    passages.push(stay);
    stays.set(id, stay);
  };
  facts.forEach((fact, index) => {
    if (fact.kind === 'interactionMoved') {
      dataOf.set(fact.interactionId, { isOurs: true, rule: fact.rule });
      begin(fact.interactionId, 'webengagement', fact.to, index);
      if (isTerminal(fact.after)) end(fact.interactionId, index);
    } else if (fact.kind === 'interactionStopped') end(fact.interactionId, index);
    else if (fact.kind === 'callback') {
      const { callbackId, state, userData } = fact;
      const stay = stays.get(callbackId);
      if (state === 'asked') dataOf.set(callbackId, { isOurs: true, rule: userData?.['rule'] });
      else if (state === 'due') begin(callbackId, 'webcallback', callbackQueue, index);
      else if (stay !== undefined && (state === 'offered' || state === 'recalled'))
        stay.isOffered = state === 'offered';
      else if (state === 'accepted') end(callbackId, index);
    } else if (fact.kind === 'chat') {
      const { chatId, state, origin, userData } = fact;
      if (state === 'queued') {
        dataOf.set(chatId, { isOurs: origin === 'proactive', rule: userData?.['rule'] });
      }
      const stay = stays.get(chatId);
      if (stay === undefined && CHAT_QUEUE_STATES.includes(state)) begin(chatId, 'chat', chatQueue, index);
      else if (stay !== undefined && state === 'offered') stay.isOffered = true;
      else if (stay !== undefined && state === 'recalled') stay.isOffered = false;
      else if (state === 'started' || state === 'abandoned') end(chatId, index);
    }
  });
  return passages;
}

/** One statistic from the stays. `filter`: which of them it counts. */
export function recount(
  passages: readonly Passage[],
  measure: QueueMeasure,
  filter: (passage: Passage) => boolean,
): number {
  const counted = passages.filter(filter);
  switch (measure) {
    case 'totalEntered':
      return counted.length;
    case 'totalMovedFrom':
      return counted.filter(({ until }) => until < Infinity).length;
    case 'currentInQueue':
      return counted.filter(({ until }) => until === Infinity).length;
    case 'currentWaitingProcessing':
      return counted.filter(({ until, isOffered }) => until === Infinity && !isOffered).length;
  }
}
