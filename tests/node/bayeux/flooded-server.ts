/** The stand as a process of its own, so that its peak of memory is its own; told by its parent what to do. */
import { startStand } from '#tests/node/bayeux/bayeux-stand.ts';
import type { BayeuxLimits } from '#node/bayeux/bayeux-limits.ts';

/** What the parent asks. */
export type FloodOrder =
  | { readonly type: 'start'; readonly limits: Partial<BayeuxLimits> }
  | { readonly type: 'publish'; readonly channel: string; readonly times: number; readonly bytes: number }
  | { readonly type: 'report' };

/** What the server tells; bytes are the highest resident size so far. */
export interface FloodReport {
  readonly port: number;
  readonly peakBytes: number;
  readonly sockets: number;
  readonly sessions: number;
  readonly gone: readonly string[];
}

let stand: Awaited<ReturnType<typeof startStand>> | undefined;

process.on('message', (order: FloodOrder) => {
  void obey(order);
});
process.on('disconnect', () => process.exit(0));

async function obey(order: FloodOrder): Promise<void> {
  if (order.type === 'start') stand = await startStand({ limits: order.limits });
  if (order.type === 'publish') await publish(order.channel, order.times, order.bytes);
  const report: FloodReport = {
    port: stand?.port ?? 0,
    peakBytes: process.resourceUsage().maxRSS * 1_024,
    sockets: stand?.bayeux.sockets ?? 0,
    sessions: stand?.bayeux.sessions.size ?? 0,
    gone: stand?.gone.map(({ reason }) => reason) ?? [],
  };
  process.send?.(report);
}

/** A turn of the event loop for each message, so that sockets are written. */
async function publish(channel: string, times: number, bytes: number): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    stand?.bayeux.publish(channel, `${n} ${'x'.repeat(bytes)}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
