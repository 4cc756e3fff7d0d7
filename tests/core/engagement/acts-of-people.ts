/** What visitors and agents do to a contact center, by name, as the random scenarios draw it. Ids may be wrong or stale on purpose. */
import type { ContactCenterEvent } from '#core/contact-center.ts';
import { VIA } from './contact-center-bench.ts';

export const VISITOR_ANSWERS = ['shown', 'acceptCall', 'reject', 'timeout', 'formAbandoned'] as const;
export const VISITOR_ACTS = ['chatRequest', 'chatLeft', 'visitEnded'] as const;
export const CHAT_ACTS = ['answer', 'finish', 'done'] as const;
export const AGENT_STATES = ['notReady', 'ready'] as const;
export const DESK_ACTS = ['login', 'logout', 'deskLost', 'rejectOffer', 'transfer'] as const;
export const FOLLOW_UP_ACTS = ['approveFollowUp', 'dismissFollowUp'] as const;

export type ActOfPeople =
  | (typeof VISITOR_ANSWERS)[number]
  | (typeof VISITOR_ACTS)[number]
  | (typeof CHAT_ACTS)[number]
  | (typeof AGENT_STATES)[number]
  | (typeof FOLLOW_UP_ACTS)[number]
  | Exclude<(typeof DESK_ACTS)[number], 'login' | 'transfer'>;

/** Who and what an act is about. */
interface Subject {
  readonly visitID: string;
  readonly interactionId: string;
  readonly agentId: string;
  /** Of what an agent works on; absent: the interaction's chat. */
  readonly chatId?: string;
}

export function eventOfAct(
  kind: ActOfPeople,
  { visitID, interactionId, agentId, chatId = `c-${interactionId}` }: Subject,
): ContactCenterEvent {
  switch (kind) {
    case 'shown':
    case 'acceptCall':
    case 'reject':
    case 'timeout':
    case 'formAbandoned':
      return { type: 'disposition', visitID, interactionId, code: kind };
    case 'chatRequest':
      return { type: kind, visitID, interactionId, via: VIA };
    case 'chatLeft':
      return { type: kind, visitID, via: VIA };
    case 'visitEnded':
      return { type: kind, visitID };
    case 'answer':
    case 'finish':
    case 'done':
      return { type: kind, agentId, chatId, via: VIA };
    case 'approveFollowUp':
    case 'dismissFollowUp':
      return { type: kind, agentId, interactionId, via: VIA };
    case 'notReady':
      return { type: kind, agentId, reason: 'break', via: VIA };
    case 'rejectOffer':
      return { type: 'reject', agentId, chatId, via: VIA };
    case 'ready':
    case 'logout':
    case 'deskLost':
      return { type: kind, agentId, via: VIA };
  }
}
