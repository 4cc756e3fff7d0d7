/** A node's links in its log: who is connected, and who was lost. What else befalls a connection is told at the level debug. */
import type { Logger } from 'pino';
import type { LinkPeer } from '#node/link-peer.ts';

export function logPeer(log: Logger, { node }: LinkPeer, up: boolean): void {
  if (up) log.info({ peer: node }, 'connected');
  else log.warn({ peer: node }, 'connection lost');
}
