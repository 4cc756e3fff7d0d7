/**
 * The first Engagement Logic, in code: engage a usable hot lead by chat if pacing gives a permit. Usable: it is not late, the
 * visitor is on the site and the visit has no open invite or chat. No permit: no engagement, at once, with the reason; nobody
 * waits for a better moment. Once it has decided a session has nothing more to do.
 */
import type {
  EngagementEffect,
  EngagementEvent,
  EngagementInput,
  EngagementSession,
  EngagementStrategy,
} from '#core/engagement/strategy-port.ts';
import type { EngagementChannel } from '#core/messages.ts';
import type { Permit } from '#core/pacing/pacer.ts';
import type { RefusalReason } from '#core/engagement/failure-reason.ts';

export const engagementStrategy: EngagementStrategy = {
  name: 'engagement',
  createSession: (input) => new FirstEngagement(input),
};

class FirstEngagement implements EngagementSession {
  readonly #input: EngagementInput;

  constructor(input: EngagementInput) {
    this.#input = input;
  }

  handle(event: EngagementEvent, at: number, out: EngagementEffect[]): void {
    if (event.type === 'started') out.push(...this.#decide(at));
    else if (event.type === 'permit') out.push(...decideOnPermit(event.permit));
  }

  close(): void {
    // It holds nothing.
  }

  #decide(at: number): readonly EngagementEffect[] {
    const { lead, visitBusyWith, defaultChannel, expiresAt, resumed } = this.#input;
    if (resumed !== null) return [{ type: 'done' }];
    if (at >= expiresAt) return refuse('expired');
    if (visitBusyWith === 'invite') return refuse('inviteOpen');
    if (visitBusyWith === 'chat') return refuse('chatOpen');
    if (!lead.onSite) return refuse('visitorGone');
    if (defaultChannel !== null) return engage(defaultChannel);
    return [{ type: 'fetchPermit', channel: 'proactiveChat' }];
  }
}

function decideOnPermit(permit: Permit | null): readonly EngagementEffect[] {
  if (permit === null) return refuse('noAgents');
  return permit.granted ? engage('proactiveChat') : refuse('noPermit');
}

function engage(channel: EngagementChannel): readonly EngagementEffect[] {
  return [{ type: 'engage', channel, userData: {}, registrationRequired: false }, { type: 'done' }];
}

function refuse(reason: RefusalReason): readonly EngagementEffect[] {
  return [{ type: 'noEngage', reason, text: '' }];
}
