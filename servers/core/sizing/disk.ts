/**
 * Disk of the history in Cassandra, from the guide's table "Disk Space Usage". The guide gives totals only; what an event
 * takes is derived from them.
 */

/**
 * Bytes of one event in one replica. The table's years over 8,760 h and 4.1 events a page view give 7.524 (rows 1 and 2) to
 * 7.535 kB (rows 3 and 4) over three replicas, with GB = 10^9 bytes; 3 x 2,510 lies between. Half of the page views carry a
 * category there, indexes included, commit logs not. The events printed in rows 3 and 4 (2,060 and 4,000 thousand) are slips
 * for 2,050 and 4,100: only these give the same bytes an event as rows 1 and 2.
 */
export const BYTES_PER_EVENT_AND_REPLICA = 2_510;
/** Guide, notes under the table: "defaults to 4Gb for each node". */
export const COMMIT_LOG_GB_PER_NODE = 4;

const BYTES_PER_GB = 1e9;
const HOURS_PER_YEAR = 8_760;

export interface DiskInputs {
  readonly eventsPerHour: number;
  readonly replicationFactor: number;
  readonly nodes: number;
  readonly retentionDays: number;
}

/** GB = 10^9 bytes. Totals over all nodes and replicas, commit logs apart, but where a name says otherwise. */
export interface Disk {
  readonly eventsPerHour: number;
  /** Bytes of one event over all replicas. */
  readonly bytesPerEvent: number;
  readonly gbPerHour: number;
  readonly gbPerDay: number;
  readonly gbPerWeek: number;
  /** A twelfth of a year, as in the guide's table. */
  readonly gbPerMonth: number;
  readonly gbPerYear: number;
  /** What stands on disk once rows expire as fast as new ones come. */
  readonly gbRetained: number;
  /** `gbRetained` / nodes. */
  readonly gbPerNode: number;
  /** All nodes' commit logs together. */
  readonly commitLogGb: number;
  readonly commitLogGbPerNode: number;
}

export function estimateDisk({ eventsPerHour, replicationFactor, nodes, retentionDays }: DiskInputs): Disk {
  const bytesPerEvent = BYTES_PER_EVENT_AND_REPLICA * replicationFactor;
  const gbPerHour = (eventsPerHour * bytesPerEvent) / BYTES_PER_GB;
  const gbPerYear = gbPerHour * HOURS_PER_YEAR;
  const gbRetained = gbPerHour * 24 * retentionDays;
  return {
    eventsPerHour,
    bytesPerEvent,
    gbPerHour,
    gbPerDay: gbPerHour * 24,
    gbPerWeek: gbPerHour * 24 * 7,
    gbPerMonth: gbPerYear / 12,
    gbPerYear,
    gbRetained,
    gbPerNode: gbRetained / nodes,
    commitLogGb: COMMIT_LOG_GB_PER_NODE * nodes,
    commitLogGbPerNode: COMMIT_LOG_GB_PER_NODE,
  };
}
