/**
 * The peers of the intake benchmarks, each a process: `bare` answers posts with node:http and JSON.parse; `front`,
 * `relay` and `center` carry events to a matcher and an invite back over raw ws, in the processes that ours has.
 */
import { FACTS } from '#tests/core/rules/visit-events.ts';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { compileRules } from '#core/rules/compile-rules.ts';
import type { Firing } from '#core/rules/firing.ts';
import type { VisitRuleState } from '#core/rules/visit-rule-state.ts';
import type { WireEvent } from '#protocol/wire-events.ts';
import { loadShop } from '#tests/core/rules/shop-visits.ts';

export type PeerRole = 'bare' | 'front' | 'relay' | 'center';

export interface Peer {
  readonly port: number;
  readonly pid: number;
  stop(): void;
}

/** `next`: port of the process behind this one. */
export async function startPeer(role: PeerRole, next = 0): Promise<Peer> {
  const child: ChildProcess = fork(import.meta.filename, [role, String(next)]);
  const [port] = (await once(child, 'message')) as [number];
  return { port, pid: child.pid ?? 0, stop: () => void child.kill() };
}

function serveBare(): Promise<number> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const events = JSON.parse(Buffer.concat(chunks).toString()) as unknown[];
      const body = JSON.stringify({ stored: events.length });
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
      response.end(body);
    });
  });
  return listen(server);
}

/** Browsers send `{watch: visitID}` or an event; who watches hears of its invite. */
async function serveFront(next: number): Promise<number> {
  const shop = loadShop();
  const rules = compileRules([shop.rules]);
  const states = new Map<string, VisitRuleState>();
  const watchers = new Map<string, WebSocket>();
  const firings: Firing[] = [];
  const behind = await dial(next);
  behind.on('message', (frame) => {
    const invite = JSON.parse(frame.toString()) as { visitID: string };
    watchers.get(invite.visitID)?.send(JSON.stringify(invite));
  });
  return accept((socket) => {
    socket.on('message', (frame) => {
      const told = JSON.parse(frame.toString()) as { watch: string } | WireEvent;
      if ('watch' in told) return void watchers.set(told.watch, socket);
      let state = states.get(told.visitID);
      if (state === undefined) states.set(told.visitID, (state = rules.createState(FACTS)));
      const category = shop.categoriesOf(told.url, told.title, told.languageCode);
      rules.handle(state, { ...told, identity: undefined, category, at: Date.now() }, firings);
      for (const firing of firings.splice(0)) behind.send(JSON.stringify({ visitID: told.visitID, firing }));
    });
  });
}

async function serveRelay(next: number): Promise<number> {
  const behind = await dial(next);
  return accept((socket) => {
    socket.on('message', (frame) => behind.send(JSON.stringify(JSON.parse(frame.toString()))));
    behind.on('message', (frame) => socket.send(JSON.stringify(JSON.parse(frame.toString()))));
  });
}

function serveCenter(): Promise<number> {
  return accept((socket) => {
    socket.on('message', (frame) => {
      const { visitID } = JSON.parse(frame.toString()) as { visitID: string };
      socket.send(JSON.stringify({ type: 'invite', visitID, interactionId: crypto.randomUUID() }));
    });
  });
}

async function dial(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  await once(socket, 'open');
  return socket;
}

function accept(onSocket: (socket: WebSocket) => void): Promise<number> {
  const server = createServer();
  new WebSocketServer({ server, perMessageDeflate: false }).on('connection', onSocket);
  return listen(server);
}

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const SERVE: Readonly<Record<PeerRole, (next: number) => Promise<number>>> = {
  bare: serveBare,
  front: serveFront,
  relay: serveRelay,
  center: serveCenter,
};

if (process.argv[1] === import.meta.filename) {
  const [, , role, next] = process.argv;
  if (role !== 'bare' && role !== 'front' && role !== 'relay' && role !== 'center') throw new Error(`no peer ${role}`);
  process.on('disconnect', () => process.exit(0));
  process.send?.(await SERVE[role](Number(next)));
}
