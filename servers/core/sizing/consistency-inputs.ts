/**
 * What the consistency calculator is asked, checked: everything that is wrong with it at once, each by the name that who asks has
 * for it (`--rf` on the command line, a field on the screen).
 */
import { CONSISTENCY_LEVELS, type ConsistencyLevel, type ReplicatedCluster } from './consistency.ts';
import type { DataCenter } from './center-quorums.ts';
import type { InputCheck } from './input-check.ts';

/** As it came; what is undefined has the guide's default, but nodes, which must be given. */
export type GivenCluster = Readonly<Record<keyof ReplicatedCluster, unknown>>;

export const LEVELS_EXPECTED = `one of ${CONSISTENCY_LEVELS.join(', ')}`;
export const DATA_CENTERS_EXPECTED = 'data centers with their replicas, such as DataCenter1:3,DataCenter2:2';

const DATA_CENTERS_MAX = 16;
const CHARS_MAX = 1_000;
const CHARS_SAID_MAX = 40;
const COUNT = { expected: 'a whole number >= 1 and <= 1000', integer: true, min: 1, max: 1000 } as const;
const DEFAULTS = { replicationFactor: 3, level: 'QUORUM' } as const;

/** Undefined: something is wrong, and now stands in `check.problems`. */
export function readCluster(
  check: InputCheck,
  given: GivenCluster,
  names: Readonly<Record<keyof ReplicatedCluster, string>>,
): ReplicatedCluster | undefined {
  const orDefault = (value: unknown, fallback: unknown): unknown => (value === undefined ? fallback : value);
  const nodes = check.number(names.nodes, given.nodes, COUNT, true);
  const factor = orDefault(given.replicationFactor, DEFAULTS.replicationFactor);
  const replicationFactor = check.number(names.replicationFactor, factor, COUNT, true);
  const write = readLevel(check, names.write, orDefault(given.write, DEFAULTS.level));
  const read = readLevel(check, names.read, orDefault(given.read, DEFAULTS.level));
  if (nodes === undefined || replicationFactor === undefined || write === undefined || read === undefined) {
    return undefined;
  }
  return { nodes, replicationFactor, write, read };
}

function readLevel(check: InputCheck, name: string, given: unknown): ConsistencyLevel | undefined {
  const level = CONSISTENCY_LEVELS.find((known) => typeof given === 'string' && known === given.toUpperCase());
  if (level === undefined) check.refuse(name, `expected ${LEVELS_EXPECTED}, got ${say(given)}`);
  return level;
}

/**
 * `DC1:3, DC2:2`, as the option wmdb.cassandra.cluster.defaultStrategyParams has it; here a data center may have no replica.
 * Undefined: something is wrong, and now stands in `check.problems`.
 */
export function readDataCenters(check: InputCheck, name: string, given: unknown): readonly DataCenter[] | undefined {
  if (typeof given !== 'string' || given.length > CHARS_MAX) {
    const got = typeof given === 'string' ? `${given.length} characters` : say(given);
    check.refuse(name, `expected ${DATA_CENTERS_EXPECTED}, got ${got}`);
    return undefined;
  }
  const before = check.problems.length;
  const dataCenters = given.split(',').flatMap((part): readonly DataCenter[] => {
    const [, dataCenter, digits] = /^\s*([^\s:]+)\s*:\s*(\d{1,4})\s*$/.exec(part) ?? [];
    if (dataCenter !== undefined && digits !== undefined && Number(digits) <= COUNT.max) {
      return [{ name: dataCenter, replicas: Number(digits) }];
    }
    check.refuse(name, `expected ${DATA_CENTERS_EXPECTED}, got ${say(part.trim())}`);
    return [];
  });
  const names = dataCenters.map((one) => one.name);
  const twice = names.find((each, index) => names.indexOf(each) !== index);
  if (twice !== undefined) check.refuse(name, `expected each data center once, got ${say(twice)} twice`);
  if (names.length > DATA_CENTERS_MAX) {
    check.refuse(name, `expected at most ${DATA_CENTERS_MAX} data centers, got ${names.length}`);
  }
  if (check.problems.length === before && dataCenters.every(({ replicas }) => replicas === 0)) {
    check.refuse(name, 'expected a replica in one of them at least');
  }
  return check.problems.length > before ? undefined : dataCenters;
}

/** What came, short enough to be said. */
function say(given: unknown): string {
  if (typeof given !== 'string') return typeof given === 'number' ? String(given) : 'no text';
  return `"${given.length > CHARS_SAID_MAX ? `${given.slice(0, CHARS_SAID_MAX)}…` : given}"`;
}
