/** Which way a message to the Backends takes: messages about one visit, or of one desk, stay on one, so that none overtakes another. */
import type { ToBackend } from '#core/messages.ts';

/** What keeps messages about one visit, or of one desk or Frontend, on one way. */
export function keyOf(message: ToBackend): string {
  if ('visitID' in message) return message.visitID;
  if ('agentId' in message) return message.agentId;
  if ('refreshId' in message) return message.refreshId;
  if ('orderId' in message) return message.orderId;
  return 'frontend' in message ? message.frontend : message.askId;
}

/** FNV-1a, 32 bits. */
export function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
