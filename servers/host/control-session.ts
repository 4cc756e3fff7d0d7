/**
 * Who may speak to the control server: the browser that brought a one-time link, from the server's own origin. A link's token is
 * exchanged for a cookie that scripts can't read; the Host header defeats DNS rebinding, the Origin header foreign pages.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export type Refusal =
  | 'foreignHost'
  | 'foreignOrigin'
  /** No cookie, or one of an earlier host. */
  | 'noSession';

export interface ControlSessions {
  /** A token for a link, good for one exchange. At most 20 are open; the oldest lapses. */
  createToken(): string;
  /** Token -> session id for the cookie; undefined where the token is unknown or used. */
  exchange(token: string): string | undefined;
  cookieFor(sessionId: string, port: number): string;
  /** undefined: the request may go on. `writes`: it changes something, so it must name its origin. */
  refuse(
    headers: IncomingHttpHeaders,
    port: number,
    needs: { readonly writes: boolean; readonly session: boolean },
  ): Refusal | undefined;
}

const OPEN_TOKENS_MAX = 20;

export function createControlSessions(): ControlSessions {
  const tokens = new Set<string>();
  const sessions = new Set<string>();
  return {
    createToken() {
      const token = randomBytes(32).toString('base64url');
      tokens.add(token);
      const [oldest] = tokens;
      if (tokens.size > OPEN_TOKENS_MAX && oldest !== undefined) tokens.delete(oldest);
      return token;
    },
    exchange(token) {
      const known = find(tokens, token);
      if (known === undefined) return undefined;
      tokens.delete(known);
      const session = randomBytes(32).toString('base64url');
      sessions.add(session);
      return session;
    },
    cookieFor: (sessionId, port) => `${cookieName(port)}=${sessionId}; Path=/; HttpOnly; SameSite=Strict`,
    refuse(headers, port, needs) {
      if (!isOwnHost(headers.host, port)) return 'foreignHost';
      if (!isOwnOrigin(headers, needs.writes)) return 'foreignOrigin';
      if (!needs.session) return undefined;
      const cookie = readCookie(headers.cookie, cookieName(port));
      return cookie !== undefined && find(sessions, cookie) !== undefined ? undefined : 'noSession';
    },
  };
}

/** Cookies know no ports: the name keeps two hosts on one machine apart. */
function cookieName(port: number): string {
  return `engage-session-${port}`;
}

function isOwnHost(host: string | undefined, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}

/** Reading without an Origin is a navigation or a same-origin fetch; then the browser's own word on the site must not be foreign. */
function isOwnOrigin(headers: IncomingHttpHeaders, originNeeded: boolean): boolean {
  const { origin } = headers;
  if (origin !== undefined) return origin === `http://${headers.host}`;
  if (originNeeded) return false;
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none' || isOpenedByHand(headers);
}

/** A link followed from another page to the entrance: a top-level navigation carries no cookie of ours and reads nothing back. */
function isOpenedByHand(headers: IncomingHttpHeaders): boolean {
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** The entry equal to `given`, compared in constant time. */
function find(entries: ReadonlySet<string>, given: string): string | undefined {
  const wanted = Buffer.from(given);
  for (const entry of entries) {
    const held = Buffer.from(entry);
    if (held.length === wanted.length && timingSafeEqual(held, wanted)) return entry;
  }
  return undefined;
}
