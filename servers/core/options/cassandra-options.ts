/**
 * The parameters of environment.local.properties (guide L1238-1291), from which the original's application build fills
 * cassandra.yaml and wmbackend.properties; here the section `environment`.
 */
import { dataCenterReplicas, hosts } from './list-kinds.ts';
import { DEFAULT_IF_ABSENT, UNKNOWN_IF_INVALID } from './option.ts';
import { choice, folder, host, integer, port, text } from './scalar-kinds.ts';
import { optional } from './value-kind.ts';

const USUAL = {
  ifAbsent: DEFAULT_IF_ABSENT,
  ifInvalid: UNKNOWN_IF_INVALID,
  takesEffect: 'after restart',
  takesEffectIsOurs: true,
} as const;

const FOLDER = {
  ...USUAL,
  kind: optional(folder),
  default: '',
  defaultDiffers:
    "the guide prints a token that its installation replaces; here the testbed's own folder takes its place",
  ifAbsent: "a folder of its own inside the testbed's",
} as const;

export const CASSANDRA_OPTIONS = {
  'environment/wmdb.cassandra.cluster.name': {
    ...USUAL,
    kind: text('a name of letters, digits, blank, underscore, dot and minus', /^[A-Za-z0-9_.-][A-Za-z0-9 _.-]{0,99}$/),
    guideDefault: 'Cluster',
    default: 'Cluster',
    about: 'The name that the nodes of one Cassandra cluster share',
    guide: 'L1244',
  },
  'environment/wmdb.cassandra.cluster.keyspaceName': {
    ...USUAL,
    kind: text(
      'a keyspace name of letters, digits and underscore, at most 48, a letter first',
      /^[A-Za-z][A-Za-z0-9_]{0,47}$/,
    ),
    guideDefault: 'WebMonitoring',
    default: 'WebMonitoring',
    about: 'The keyspace that holds everything',
    guide: 'L1245',
  },
  'environment/wmdb.cassandra.cluster.defaultStrategyParams': {
    ...USUAL,
    kind: dataCenterReplicas,
    guideDefault: '',
    default: '',
    ifAbsent: 'there are none; refused where defaultStrategy is NetworkTopologyStrategy',
    about: 'How many replicas each data center has, for NetworkTopologyStrategy',
    guide: 'L1249, L1272',
  },
  'environment/wmdb.cassandra.cluster.defaultStrategy': {
    ...USUAL,
    kind: choice(['SimpleStrategy', 'NetworkTopologyStrategy'], {
      'org.apache.cassandra.locator.SimpleStrategy': { value: 'SimpleStrategy', says: null },
      'org.apache.cassandra.locator.NetworkTopologyStrategy': { value: 'NetworkTopologyStrategy', says: null },
    }),
    guideDefault: 'SimpleStrategy',
    default: 'SimpleStrategy',
    about: 'How replicas are spread over the nodes; NetworkTopologyStrategy for more than one data center',
    guide: 'L1250, L1268',
  },
  'environment/wmdb.cassandra.cluster.defaultReplicationFactor': {
    ...USUAL,
    kind: integer(1, 1_000, 'replicas'),
    guideDefault: '3',
    default: 3,
    about: 'How many nodes hold each row, for SimpleStrategy; at least 3 advised, as reads and writes are by QUORUM',
    guide: 'L1251, L1270',
  },
  'environment/wmdb.cassandra.cluster.listenAddress': {
    ...USUAL,
    kind: host,
    guideDefault: 'localhost',
    default: 'localhost',
    about: 'The address at which the other nodes reach this one; of its own for each node',
    guide: 'L1252, L1291',
  },
  'environment/wmdb.cassandra.cluster.rpcAddress': {
    ...USUAL,
    kind: host,
    guideDefault: 'localhost',
    default: 'localhost',
    about: 'The address at which clients reach this node; of its own for each node',
    guide: 'L1253, L1291',
  },
  'environment/wmdb.cassandra.cluster.rpcPort': {
    ...USUAL,
    kind: port,
    guideDefault: '19160',
    default: 19_160,
    about: 'The port at which clients reach a node',
    guide: 'L1254',
  },
  'environment/wmdb.cassandra.cluster.sslStoragePort': {
    ...USUAL,
    kind: port,
    guideDefault: '17001',
    default: 17_001,
    about: 'The port at which nodes reach each other encrypted',
    guide: 'L1255',
  },
  'environment/wmdb.cassandra.cluster.storagePort': {
    ...USUAL,
    kind: port,
    guideDefault: '17000',
    default: 17_000,
    about: 'The port at which nodes reach each other',
    guide: 'L1256',
  },
  'environment/wmdb.cassandra.cluster.seedNodes': {
    ...USUAL,
    kind: hosts,
    guideDefault: '127.0.0.1',
    default: '127.0.0.1',
    about: 'The nodes that a starting node asks for the rest of the cluster; at least one a data center',
    guide: 'L1257, L1290',
  },
  'environment/wmdb.cassandra.cluster.dataDirectory': {
    ...FOLDER,
    guideDefault: 'DATA_DIR_PLACEHOLDER',
    about: 'Where a node keeps its data',
    guide: 'L1258',
  },
  'environment/wmdb.cassandra.cluster.commitLogDirectory': {
    ...FOLDER,
    guideDefault: 'COMMITLOG_DIR_PLACEHOLDER',
    about: 'Where a node keeps its commit log; best on a disk of its own',
    guide: 'L1259',
  },
  'environment/wmdb.cassandra.cluster.savedCachesDirectory': {
    ...FOLDER,
    guideDefault: 'SAVED_CACHES_DIR_PLACEHOLDER',
    about: 'Where a node keeps its saved caches',
    guide: 'L1260',
  },
} as const;
