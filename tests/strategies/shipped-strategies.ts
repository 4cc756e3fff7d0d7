/** The strategies that come with the testbed, or documents in their place, ready to run. */
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { EngagementInput } from '#core/engagement/strategy-port.ts';
import { createRandomSource } from '#core/random/random-source.ts';
import { createSandbox, scriptEngine } from '#node/script-engine.ts';
import type { StrategySetting } from '#strategies/document-strategy.ts';
import { createChatRoutingStrategy, createEngagementStrategy } from '#strategies/document-strategy.ts';
import type { StrategyQueue } from '#strategies/services.ts';
import { readStrategy } from '#strategies/strategy-file.ts';
import { readDefaultStrategies } from '#testbed/load-scenario-strategies.ts';

/** What a session of an interaction that is new begins with. */
export function engagementInputOf(lead: HotLead, changes: Partial<EngagementInput> = {}): EngagementInput {
  return {
    interactionId: 'i1',
    lead,
    attemptNumber: 1,
    userData: {},
    channels: ['proactiveChat'],
    visitBusyWith: 'nothing',
    defaultChannel: null,
    expiresAt: 31_000,
    resumed: null,
    ...changes,
  };
}

const SHIPPED = readDefaultStrategies();

export function shippedText(queue: StrategyQueue): string {
  return SHIPPED[queue].text;
}

export function engagementOf(text: string) {
  return createEngagementStrategy(settingOf('engagement', text));
}

export function chatRoutingOf(text: string) {
  return createChatRoutingStrategy(settingOf('chatRouting', text));
}

export const shippedEngagement = engagementOf(shippedText('engagement'));
export const shippedChatRouting = chatRoutingOf(shippedText('chatRouting'));

export function settingOf(queue: StrategyQueue, text: string): StrategySetting {
  const read = readStrategy(text, `${queue}.scxml`, queue, scriptEngine);
  if (!read.ok) throw new Error(read.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return {
    name: queue,
    chart: read.value,
    createSandbox,
    randomOf: (sessionId) => createRandomSource(7).stream(sessionId),
  };
}
