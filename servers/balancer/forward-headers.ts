/**
 * The headers that cross the balancer: hop-by-hop ones stay behind (RFC 9110, 7.6.1), and who the client is, the balancer alone
 * says. Works on raw header lists, so that repeated headers and their case arrive as they were sent.
 */
import type { IncomingMessage } from 'node:http';

/** Name, value, name, value. */
export type RawHeaders = string[];

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What a client could say about itself to be taken for another; and `Expect`, which the balancer has already answered. */
const SAID_BY_THE_BALANCER = new Set([
  'expect',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-real-ip',
]);

/** Of a plain request; its body's framing is kept (a length, or chunks). */
export function requestHeaders(request: IncomingMessage): RawHeaders {
  const headers = endToEnd(request, SAID_BY_THE_BALANCER);
  if (request.headers['transfer-encoding'] !== undefined) headers.push('Transfer-Encoding', 'chunked');
  return [...headers, ...describeClient(request)];
}

/** Of a request to change the protocol to WebSocket, the one that is passed on. */
export function upgradeHeaders(request: IncomingMessage): RawHeaders {
  const headers = endToEnd(request, SAID_BY_THE_BALANCER);
  return [...headers, 'Connection', 'Upgrade', 'Upgrade', 'websocket', ...describeClient(request)];
}

/** Of a node's answer; `routeCookie` is added to the node's own cookies. */
export function responseHeaders(response: IncomingMessage, routeCookie: string | undefined): RawHeaders {
  const headers = endToEnd(response, new Set());
  if (routeCookie !== undefined) headers.push('Set-Cookie', routeCookie);
  return headers;
}

function endToEnd(message: IncomingMessage, alsoDropped: ReadonlySet<string>): RawHeaders {
  const named = new Set((message.headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
  const kept: RawHeaders = [];
  for (let index = 0; index + 1 < message.rawHeaders.length; index += 2) {
    const name = message.rawHeaders[index] ?? '';
    const lower = name.toLowerCase();
    if (HOP_BY_HOP.has(lower) || alsoDropped.has(lower)) continue;
    // A client may not have the framing or the host dropped by naming them as hop-by-hop.
    if (named.has(lower) && lower !== 'content-length' && lower !== 'host') continue;
    kept.push(name, message.rawHeaders[index + 1] ?? '');
  }
  return kept;
}

function describeClient(request: IncomingMessage): RawHeaders {
  const address = request.socket.remoteAddress ?? 'unknown';
  const forwardedFor = address.includes(':') ? `"[${address}]"` : address;
  const host = request.headers.host;
  const said = ['X-Forwarded-For', address, 'X-Forwarded-Proto', 'http'];
  if (host === undefined) return [...said, 'Forwarded', `for=${forwardedFor};proto=http`];
  const quoted = host.replaceAll(/["\\]/g, '');
  return [...said, 'X-Forwarded-Host', host, 'Forwarded', `for=${forwardedFor};host="${quoted}";proto=http`];
}
