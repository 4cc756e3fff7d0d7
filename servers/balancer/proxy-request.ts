/** One plain request through the balancer: both bodies are streamed, neither is kept, and the slower side sets the pace. */
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { replyRefusal, type RefusalStatus } from '#balancer/balancer-reply.ts';
import { deliver, type Balancing } from '#balancer/delivery.ts';
import { requestHeaders, responseHeaders } from '#balancer/forward-headers.ts';
import type { Choice, UpstreamPool } from '#balancer/upstream-pool.ts';

/** Answers the request in any case, unless its client goes away first. */
export function proxyRequest(
  pool: UpstreamPool,
  request: IncomingMessage,
  response: ServerResponse,
  balancing: Balancing,
): void {
  const abandon = deliver(
    {
      pool,
      request,
      headers: requestHeaders(request),
      upgrades: false,
      onConnected: (outgoing, choice) => exchange(pool, request, response, outgoing, choice, balancing),
      onRefused: (status, why) => refuse(response, status, why, balancing),
    },
    balancing,
  );
  response.once('close', () => {
    if (!response.writableFinished) abandon();
  });
}

function exchange(
  pool: UpstreamPool,
  request: IncomingMessage,
  response: ServerResponse,
  outgoing: ClientRequest,
  choice: Choice,
  balancing: Balancing,
): void {
  const node = choice.upstream.name;
  let timedOut = false;
  let answering = false;
  outgoing.once('timeout', () => {
    timedOut = true;
    outgoing.destroy();
  });
  outgoing.on('error', () => {
    request.unpipe(outgoing);
    request.resume();
    // An answer that broke off in the middle is ended by its own stream.
    if (answering) return;
    balancing.health.suspect(pool, choice.upstream);
    const [status, why] = timedOut ? ([504, 'did not answer in time'] as const) : ([502, 'broke off'] as const);
    refuse(response, status, `${node} ${why}`, balancing);
  });
  outgoing.once('response', (answer) => {
    answering = true;
    balancing.counts.answered(node, answer.statusCode ?? 0);
    passOn(answer, response, choice);
    // The rest of a body that the node no longer wants is let run out, so that the client reads the answer.
    answer.once('end', () => {
      request.unpipe(outgoing);
      request.resume();
    });
  });
  request.pipe(outgoing);
}

function passOn(answer: IncomingMessage, response: ServerResponse, choice: Choice): void {
  if (response.destroyed) {
    answer.destroy();
    return;
  }
  response.sendDate = false;
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, responseHeaders(answer, choice.routeCookie));
  // Broken off by the node: so for the client too, never as if it were whole.
  answer.once('error', () => response.destroy());
  answer.pipe(response);
}

function refuse(response: ServerResponse, status: RefusalStatus, why: string, balancing: Balancing): void {
  if (response.destroyed || response.headersSent) return;
  balancing.counts.refused(status);
  replyRefusal(response, status, why);
}
