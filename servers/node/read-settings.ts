/** The options in force as the machines take them: milliseconds, shares and names. */
import { assert } from '#core/assert.ts';
import { FOLLOW_UP_QUEUE, type ContactCenterSettings } from '#core/contact-center-settings.ts';
import type { ChatDeliverySettings } from '#core/delivery/chat-delivery.ts';
import { resolveOptions } from '#core/options/resolve-options.ts';
import type { ResolvedOptions } from '#core/options/resolved-options.ts';
import type { PacingInForce } from '#core/pacing/pacing-command.ts';
import { DEFAULT_RULE_SETTINGS, type RuleSettings } from '#core/rules/rules-in-force.ts';
import type { StatServerChoice } from '#core/statistics/stat-server.ts';
import type { Scenario } from '#protocol/scenario.ts';

/** The options of a loaded scenario; its loading has checked them. */
export function optionsOf(scenario: Scenario): ResolvedOptions {
  const resolved = resolveOptions(scenario.options, { fidelity: scenario.fidelity });
  assert(resolved.ok, "a loaded scenario's options are valid");
  return resolved.value;
}

/** What pacing goes by when a run begins; null: it is off. */
export function readPacing(scenario: Scenario, options: ResolvedOptions): PacingInForce | null {
  const { defaultChannel, algorithm, target, goalShare, proactiveShare } = readSettings(
    options,
    scenario.visitors.inviteTimeoutMs,
  );
  return defaultChannel === null ? { algorithm, target, goalShare, proactiveShare, pacedBy: scenario.pacedBy } : null;
}

/** What the statistics of a scenario count, in the contact center and in a run. */
export function readStatistics(scenario: Scenario): StatServerChoice {
  const options = optionsOf(scenario);
  const { autoStop, queues, chatGroups } = readSettings(options, scenario.visitors.inviteTimeoutMs);
  const pacing = readPacing(scenario, options);
  const goal = pacing === null ? null : { target: pacing.target, share: pacing.goalShare };
  return { autoStop, queues, groups: chatGroups, goal };
}

/** What the rules of a Frontend go by. */
export function readRuleSettings(options: ResolvedOptions): RuleSettings {
  return { ...DEFAULT_RULE_SETTINGS, domainSeparation: options.get('service:cep/cep.domainSeparation') };
}

/** How a Backend shows what is said in chats. */
export function readChatDelivery(options: ResolvedOptions): ChatDeliverySettings {
  return {
    refreshPeriodMs: options.get('service:wes/wes.connector.chatServer.refreshPeriod') * 1_000,
    requestTimeoutMs: options.get('service:wes/wes.connector.chatServer.requestTimeout') * 1_000,
    requestPoolSize: options.get('service:wes/wes.connector.chatServer.requestPoolSize'),
  };
}

/** What the contact center goes by. */
export function readSettings(options: ResolvedOptions, inviteTimeoutMs: number): ContactCenterSettings {
  return {
    engagementExpirationMs: options.get('service:wmsg/wmsg.connector.engagementExpirationTime') * 1_000,
    registrationFormExpirationMs: options.get('service:wmsg/wmsg.connector.registrationFormExpirationTime') * 1_000,
    autoStop: options.get('service:wmsg/wmsg.connector.interactionServer.autoStopWebengagementIntr'),
    queues: {
      qualified: options.get('service:wmsg/wmsg.connector.interactionServer.queueQualified'),
      engaged: options.get('service:wmsg/wmsg.connector.interactionServer.queueEngaged'),
      accepted: options.get('service:wmsg/wmsg.connector.interactionServer.queueAccepted'),
      rejected: options.get('service:wmsg/wmsg.connector.interactionServer.queueRejected'),
      timeout: options.get('service:wmsg/wmsg.connector.interactionServer.queueTimeout'),
      failed: options.get('service:wmsg/wmsg.connector.interactionServer.queueFailed'),
      followUp: FOLLOW_UP_QUEUE,
      callback: options.get('service:wes/wes.connector.interactionServer.wcb.queueSubmit'),
      chat: options.get('service:wes/wes.connector.chatServer.queueWebengagement'),
    },
    copyUserData: options.get('service:wes/wes.connector.interaction.copyUserData'),
    userIdentifier: options.get('service:wmsg/wmsg.connector.userIdentifier'),
    defaultChannel: options.get('service:wmsg/wmsg.connector.defaultEngagementChannel'),
    contactHandling: options.get('service:wes/wes.connector.chatServer.identifyCreateContact'),
    voiceGroups: options.get('service:pacing/pacing.connector.voiceGroup'),
    phoneNumberKey: options.get('service:wmsg/wmsg.connector.phoneNumber'),
    chatGroups: options.get('service:pacing/pacing.connector.chatGroup'),
    algorithm: options.get('service:pacing/pacing.connector.algorithm'),
    target: options.get('service:pacing/pacing.connector.optimizationTarget'),
    goalShare: options.get('service:pacing/pacing.connector.optimizationGoal') / 100,
    proactiveShare: options.get('service:pacing/pacing.connector.proactiveRatio') / 100,
    refreshPeriodMs: options.get('service:pacing/pacing.connector.refreshPeriod') * 1_000,
    inviteTimeoutMs,
    restoreTimeoutMs: options.get('service:wes/wes.connector.chatServer.chatSessionRestoreTimeout') * 1_000,
  };
}
