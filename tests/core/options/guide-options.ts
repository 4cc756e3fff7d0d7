/**
 * Every option that the deployment guide names, typed from its text and from nothing of ours: where it stands, the default that
 * it prints (null: none), and when it says that a change takes effect (null: it doesn't). A value that the guide calls valid
 * and is not the default, and one that is not, drive the tests of every option.
 */
export interface GuideOption {
  readonly application: string;
  readonly section: string;
  readonly name: string;
  readonly printedDefault: string | null;
  readonly takesEffect: 'immediately' | 'after restart' | null;
  readonly valid: string | number | boolean;
  readonly invalid: string | number | boolean;
}

type Row = readonly [
  name: string,
  printedDefault: string | null,
  takesEffect: 'now' | 'restart' | null,
  valid: string | number | boolean,
  invalid: string | number | boolean,
];

function rows(application: string, section: string, list: readonly Row[]): readonly GuideOption[] {
  return list.map(([name, printedDefault, when, valid, invalid]) => ({
    application,
    section,
    name,
    printedDefault,
    takesEffect: when === null ? null : when === 'now' ? 'immediately' : 'after restart',
    valid,
    invalid,
  }));
}

const LOG: readonly Row[] = [
  ['all', 'stdout', 'restart', 'stdout, C:\\Logs\\WebEngagement\\Backend_Server', ''],
  ['standard', 'stdout', 'now', 'stderr, network', 'stdout,,stderr'],
  ['trace', 'stdout', 'now', 'stderr, network', ','],
  ['verbose', 'standard', 'now', 'interaction', 'loud'],
  ['segment', '1000', 'restart', '10 MB', '99 KB'],
  ['expire', '3', 'restart', '14 day', 1001],
  ['affectedLoggers', '', 'now', 'com.genesyslab.webme.common;PROTOCOL;org.apache.cassandra', 'a;;b'],
  ['time_format', 'time', 'now', 'ISO8601', 'iso8601'],
  ['time_convert', 'local', 'now', 'utc', 'UTC'],
];

