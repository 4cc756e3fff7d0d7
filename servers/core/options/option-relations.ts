/** What must hold between options, and what is valid but probably not meant. Each finding names the options that take part. */
import type { OptionPath } from './option-table.ts';
import { endpointPath, type ResolvedOptions } from './resolved-options.ts';
import { RETAINED_ENTITIES, RETENTION_SECONDS_MAX, SECONDS_PER_RETENTION_UNIT } from './wmdb-options.ts';

export interface RelationFinding {
  readonly severity: 'problem' | 'warning';
  /** The option that it is about. */
  readonly path: string;
  /** Every option that takes part; when one of them is wrong by itself, there is no finding. */
  readonly involves: readonly string[];
  readonly message: string;
}

type Finding = RelationFinding;

const QUEUE_KEY = 'service:wes/wes.connector.chatServer.queueKey';
const CHAT_QUEUE = 'service:wes/wes.connector.chatServer.queueWebengagement';

export function findRelations(options: ResolvedOptions): readonly RelationFinding[] {
  return [
    ...findChatQueue(options),
    ...findRetention(options),
    ...findPacing(options),
    ...findSharedGroups(options),
    ...findAuthentication(options, 'security'),
    ...findAuthentication(options, 'gwe:security'),
    ...findTrustedStore(options),
    ...findReplication(options),
    ...findBalancers(options),
  ];
}

