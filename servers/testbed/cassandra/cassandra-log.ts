/** What a Cassandra node's log says about its start: that it serves, or in words what keeps it from it. */

const SERVES = 'Starting listening for CQL clients on';
/** Lines of a log that are shown. */
const LAST_LINES = 12;

/** Signs of a start that failed, and what helps; the first that is found counts. */
const FAILURES: readonly (readonly [sign: RegExp, cause: string])[] = [
  [
    /Address already in use|Unable to bind to address/,
    'a port is taken: another Cassandra, or an older one of these nodes',
  ],
  [/Cannot assign requested address/, 'its address is none of this machine'],
  [
    /InaccessibleObjectException|IllegalAccessError|unable to access required classes/,
    'Java does not open what Cassandra needs of it: it must be Java 17',
  ],
  [/UnsupportedClassVersionError/, 'this Java is too old for the jars: it must be Java 17'],
  [
    /Invalid yaml|Missing required directive|Missing directive|Missing endpoint_snitch/,
    'its configuration does not fit this version of Cassandra',
  ],
  [
    /ClassNotFoundException|NoClassDefFoundError|Could not find or load main class/,
    'the jars are not whole: remove the folder lib beside the cluster and start again',
  ],
  [/Unable to gossip with any peers|Unable to contact any seeds/, 'it finds no other node: start node 1 first'],
  [
    /Cannot change the number of tokens|Saved cluster name|existing tokens|Cannot start node if snitch/,
    'its data is that of another cluster: down --wipe removes it',
  ],
  [
    // Not the argument of that name, which every log repeats.
    /Could not reserve enough space|java\.lang\.OutOfMemoryError/,
    'the memory does not suffice: fewer nodes, or another --heap',
  ],
  [/No space left on device/, 'the disk is full'],
  [/failed to map segment|UnsatisfiedLinkError/, 'its temporary folder does not let programs run (mounted noexec)'],
  [
    /Failed to read the commit log|CommitLogReplayException/,
    'its commit log is damaged: down --wipe removes it with all data',
  ],
];

/** Whether clients are listened to. */
export function saysItServes(log: string): boolean {
  return log.includes(SERVES);
}

/** Why it did not start, as a sentence without a full stop, and its last lines. */
export function describeFailedStart(log: string): string {
  const cause = FAILURES.find(([sign]) => sign.test(log))?.[1] ?? 'its log names no cause that is known here';
  const last = log.split('\n').filter((line) => line.trim() !== '' && !/^\s+at |^\s*\.\.\. \d+/.test(line));
  return [cause, ...last.slice(-LAST_LINES).map((line) => `    ${line.slice(0, 300)}`)].join('\n');
}
