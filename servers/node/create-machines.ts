/**
 * Builds the three machines of a scenario. The simulator, the live nodes and the replay of a journal all build them here,
 * so that they are the same ones.
 */
import { assert } from '#core/assert.ts';
import { BackendNode } from '#core/backend-node.ts';
import { compileCategories } from '#core/categories/category-matcher.ts';
import { ContactCenter } from '#core/contact-center.ts';
import { CALL_WITHIN_MS, type ContactCenterSettings, type GroupRules } from '#core/contact-center-settings.ts';
import { FrontendNode } from '#core/frontend-node.ts';
import type { PacedGroup } from '#core/pacing/channel-pacers.ts';
import { createLedgerDay, type NextReset } from '#core/pacing/ledger-day.ts';
import { RulesInForce } from '#core/rules/rules-in-force.ts';
import { createRandomSource } from '#core/random/random-source.ts';
import type { AgentGroup, Scenario, ScenarioStrategies } from '#protocol/scenario.ts';
import {
  createChatRoutingStrategy,
  createEngagementStrategy,
  type StrategySetting,
} from '#strategies/document-strategy.ts';
import { readScxml } from '#strategies/scxml/read-document.ts';
import { createSandbox } from './script-engine.ts';
import { optionsOf, readChatDelivery, readRuleSettings, readSettings } from './read-settings.ts';

/** Begins the ids that a node makes in one of its lives, 1 being the first. */
export function idPrefixOf(name: string, incarnation: number): string {
  return incarnation === 1 ? name : `${name}~${incarnation}`;
}

export function createFrontendNode(scenario: Scenario, name: string, incarnation = 1): FrontendNode {
  return new FrontendNode(
    name,
    compileCategories(scenario.categories),
    new RulesInForce(scenario.rules, readRuleSettings(optionsOf(scenario))),
    [scenario.site.domain],
    idPrefixOf(name, incarnation),
  );
}

export function createBackendNode(scenario: Scenario, name: string): BackendNode {
  return new BackendNode(name, readChatDelivery(optionsOf(scenario)));
}

export function createContactCenter(scenario: Scenario): ContactCenter {
  const settings = {
    ...readSettings(optionsOf(scenario), scenario.visitors.inviteTimeoutMs),
    groupRules: scenario.groups.map(groupRulesOf),
  };
  const { algorithm, target, goalShare, proactiveShare, refreshPeriodMs, inviteTimeoutMs } = settings;
  return new ContactCenter(
    settings,
    {
      engagement: createEngagementStrategy(settingOf(scenario, 'engagement')),
      chatRouting: createChatRoutingStrategy(settingOf(scenario, 'chatRouting')),
    },
    {
      groups: pacedGroupsOf(scenario, settings),
      start: { algorithm, target, goalShare, proactiveShare, pacedBy: scenario.pacedBy },
      refreshPeriodMs,
      inviteTimeoutMs,
      reactiveProtected: scenario.fidelity === 'improved',
      ...ledgerDayOf(scenario),
    },
  );
}

function ledgerDayOf({ ledgerResetMinute = 0, timeZone }: Scenario): { readonly nextReset?: NextReset } {
  return ledgerResetMinute === null ? {} : { nextReset: createLedgerDay(ledgerResetMinute, timeZone) };
}

/** Every chat group of the options, and those of its voice groups that the scenario has; none where pacing is off. */
function pacedGroupsOf(
  { groups }: Scenario,
  { defaultChannel, chatGroups, voiceGroups = [] }: ContactCenterSettings,
): readonly PacedGroup[] {
  if (defaultChannel !== null) return [];
  const known = new Map(groups.map((group) => [group.name, group]));
  const paced = (name: string, channel: PacedGroup['channel']): PacedGroup => ({
    name,
    channel,
    chatsPerAgent: known.get(name)?.capacity ?? 1,
  });
  return [
    ...chatGroups.map((name) => paced(name, 'chat')),
    ...voiceGroups.filter((name) => known.get(name)?.channel === 'voice').map((name) => paced(name, 'webcallback')),
  ];
}

function groupRulesOf(group: AgentGroup): GroupRules {
  const { name, routing, ringTimeMs, whenMissed, retryAfterMs, callsMax, callWithinMs } = group;
  return {
    name,
    routing: routing ?? 'leastOccupied',
    ringMs: ringTimeMs ?? null,
    whenMissed: whenMissed ?? 'notReady',
    callbacks: {
      retryMs: retryAfterMs ?? 600_000,
      callsMax: callsMax ?? 3,
      callWithinMs: callWithinMs ?? CALL_WITHIN_MS,
    },
  };
}

/** Chance of a session hangs on the run's seed and the session's id alone, so that a replay draws the same. */
function settingOf({ seed, strategies }: Scenario, queue: keyof ScenarioStrategies): StrategySetting {
  const { name, text } = strategies[queue];
  const read = readScxml(text);
  assert(read.ok, "a loaded scenario's strategies are documents");
  return {
    name,
    chart: read.value,
    createSandbox,
    randomOf: (sessionId) => createRandomSource(seed).stream(`strategy ${sessionId}`),
  };
}
