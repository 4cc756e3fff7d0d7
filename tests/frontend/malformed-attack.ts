/**
 * Sends malformed requests and messages by the thousand to real node processes, reads back what was stored, and says what
 * is wrong with how they took it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { present } from '#core/assert.ts';
import type { Cluster } from '#testbed/live/launcher-cluster.ts';
import { launchCluster } from '#testbed/live/launcher.ts';
import { RawSocket } from '#tests/node/bayeux/bayeux-stand.ts';
import { scenarioOf } from '#tests/testbed/scenario-of.ts';
import { hostileFrame, hostileRequest, type AttackedNode, type HostileRequest } from './malformed-requests.ts';

const LANES = 16;
/** Stands for the status of a request that nothing became of in time. */
const SILENT = 599;
const ANSWER_MS_MAX = 15_000;
/** A server that waits for the rest of a request is told by then that there is none. */
const PATIENCE_MS = 500;
const NODES_DIR = join(import.meta.dirname, '../../servers/host/nodes');

export interface AttackFindings {
  /** How often each status came; 0: the server hung up without one. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Of Bayeux messages: `successful`, or the code of the error. */
  readonly replies: ReadonlyMap<string, number>;
  /** Socket closes by their code. */
  readonly closes: ReadonlyMap<number, number>;
  /** The first request that was answered with 5xx, or not at all though it was whole. */
  readonly worst: string | null;
  readonly acknowledged: ReadonlySet<string>;
  /** Ids in requests whose sender hung up before the answer: they may be stored. */
  readonly inDoubt: ReadonlySet<string>;
  readonly stored: ReadonlySet<string>;
  /** Why a node ended, null: all are up. */
  readonly crash: string | null;
  readonly p99Ms: number;
}

/** What must not be; empty: all is well. */
export function describeFaults(findings: AttackFindings): string[] {
  const faults: string[] = [];
  const { statuses, replies, closes, stored, acknowledged, inDoubt, crash, worst } = findings;
  if (crash !== null) faults.push(`crash: ${crash}`);
  for (const [status, count] of statuses) {
    const isFine = (status >= 200 && status < 300) || (status >= 400 && status < 500) || status === 0;
    if (!isFine) faults.push(`${count} x ${status}, such as ${worst}`);
  }
  for (const [reply, count] of replies) if (!/^(?:successful|4\d\d)$/.test(reply)) faults.push(`${count} x ${reply}`);
  for (const [code, count] of closes)
    if (![1002, 1003, 1007, 1008, 1009].includes(code)) faults.push(`${count} x close ${code}`);
  const lost = [...acknowledged].filter((id) => !stored.has(id));
  const unasked = [...stored].filter((id) => !acknowledged.has(id) && !inDoubt.has(id));
  if (lost.length > 0) faults.push(`${lost.length} acknowledged and not stored, such as ${lost[0]}`);
  if (unasked.length > 0) faults.push(`${unasked.length} stored and not acknowledged, such as ${unasked[0]}`);
  return faults;
}

/** `frontendScript`: another entry point than the Frontend's own. */
export async function startAttacked(frontendScript?: string): Promise<{ cluster: Cluster; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'malformed-'));
  const ignore = (): void => undefined;
  const cluster = await launchCluster({
    scenario: scenarioOf(),
    store: 'sqlite',
    folder,
    journal: false,
    proxies: false,
    onTelemetry: ignore,
    onLog: ignore,
    onState: ignore,
    ...(frontendScript === undefined
      ? {}
      : {
          scriptOf: (role) =>
            role === 'frontend'
              ? frontendScript
              : join(NODES_DIR, `${role === 'contactCenter' ? 'contact-center' : role}-node.ts`),
        }),
  });
  cluster.clock.resume();
  const stop = async (): Promise<void> => {
    await cluster.stopAll();
    rmSync(folder, { recursive: true });
  };
  return { cluster, stop };
}

/** `requests` over HTTP and `frames` over WebSocket; the same ones for the same seed. */
export async function attack(
  cluster: Cluster,
  seed: number,
  requests: number,
  frames: number,
): Promise<AttackFindings> {
  const tally = new Tally();
  let crash: string | null = null;
  void cluster.crashed.then((error) => (crash = error.message));
  const ports = await portsOf(cluster);
  const lanes = Array.from({ length: LANES }, (_, lane) =>
    runLane(ports, tally, seed + lane, Math.ceil(requests / LANES), () => crash !== null),
  );
  const sockets = (['frontend-1', 'backend-1'] as const).map((node, place) =>
    runFrames(
      present(ports.get(node), 'port'),
      node,
      tally,
      seed + LANES + place,
      Math.ceil(frames / 2),
      () => crash !== null,
    ),
  );
  await Promise.all([...lanes, ...sockets]);
  const { statuses, replies, closes, acknowledged, inDoubt, worst, latenciesMs } = tally;
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  const p99Ms = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
  const stored = new Set<string>();
  const store = cluster.readBack();
  for (
    let ids = await store.eventIDs(null, 10_000);
    ids.length > 0;
    ids = await store.eventIDs(ids.at(-1) ?? '', 10_000)
  ) {
    for (const id of ids) stored.add(id);
  }
  store.close();
  return { statuses, replies, closes, worst, acknowledged, inDoubt, stored, crash, p99Ms };
}

class Tally {
  readonly statuses = new Map<number, number>();
  readonly replies = new Map<string, number>();
  readonly closes = new Map<number, number>();
  readonly acknowledged = new Set<string>();
  readonly inDoubt = new Set<string>();
  readonly latenciesMs: number[] = [];
  worst: string | null = null;

