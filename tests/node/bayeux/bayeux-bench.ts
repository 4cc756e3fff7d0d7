/**
 * What a chat message costs this server and what it would cost a bare `ws` server that parses it and says the same bytes: processor time
 * of the server a message, which a busy machine disturbs less than the wall time. Publishes are confirmed and delivered back; then one
 * publish goes to many.   node tests/node/bayeux/bayeux-bench.ts
 */
import { type ChildProcess, fork } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { PATH, RawSocket, startStand } from '#tests/node/bayeux/bayeux-stand.ts';

const MESSAGES = 50_000;
const IN_FLIGHT = [1, 32];
const READERS = 100;
const FAN_OUTS = 500;
const LIFTED = Number.MAX_SAFE_INTEGER;
const WORDS = { action: 'say', visitID: '0123456789abcdef', text: 'Hello, I would like to ask about the blue one' };

type Kind = 'ws' | 'bayeux';
type Order = 'cpu' | 'fanOut';

async function serveBayeux(): Promise<{ port: number; fanOut(): void }> {
  const { port, bayeux } = await startStand({
    limits: { messagesBurst: LIFTED, bytesBurst: LIFTED, bufferedBytesMax: LIFTED, idleSocketsMax: READERS + 1 },
    onPublish: (session, _channel, data, reply) => {
      session.deliver('/chat/v1', data);
      reply(true);
    },
  });
  return { port, fanOut: () => bayeux.publish('/all', WORDS) };
}

async function serveWs(): Promise<{ port: number; fanOut(): void }> {
  const server = createServer();
  const acceptor = new WebSocketServer({ server, perMessageDeflate: false });
  acceptor.on('connection', (socket) =>
    socket.on('message', (frame) => {
      const [message] = JSON.parse(frame.toString()) as [{ id: string; channel: string; data: unknown }];
      const { id, channel, data } = message;
      socket.send(
        JSON.stringify([
          { channel: '/chat/v1', data },
          { channel, id, successful: true },
        ]),
      );
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fanOut = (): void => {
    const frame = Buffer.from(JSON.stringify([{ channel: '/all', data: WORDS }]));
    for (const socket of acceptor.clients) socket.send(frame, { binary: false });
  };
  return { port: (server.address() as AddressInfo).port, fanOut };
}

/** The child: tells its port, then its processor time in us whenever asked. */
async function serve(kind: Kind): Promise<void> {
  const { port, fanOut } = await (kind === 'bayeux' ? serveBayeux() : serveWs());
  process.on('message', (order: Order) => {
    if (order === 'fanOut') return fanOut();
    const { user, system } = process.cpuUsage();
    return process.send?.(user + system);
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.(port);
}

function told(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => child.once('message', (value) => resolve(Number(value))));
}

function cpuUs(child: ChildProcess): Promise<number> {
  child.send('cpu' satisfies Order);
  return told(child);
}

async function connect(kind: Kind, port: number): Promise<{ socket: WebSocket; clientId: string }> {
  const raw = await new RawSocket(`http://127.0.0.1:${port}${PATH}`).open();
  if (kind === 'ws') return { socket: raw.socket.removeAllListeners('message'), clientId: 'x'.repeat(32) };
  const clientId = await raw.handshake();
  await raw.ask({ id: 's', clientId, channel: '/meta/subscribe', subscription: '/all' });
  return { socket: raw.socket.removeAllListeners('message'), clientId };
}

/** Server's us a message, with `inFlight` publishes unconfirmed at a time. */
async function measurePublish(kind: Kind, port: number, child: ChildProcess, inFlight: number): Promise<number> {
  const { socket, clientId } = await connect(kind, port);
  const run = (count: number): Promise<void> =>
    new Promise((resolve) => {
      let sent = 0;
      let confirmed = 0;
      const send = (): void => {
        sent += 1;
        socket.send(JSON.stringify([{ id: String(sent), clientId, channel: '/service/chat', data: WORDS }]));
      };
      socket.removeAllListeners('message').on('message', (frame) => {
        confirmed += frame.toString().split('"successful"').length - 1;
        for (let free = Math.min(count, confirmed + inFlight) - sent; free > 0; free -= 1) send();
        if (confirmed === count) resolve();
      });
      for (let n = 0; n < inFlight; n += 1) send();
    });
  await run(MESSAGES / 5);
  const before = await cpuUs(child);
  await run(MESSAGES);
  const spent = (await cpuUs(child)) - before;
  socket.terminate();
  return spent / MESSAGES;
}

/** Server's us a reader of one publish to many. */
async function measureFanOut(kind: Kind, port: number, child: ChildProcess): Promise<number> {
  const readers: WebSocket[] = [];
  for (let n = 0; n < READERS; n += 1) readers.push((await connect(kind, port)).socket);
  let heard = 0;
  let allHeard = (): void => undefined;
  for (const reader of readers) {
    reader.on('message', () => {
      heard += 1;
      if (heard % READERS === 0) allHeard();
    });
  }
  const run = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n += 1) {
      await new Promise<void>((resolve) => {
        allHeard = resolve;
        child.send('fanOut' satisfies Order);
      });
    }
  };
  await run(FAN_OUTS / 5);
  const before = await cpuUs(child);
  await run(FAN_OUTS);
  const spent = (await cpuUs(child)) - before;
  for (const reader of readers) reader.terminate();
  return spent / FAN_OUTS / READERS;
}

async function measure(kind: Kind): Promise<number[]> {
  const child = fork(import.meta.filename, [kind]);
  const port = await told(child);
  const figures: number[] = [];
  for (const inFlight of IN_FLIGHT) figures.push(await measurePublish(kind, port, child, inFlight));
  figures.push(await measureFanOut(kind, port, child));
  child.kill();
  return figures;
}

const [, , kind] = process.argv;
if (kind === 'ws' || kind === 'bayeux') await serve(kind);
else {
  const names = [...IN_FLIGHT.map((count) => `publish, ${count} in flight`), `delivery to ${READERS} readers`];
  for (let round = 1; round <= 3; round += 1) {
    const bare = await measure('ws');
    const ours = await measure('bayeux');
    for (const [at, name] of names.entries()) {
      const [wsUs, bayeuxUs] = [bare[at] ?? Number.NaN, ours[at] ?? Number.NaN];
      console.log(
        `round ${round}  ${name}: ws ${wsUs.toFixed(2)} us, Bayeux ${bayeuxUs.toFixed(2)} us: ${(wsUs / bayeuxUs).toFixed(2)} of its speed`,
      );
    }
  }
}