export const GUIDE_OPTIONS: readonly GuideOption[] = [
  ...rows('backend', 'log', LOG),
  ...rows('frontend', 'log', LOG),
  ...rows('backend', 'service:wes', [
    ['wes.connector.chatServer.requestPoolSize', '10', 'restart', 99, 100],
    ['wes.connector.chatServer.queueKey', '1:webme', 'now', '2:webme', 'webme'],
    ['wes.connector.chatServer.queueWebengagement', 'WebEngagement_Chat', 'restart', 'Webengagement_Chat', ' Chat'],
    ['wes.connector.chatServer.identifyCreateContact', '3', 'now', 2, 4],
    ['wes.connector.chatServer.refreshPeriod', '2', 'restart', 5, 6],
    ['wes.connector.chatServer.requestTimeout', '5', 'restart', 10, 11],
    ['wes.connector.chatServer.chatSessionRestoreTimeout', '30', 'restart', 300, 4],
    ['wes.connector.interaction.copyUserData', 'rule;attempt_number', 'now', 'all', 'rule;;attempt_number'],
    ['wes.connector.interactionServer.wcb.queueSubmit', 'New', 'now', 'Web Callback', 'New '],
  ]),
  ...rows('backend', 'service:wmsg', [
    ['wmsg.connector.engagementExpirationTime', '30', 'now', 60, 61],
    ['wmsg.connector.registrationFormExpirationTime', '120', 'now', 1800, 9],
    ['wmsg.connector.interactionServer.autoStopWebengagementIntr', 'true', 'now', false, 'yes'],
    ['wmsg.connector.interactionServer.queueAccepted', 'Webengagement_Accepted', 'now', 'My Accepted', 'a-b'],
    ['wmsg.connector.interactionServer.queueEngaged', 'Webengagement_Engaged', 'now', 'My Engaged', 'a.b'],
    ['wmsg.connector.interactionServer.queueFailed', 'Webengagement_Failed', 'now', 'My Failed', 'a/b'],
    ['wmsg.connector.interactionServer.queueQualified', 'Webengagement_Qualified', 'now', 'My Qualified', ''],
    ['wmsg.connector.interactionServer.queueRejected', 'Webengagement_Rejected', 'now', 'My Rejected', 'é'],
    ['wmsg.connector.interactionServer.queueTimeout', 'Webengagement_Timeout', 'now', 'My Timeout', 'a;b'],
    ['wmsg.connector.defaultEngagementChannel', 'N/A', 'now', 'proactiveChat', 'chat'],
    ['wmsg.connector.userIdentifier', 'EmailAddress', 'now', 'CustomerID', ''],
    ['wmsg.connector.phoneNumber', 'PhoneNumber', 'now', 'MobilePhone', ''],
  ]),
  ...rows('backend', 'service:wmdb', [
    ['wmdb.limitIndexing', 'true', 'restart', false, 'no'],
    ['wmdb.retention.entity.all', '1', 'restart', 30, 'one'],
    ...['event', 'page', 'session', 'visit', 'engagementattempt', 'useragent', 'identity'].map((object): Row => [
      `wmdb.retention.entity.${object}`,
      'The value of the wmdb.retention.entity.all option.',
      'restart',
      7,
      1.5,
    ]),
    ['wmdb.retention.time-unit', 'day', 'restart', 'month', 'week'],
  ]),
  ...rows('backend', 'service:pacing', [
    ['pacing.connector.algorithm', 'SUPER_PROGRESSIVE', 'restart', 'PREDICTIVE_B', 'PROGRESSIVE'],
    ['pacing.connector.optimizationGoal', '3', 'restart', 5, 0],
    ['pacing.connector.optimizationTarget', 'ABANDONEMENT_RATE', 'restart', 'BUSY_FACTOR', 'ABANDON_RATE'],
    ['pacing.connector.proactiveRatio', '0', 'restart', 100, 101],
    ['pacing.connector.chatGroup', 'Web Engagement Chat', 'restart', 'My Group 1; My Group 2', 'Chat;'],
    ['pacing.connector.voiceGroup', 'Web Engagement Voice', 'restart', 'Voice Group 1;Voice Group 2', ''],
    ['pacing.connector.refreshPeriod', '1', 'restart', 5, 0],
  ]),
  ...rows('backend', 'settings', [
    ['event-mode', 'true', 'restart', false, 'on'],
    ['loadbalancer', '""', 'restart', 'http://frontend-balancer:8000/frontend', 'frontend-balancer:8000'],
  ]),
  ...rows('backend', 'security', [
    ['auth-scheme', 'none', 'restart', 'basic', 'digest'],
    ['user-id', 'No default value', 'restart', 'user1', 7],
    ['password', 'No default value', 'restart', 'password1', 7],
    ['trusted-ca-type', 'MSCAPI', 'restart', 'MSCAPI', 'PKCS12'],
    ['trusted-ca', '', 'restart', '/etc/certificateCA.pem', 7],
    ['trusted-ca-pwd', '', 'restart', 'somepassword', true],
  ]),
  ...rows('frontend', 'settings', [
    ['loadbalancer', '""', 'restart', 'https://backend-balancer/backend', 'ftp://backend-balancer/backend'],
  ]),
  ...rows('frontend', 'service:cep', [['cep.domainSeparation', 'false', 'restart', true, 1]]),
  // Elsewhere in the guide: L706 and L953, L1120, L1244-1260, L1402, L1617, L2057-2070.
  ...rows('backend', 'webengagement', [['type', null, null, 'backendserver', 'frontendserver']]),
  ...rows('frontend', 'webengagement', [['type', null, null, 'frontendserver', 'backendserver']]),
  ...rows('rules-authoring', 'settings', [['verify-deploy-address', null, null, true, 'never']]),
  ...rows('workspace', 'settings', [['loadbalancer', null, null, 'http://198.51.100.12:8000', '198.51.100.12:8000']]),
  ...rows('workspace', 'gwe:security', [
    ['auth-scheme', null, null, 'Basic', 'Digest'],
    ['user-id', null, null, 'user1', 7],
    ['password', null, null, 'password1', 7],
  ]),
  ...rows('chat-server', 'endpoints:<tenantID>', [['webme', 'Webengagement_Chat', null, 'Chat In', ' Chat']]),
  ...rows('cassandra', 'environment', [
    ['wmdb.cassandra.cluster.name', 'Cluster', null, 'Shop', ''],
    ['wmdb.cassandra.cluster.keyspaceName', 'WebMonitoring', null, 'Shop', 'web-monitoring'],
    ['wmdb.cassandra.cluster.defaultStrategyParams', '', null, 'DataCenter1:3, DataCenter2:2', 'DataCenter1'],
    [
      'wmdb.cassandra.cluster.defaultStrategy',
      'SimpleStrategy',
      null,
      'org.apache.cassandra.locator.SimpleStrategy',
      'Ring',
    ],
    ['wmdb.cassandra.cluster.defaultReplicationFactor', '3', null, 5, 0],
    ['wmdb.cassandra.cluster.listenAddress', 'localhost', null, '192.0.2.7', 'not a host'],
    ['wmdb.cassandra.cluster.rpcAddress', 'localhost', null, '0.0.0.0', ''],
    ['wmdb.cassandra.cluster.rpcPort', '19160', null, 9042, 65_536],
    ['wmdb.cassandra.cluster.sslStoragePort', '17001', null, 7001, 0],
    ['wmdb.cassandra.cluster.storagePort', '17000', null, 7000, -1],
    ['wmdb.cassandra.cluster.seedNodes', '127.0.0.1', null, '135.225.54.236, 135.225.54.245', '135.225.54.236,'],
    [
      'wmdb.cassandra.cluster.dataDirectory',
      'DATA_DIR_PLACEHOLDER',
      null,
      '/var/lib/cassandra',
      'DATA_DIR_PLACEHOLDER',
    ],
    ['wmdb.cassandra.cluster.commitLogDirectory', 'COMMITLOG_DIR_PLACEHOLDER', null, 'C:\\cassandra\\commit log', 7],
    ['wmdb.cassandra.cluster.savedCachesDirectory', 'SAVED_CACHES_DIR_PLACEHOLDER', null, '/var/caches', ' '],
  ]),
];
