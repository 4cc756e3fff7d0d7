/** A WebSocket through the balancer: the node's answer is passed on, then the two sockets are joined until either ends. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { replyRefusalOnSocket, type RefusalStatus } from '#balancer/balancer-reply.ts';
import { deliver, type Balancing } from '#balancer/delivery.ts';
import { responseHeaders, upgradeHeaders, type RawHeaders } from '#balancer/forward-headers.ts';
import type { Choice, UpstreamPool } from '#balancer/upstream-pool.ts';

/** @param head what the client sent after its request. */
export function proxyUpgrade(
  pool: UpstreamPool,
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  balancing: Balancing,
): void {
  client.on('error', () => client.destroy());
  const abandon = deliver(
    {
      pool,
      request,
      headers: upgradeHeaders(request),
      upgrades: true,
      onConnected: (outgoing, choice) => shakeHands(outgoing, choice, client, head, balancing),
      onRefused: (status, why) => refuse(client, status, why, balancing),
    },
    balancing,
  );
  client.once('close', abandon);
}

function shakeHands(outgoing: ClientRequest, choice: Choice, client: Duplex, head: Buffer, balancing: Balancing): void {
  const node = choice.upstream.name;
  const { counts } = balancing;
  let answered = false;
  outgoing.once('timeout', () => outgoing.destroy());
  outgoing.on('error', () => {
    if (answered) client.destroy();
    else refuse(client, 502, `${node} broke off`, balancing);
  });
  outgoing.once('upgrade', (answer, socket, nodeHead) => {
    answered = true;
    counts.answered(node, 101);
    client.write(describeHead(answer, [...responseHeaders(answer, choice.routeCookie), ...SWITCHED]));
    join(client, head, socket, nodeHead, choice, balancing);
  });
  outgoing.once('response', (answer) => {
    answered = true;
    counts.answered(node, answer.statusCode ?? 0);
    client.write(describeHead(answer, [...responseHeaders(answer, choice.routeCookie), 'Connection', 'close']));
    answer.once('error', () => client.destroy());
    answer.pipe(client);
  });
  outgoing.end();
}

const SWITCHED = ['Connection', 'Upgrade', 'Upgrade', 'websocket'];

function join(
  client: Duplex,
  clientHead: Buffer,
  node: Duplex,
  nodeHead: Buffer,
  { upstream }: Choice,
  { counts }: Balancing,
): void {
  const end = (): void => {
    client.destroy();
    node.destroy();
  };
  if ('setTimeout' in node && typeof node.setTimeout === 'function') node.setTimeout(0);
  upstream.open.add(end);
  counts.upgradesOpen += 1;
  node.once('close', () => {
    upstream.open.delete(end);
    counts.upgradesOpen -= 1;
    end();
  });
  client.once('close', end);
  node.on('error', end);
  if (nodeHead.length > 0) client.write(nodeHead);
  if (clientHead.length > 0) node.write(clientHead);
  node.pipe(client);
  client.pipe(node);
}

function describeHead(answer: IncomingMessage, headers: RawHeaders): string {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  for (let index = 0; index + 1 < headers.length; index += 2) lines.push(`${headers[index]}: ${headers[index + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function refuse(client: Duplex, status: RefusalStatus, why: string, { counts }: Balancing): void {
  if (client.destroyed) return;
  counts.refused(status);
  replyRefusalOnSocket(client, status, why);
}