  request({ bytes, body }: HostileRequest, { status, text }: Answer, ms: number): void {
    tallyOne(this.statuses, status);
    this.latenciesMs.push(ms);
    if (status >= 500) this.worst ??= JSON.stringify(bytes.toString('latin1').slice(0, 2_000));
    if (body === null) return;
    const isStored = status === 200 && /\{"stored":\d+\}$/.test(text);
    if (!isStored && status !== 0) return;
    for (const id of eventIDsOf(body)) (isStored ? this.acknowledged : this.inDoubt).add(id);
  }
}

function tallyOne<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** A byte order mark is passed over, as the server does. */
function eventIDsOf(body: Buffer): string[] {
  const value = parse(body.toString().replace(/^\ufeff/, ''));
  const events: unknown = Array.isArray(value) ? value : (value as { events?: unknown } | null)?.events;
  if (!Array.isArray(events)) return [];
  return events.map((event: unknown) => String((event as { eventID?: unknown } | null)?.eventID));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function portsOf(cluster: Cluster): Promise<ReadonlyMap<AttackedNode, number>> {
  const names: readonly AttackedNode[] = ['frontend-1', 'backend-1', 'contact-center'];
  return new Map(
    await Promise.all(names.map(async (name) => [name, Number(new URL(await cluster.urlOf(name)).port)] as const)),
  );
}

async function runLane(
  ports: ReadonlyMap<AttackedNode, number>,
  tally: Tally,
  seed: number,
  requests: number,
  isOver: () => boolean,
): Promise<void> {
  const clients = new Map<AttackedNode, RawClient>();
  for (let n = 0; n < requests && !isOver(); n += 1) {
    const [request] = fc.sample(hostileRequest(`m${seed}-${n}`), { seed: seed * 1_000_003 + n, numRuns: 1 });
    if (request === undefined) continue;
    const port = present(ports.get(request.node), 'port');
    const client = request.framed ? (clients.get(request.node) ?? new RawClient(port)) : new RawClient(port);
    if (request.framed) clients.set(request.node, client);
    const startMs = performance.now();
    const answer = await client.ask(request);
    tally.request(request, answer, performance.now() - startMs);
    if (!request.framed) client.close();
  }
  for (const client of clients.values()) client.close();
}

interface Answer {
  /** 0: the server hung up without one. */
  readonly status: number;
  readonly text: string;
  /** It has been read to its end, and the connection is still good. */
  readonly whole: boolean;
}

/** Sends bytes as they are and reads what comes back. */
class RawClient {
  readonly #port: number;
  #socket: Socket | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  async ask({ bytes, framed, body }: HostileRequest): Promise<Answer> {
    const socket = this.#open();
    const answered = readAnswer(socket);
    if (framed || body !== null) socket.write(bytes);
    else socket.end(bytes);
    const hangUp = framed ? undefined : setTimeout(() => socket.end(), PATIENCE_MS);
    const answer = await answered;
    clearTimeout(hangUp);
    if (!answer.whole) this.close();
    return answer;
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #open(): Socket {
    if (this.#socket === undefined || !this.#socket.writable) {
      this.#socket = connect({ port: this.#port, host: '127.0.0.1', allowHalfOpen: true });
      this.#socket.on('error', () => undefined);
    }
    return this.#socket;
  }
}

function readAnswer(socket: Socket): Promise<Answer> {
  return new Promise((resolve) => {
    let text = '';
    const finish = (status: number, whole: boolean): void => {
      clearTimeout(timer);
      socket.removeAllListeners('data').removeAllListeners('end').removeAllListeners('close');
      resolve({ status, text, whole });
    };
    const timer = setTimeout(() => finish(SILENT, false), ANSWER_MS_MAX);
    const statusOf = (): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
    socket.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString('latin1')).replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
      const headEnd = text.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, headEnd))?.[1];
      const status = statusOf();
      if (status !== 204 && (length === undefined || text.length < headEnd + 4 + Number(length))) return;
      finish(status, !/\r\nconnection: close/i.test(text.slice(0, headEnd)));
    });
    socket.on('end', () => finish(statusOf(), false));
    socket.on('close', () => finish(statusOf(), false));
  });
}

async function runFrames(
  port: number,
  node: 'frontend-1' | 'backend-1',
  tally: Tally,
  seed: number,
  frames: number,
  isOver: () => boolean,
): Promise<void> {
  const path = node === 'frontend-1' ? '/frontend/cometd' : '/backend/cometd';
  let raw: RawSocket | undefined;
  let clientId = '';
  for (let n = 0; n < frames && !isOver(); n += 1) {
    if (raw === undefined) {
      raw = await new RawSocket(`http://127.0.0.1:${port}${path}`).open();
      clientId = await raw.handshake();
    }
    const [text] = fc.sample(hostileFrame(clientId), { seed: seed * 1_000_003 + n, numRuns: 1 });
    const startMs = performance.now();
    raw.socket.send(text ?? '');
    const outcome = await Promise.race([raw.closed, raw.ask({ id: `probe${n}`, channel: '/probe' })]);
    tally.latenciesMs.push(performance.now() - startMs);
    for (const reply of raw.told.splice(0)) {
      if ('successful' in reply) {
        tallyOne(tally.replies, reply['successful'] === true ? 'successful' : String(reply['error']).slice(0, 3));
      }
    }
    if (typeof outcome !== 'number') continue;
    tallyOne(tally.closes, outcome);
    raw = undefined;
  }
  raw?.socket.terminate();
}
