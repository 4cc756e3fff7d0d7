/** How long Cassandra keeps a row by its own clock: a little longer than the settings say, so that readers alone decide. */

/** Cassandra's clock for expiry ends on 19 January 2038, where it has not been told otherwise. */
const LAST_EXPIRY_MS = Date.UTC(2038, 0, 18);

/** Seconds for `USING TTL`; 0: for ever, where Cassandra could not keep it for so long. */
export function ttlSecondsOf(retentionMs: number, nowMs = Date.now()): number {
  return nowMs + retentionMs > LAST_EXPIRY_MS ? 0 : Math.ceil(retentionMs / 1_000) + 1;
}