/** Guide L3407-3425: the key is one of the Chat Server's, and the queue is that end point's. */
function findChatQueue(options: ResolvedOptions): readonly Finding[] {
  const key = options.get(QUEUE_KEY);
  const queue = options.chatEndpoint(key);
  if (queue === undefined) {
    const message = `the end point ${key} does not exist: give ${endpointPath(key)}, or name one that does`;
    return [{ severity: 'problem', path: QUEUE_KEY, involves: [QUEUE_KEY], message }];
  }
  const findings: Finding[] = [];
  const chosen = options.get(CHAT_QUEUE);
  if (chosen !== queue) {
    const message = `must be the queue of the end point ${key}, "${queue}", got "${chosen}"`;
    findings.push({
      severity: 'problem',
      path: CHAT_QUEUE,
      involves: [CHAT_QUEUE, QUEUE_KEY, endpointPath(key)],
      message,
    });
  }
  for (const { path } of options.entries()) {
    if (!/^endpoints:\d+\//.test(path) || path === endpointPath(key)) continue;
    const message = `no chat comes in here: queueKey names ${key}`;
    findings.push({ severity: 'warning', path, involves: [path, QUEUE_KEY], message });
  }
  return findings;
}

/** The longest time that a store can keep something. */
function findRetention(options: ResolvedOptions): readonly Finding[] {
  const unitPath = 'service:wmdb/wmdb.retention.time-unit';
  const unit = options.get(unitPath);
  const longest = Math.floor(RETENTION_SECONDS_MAX / SECONDS_PER_RETENTION_UNIT[unit]);
  const findings: Finding[] = [];
  for (const entity of ['all', ...RETAINED_ENTITIES] as const) {
    const path = `service:wmdb/wmdb.retention.entity.${entity}` satisfies OptionPath;
    const followsAll = entity !== 'all' && options.entry(path).origin.from === 'default';
    if (followsAll || options.get(path) <= longest) continue;
    const message = `expected at most ${longest} (${unit}), which is 20 years, the longest that Cassandra keeps anything, got ${options.get(path)}`;
    findings.push({ severity: 'problem', path, involves: [path, unitPath], message });
  }
  return findings;
}

/** Guide L3695, L3711-3715: dual algorithms want a ratio, each target its own range of goals. */
function findPacing(options: ResolvedOptions): readonly Finding[] {
  const algorithmPath = 'service:pacing/pacing.connector.algorithm';
  const ratioPath = 'service:pacing/pacing.connector.proactiveRatio';
  const targetPath = 'service:pacing/pacing.connector.optimizationTarget';
  const goalPath = 'service:pacing/pacing.connector.optimizationGoal';
  const findings: Finding[] = [];
  const algorithm = options.get(algorithmPath);
  const dual = algorithm === 'SUPER_PROGRESSIVE_DUAL' || algorithm === 'PREDICTIVE_B_DUAL';
  const ratioGiven = options.entry(ratioPath).origin.from === 'given';
  if (dual && !ratioGiven) {
    const message = `${algorithm} wants it to be given; it is 0, which reserves no agents for proactive interactions`;
    findings.push({ severity: 'warning', path: ratioPath, involves: [algorithmPath, ratioPath], message });
  }
  if (!dual && options.get(ratioPath) > 0) {
    const message = `${algorithm} does not look at it: it is for the DUAL algorithms`;
    findings.push({ severity: 'warning', path: ratioPath, involves: [algorithmPath, ratioPath], message });
  }
  const goal = options.get(goalPath);
  const target = options.get(targetPath);
  const busy = target === 'BUSY_FACTOR';
  if (busy ? goal < 50 : goal > 50) {
    const message = busy
      ? `agents are to be busy at least ${goal} % of the time, where the guide advises 70 to 85`
      : `up to ${goal} % may be abandoned, where the guide advises 3 to 5`;
    findings.push({ severity: 'warning', path: goalPath, involves: [goalPath, targetPath], message });
  }
  return findings;
}

/** Guide L3754, L3770: pacing runs an instance for each group, and counts the group's agents as free for one channel. */
function findSharedGroups(options: ResolvedOptions): readonly Finding[] {
  const chatPath = 'service:pacing/pacing.connector.chatGroup';
  const voicePath = 'service:pacing/pacing.connector.voiceGroup';
  const shared = options.get(voicePath).filter((name) => options.get(chatPath).includes(name));
  if (shared.length === 0) return [];
  const message = `expected groups that chatGroup does not name, got ${shared.map((name) => `"${name}"`).join(', ')}: an agent group serves one channel`;
  return [{ severity: 'problem', path: voicePath, involves: [chatPath, voicePath], message }];
}

/** Guide L3825: with Basic, a client authenticates with a user and a password. */
function findAuthentication(options: ResolvedOptions, section: 'security' | 'gwe:security'): readonly Finding[] {
  const schemePath = `${section}/auth-scheme` as const;
  const findings: Finding[] = [];
  for (const path of [`${section}/user-id`, `${section}/password`] as const) {
    if (options.get(schemePath) === 'basic' && options.get(path) === null) {
      const message = `auth-scheme basic needs a ${path.endsWith('password') ? 'password' : 'user-id'}: give ${path}`;
      findings.push({ severity: 'problem', path: schemePath, involves: [schemePath, path], message });
    }
  }
  return findings;
}

/** Guide L3853-3877: PEM and JKS stand in a file; JKS has a password. */
function findTrustedStore(options: ResolvedOptions): readonly Finding[] {
  const typePath = 'security/trusted-ca-type';
  const filePath = 'security/trusted-ca';
  const passwordPath = 'security/trusted-ca-pwd';
  const type = options.get(typePath);
  const inFile = type === 'PEM' || type === 'JKS';
  const file = options.get(filePath);
  const involves = [typePath, filePath, passwordPath];
  if (inFile && file === null) {
    return [{ severity: 'problem', path: typePath, involves, message: `${type} needs a file: give ${filePath}` }];
  }
  if (!inFile && file !== null) {
    const message = type === null ? 'there is no TLS, since trusted-ca-type is absent' : `${type} does not look at it`;
    return [{ severity: 'warning', path: filePath, involves, message }];
  }
  if (type === 'JKS' && options.get(passwordPath) === null) {
    return [
      { severity: 'warning', path: passwordPath, involves, message: 'a JKS store should have its password given' },
    ];
  }
  return [];
}

/** Guide L1268-1274. */
function findReplication(options: ResolvedOptions): readonly Finding[] {
  const strategyPath = 'environment/wmdb.cassandra.cluster.defaultStrategy';
  const paramsPath = 'environment/wmdb.cassandra.cluster.defaultStrategyParams';
  const factorPath = 'environment/wmdb.cassandra.cluster.defaultReplicationFactor';
  const network = options.get(strategyPath) === 'NetworkTopologyStrategy';
  const params = options.get(paramsPath);
  const involves = [strategyPath, paramsPath];
  if (network && params.length === 0) {
    const message = `NetworkTopologyStrategy needs the replicas of each data center: give ${paramsPath}`;
    return [{ severity: 'problem', path: strategyPath, involves, message }];
  }
  if (!network && params.length > 0) {
    return [{ severity: 'warning', path: paramsPath, involves, message: 'SimpleStrategy does not look at it' }];
  }
  if (!network && options.get(factorPath) < 3) {
    const message = 'the guide advises at least 3: by QUORUM, fewer replicas survive the loss of no node';
    return [{ severity: 'warning', path: factorPath, involves: [strategyPath, factorPath], message }];
  }
  return [];
}

/** Guide L2445, L2480: each server's is the other one's balancer, told apart by the end of the address. */
function findBalancers(options: ResolvedOptions): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [application, end] of [
    ['backend', '/frontend'],
    ['frontend', '/backend'],
  ] as const) {
    const path = `${application}.settings/loadbalancer` as const;
    const url = options.get(path);
    if (url === null || url.replace(/\/+$/, '').endsWith(end)) continue;
    const message = `the guide has it end in ${end}, the other server's part of the balancer`;
    findings.push({ severity: 'warning', path, involves: [path], message });
  }
  return findings;
}
