/**
 * Which code reads an option, by path; an option that is not listed is checked but read by no code yet, and every command and
 * report says so. A test compares this list with the code, so that it can't grow stale.
 */
import type { ENDPOINT_FAMILY, OptionPath } from './option-table.ts';

export type OptionReaders = Readonly<Record<string, readonly string[]>>;

const SETTINGS = ['servers/node/read-settings.ts'] as const;
const HISTORY = ['servers/node/read-history-settings.ts'] as const;
const SETTINGS_AND_NOTES = ['servers/node/read-settings.ts', 'servers/testbed/centre-notes.ts'] as const;
const SETTINGS_AND_CHECK = ['servers/testbed/load-scenario-options.ts', 'servers/node/read-settings.ts'] as const;

const CASSANDRA = ['servers/testbed/cassandra/cassandra-choice.ts'] as const;
const CASSANDRA_COMMAND = ['servers/host/commands/cassandra-command.ts'] as const;

export const OPTION_READERS: Partial<Readonly<Record<OptionPath | typeof ENDPOINT_FAMILY, readonly string[]>>> = {
  'backend.settings/event-mode': ['servers/backend/backend-server.ts'],
  'security/auth-scheme': ['servers/backend/history-access.ts'],
  'security/user-id': ['servers/backend/history-access.ts'],
  'security/password': ['servers/backend/history-access.ts'],
  'backend.log/verbose': ['servers/node/node-log.ts'],
  'frontend.log/verbose': ['servers/node/node-log.ts'],
  'service:cep/cep.domainSeparation': SETTINGS_AND_CHECK,
  'service:wes/wes.connector.chatServer.queueWebengagement': SETTINGS_AND_CHECK,
  'service:wes/wes.connector.chatServer.chatSessionRestoreTimeout': SETTINGS,
  'service:wes/wes.connector.interaction.copyUserData': SETTINGS,
  'service:wmsg/wmsg.connector.userIdentifier': SETTINGS,
  'service:wes/wes.connector.chatServer.requestPoolSize': SETTINGS_AND_NOTES,
  'service:wes/wes.connector.chatServer.refreshPeriod': SETTINGS_AND_NOTES,
  'service:wes/wes.connector.chatServer.requestTimeout': SETTINGS,
  'service:wes/wes.connector.chatServer.identifyCreateContact': SETTINGS,
  'service:wes/wes.connector.interactionServer.wcb.queueSubmit': SETTINGS_AND_CHECK,
  'service:wmsg/wmsg.connector.phoneNumber': SETTINGS,
  'service:pacing/pacing.connector.voiceGroup': [
    ...SETTINGS_AND_CHECK,
    'servers/node/pacing-notices.ts',
    'servers/testbed/centre-notes.ts',
  ],
  'service:wmsg/wmsg.connector.engagementExpirationTime': SETTINGS,
  'service:wmsg/wmsg.connector.registrationFormExpirationTime': SETTINGS,
  'service:wmsg/wmsg.connector.interactionServer.autoStopWebengagementIntr': SETTINGS,
  'service:wmsg/wmsg.connector.interactionServer.queueAccepted': SETTINGS_AND_CHECK,
  'service:wmsg/wmsg.connector.interactionServer.queueEngaged': SETTINGS_AND_CHECK,
  'service:wmsg/wmsg.connector.interactionServer.queueFailed': SETTINGS_AND_CHECK,
  'service:wmsg/wmsg.connector.interactionServer.queueQualified': SETTINGS_AND_CHECK,
  'service:wmsg/wmsg.connector.interactionServer.queueRejected': SETTINGS_AND_CHECK,
  'service:wmsg/wmsg.connector.interactionServer.queueTimeout': SETTINGS_AND_CHECK,
  'service:wmsg/wmsg.connector.defaultEngagementChannel': [
    'servers/testbed/load-scenario-options.ts',
    'servers/node/read-settings.ts',
    'servers/node/pacing-notices.ts',
  ],
  'service:pacing/pacing.connector.algorithm': SETTINGS,
  'service:pacing/pacing.connector.optimizationGoal': SETTINGS,
  'service:pacing/pacing.connector.optimizationTarget': SETTINGS,
  'service:pacing/pacing.connector.proactiveRatio': SETTINGS,
  'service:wmdb/wmdb.limitIndexing': [...HISTORY, 'servers/backend/backend-server.ts'],
  'service:wmdb/wmdb.retention.entity.event': HISTORY,
  'service:wmdb/wmdb.retention.entity.page': HISTORY,
  'service:wmdb/wmdb.retention.entity.session': HISTORY,
  'service:wmdb/wmdb.retention.entity.visit': HISTORY,
  'service:wmdb/wmdb.retention.entity.engagementattempt': HISTORY,
  'service:wmdb/wmdb.retention.entity.useragent': HISTORY,
  'service:wmdb/wmdb.retention.entity.identity': HISTORY,
  'service:wmdb/wmdb.retention.entity.all': HISTORY,
  'service:wmdb/wmdb.retention.time-unit': HISTORY,
  'service:pacing/pacing.connector.chatGroup': [
    ...SETTINGS_AND_CHECK,
    'servers/node/pacing-notices.ts',
    'servers/testbed/centre-notes.ts',
  ],
  'environment/wmdb.cassandra.cluster.name': CASSANDRA_COMMAND,
  'environment/wmdb.cassandra.cluster.keyspaceName': [...CASSANDRA, ...CASSANDRA_COMMAND],
  'environment/wmdb.cassandra.cluster.defaultStrategyParams': CASSANDRA,
  'environment/wmdb.cassandra.cluster.defaultStrategy': CASSANDRA,
  'environment/wmdb.cassandra.cluster.defaultReplicationFactor': CASSANDRA,
  'environment/wmdb.cassandra.cluster.rpcPort': [...CASSANDRA, ...CASSANDRA_COMMAND],
  'environment/wmdb.cassandra.cluster.sslStoragePort': CASSANDRA_COMMAND,
  'environment/wmdb.cassandra.cluster.storagePort': CASSANDRA_COMMAND,
  'environment/wmdb.cassandra.cluster.seedNodes': CASSANDRA,
  'environment/wmdb.cassandra.cluster.dataDirectory': CASSANDRA_COMMAND,
  'environment/wmdb.cassandra.cluster.commitLogDirectory': CASSANDRA_COMMAND,
  'environment/wmdb.cassandra.cluster.savedCachesDirectory': CASSANDRA_COMMAND,
  'service:pacing/pacing.connector.refreshPeriod': [...SETTINGS, 'servers/backend/backend-server.ts'],
};

/** The files that read an option; none: no code does yet. */
export function readersOf(path: string, readers: OptionReaders = OPTION_READERS): readonly string[] {
  return Object.hasOwn(readers, path) ? (readers[path] ?? []) : [];
}
