/** The balancer's own answers: JSON in the words of the other servers, with `Retry-After` where a second try can help. */
import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export type RefusalStatus = 400 | 404 | 501 | 502 | 503 | 504;

const CODES: Readonly<Record<RefusalStatus, string>> = {
  400: 'INVALID_INPUT',
  404: 'NOT_FOUND',
  501: 'NOT_SUPPORTED',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'UNAVAILABLE',
};

/** Seconds; a node that was lost is replaced or found by then. */
const RETRY_AFTER_S = 1;

export function replyRefusal(response: ServerResponse, status: RefusalStatus, message: string): void {
  const { headers, body } = describeRefusal(status, message);
  response.writeHead(status, headers);
  response.end(body);
}

/** The same on a socket that asked to leave HTTP: the answer is its last. */
export function replyRefusalOnSocket(socket: Duplex, status: RefusalStatus, message: string): void {
  const { headers, body } = describeRefusal(status, message);
  const lines = Object.entries({ ...headers, Connection: 'close' }).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}

function describeRefusal(status: RefusalStatus, message: string): { headers: Record<string, string>; body: string } {
  const body = JSON.stringify({ error: { code: CODES[status], message, problems: [] } });
  return {
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(body)),
      'Cache-Control': 'no-store',
      ...(status >= 502 ? { 'Retry-After': String(RETRY_AFTER_S) } : {}),
    },
    body,
  };
}
