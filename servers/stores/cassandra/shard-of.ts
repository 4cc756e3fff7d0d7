/** Spreads ids evenly over a number of shards, always alike: what is stored under a shard is looked for there. */

/** Of the ids of events: a million events a day make 16,000 entries a shard and day. */
export const ID_SHARDS = 64;
/** Of user agents, of which there are few. */
export const AGENT_SHARDS = 4;

/** FNV-1a of the UTF-8 bytes, 32 bits. */
export function shardOf(id: string, shards: number): number {
  let hash = 0x81_1c_9d_c5;
  for (const byte of Buffer.from(id)) hash = Math.imul(hash ^ byte, 0x01_00_01_93);
  return (hash >>> 0) % shards;
}
