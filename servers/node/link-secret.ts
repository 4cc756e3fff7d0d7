/** The Bearer secret by which nodes know one another, compared in constant time. */
import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether an `authorization` header carries the secret. The digests hide the secret's length as well. */
export function isAuthorized(header: string | undefined, secret: string): boolean {
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${secret}`));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
