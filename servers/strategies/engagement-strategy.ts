/**
 * The first Engagement Logic, in code: engage a usable hot lead by chat if pacing gives a permit. Usable: the visitor
 * is on the site and the visit has no open invite or chat. No permit: no engagement, at once, with the reason; nobody
 * waits for a better moment.
 */
import { assertNever } from '#core/assert.ts';
import type { EngagementStrategy, StrategyEffect, StrategyEvent } from '#core/engagement/strategy-port.ts';

export const engagementStrategy: EngagementStrategy = {
  createSession() {
    return null;
  },
  handle(_session, event, out) {
    out.push(decide(event));
  },
};

function decide(event: StrategyEvent): StrategyEffect {
  switch (event.type) {
    case 'qualified':
      if (event.visitBusyWith === 'invite') return { type: 'noEngage', reason: 'inviteOpen' };
      if (event.visitBusyWith === 'chat') return { type: 'noEngage', reason: 'chatOpen' };
      if (!event.lead.onSite) return { type: 'noEngage', reason: 'visitorGone' };
      if (event.defaultChannel !== null) return { type: 'engage', channel: event.defaultChannel };
      return { type: 'fetchPermit', channel: 'proactiveChat' };
    case 'permit':
      if (event.permit === null) return { type: 'noEngage', reason: 'noAgents' };
      if (!event.permit.granted) return { type: 'noEngage', reason: 'noPermit' };
      return { type: 'engage', channel: 'proactiveChat' };
    default:
      return assertNever(event, 'strategy event');
  }
}
