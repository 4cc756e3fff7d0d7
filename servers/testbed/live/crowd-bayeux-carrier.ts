/**
 * How Bayeux messages travel, from the client's side: over one WebSocket, or by POSTs of which one waits for what is to
 * come. A carrier is used once: when it is lost, a new one is opened.
 */
import { WebSocket, type RawData } from 'ws';
import type { CookieJar } from './crowd-cookie-jar.ts';
import type { CrowdHttp } from './crowd-http.ts';

/** A message as we send it. */
export type BayeuxRequest = Readonly<Record<string, unknown>> & { readonly channel: string; readonly id: string };

/** A message as it arrives, as far as it was understood. */
export interface BayeuxReply {
  readonly channel: string;
  readonly id: string | undefined;
  readonly successful: boolean;
  readonly clientId: string | undefined;
  readonly error: string | undefined;
  /** What `advice.reconnect` says. */
  readonly reconnect: string | undefined;
  /** `advice.interval`, ms. */
  readonly intervalMs: number;
  readonly data: unknown;
}

export interface CarrierListener {
  onOpen(): void;
  onReplies(replies: readonly BayeuxReply[]): void;
  /** Called once at most, and not after `close`. */
  onLost(): void;
}

export interface BayeuxCarrier {
  send(messages: readonly BayeuxRequest[]): void;
  /** Says no more and calls nobody any more. */
  close(): void;
}

export interface CarrierParts {
  readonly http: CrowdHttp;
  readonly path: string;
  readonly jar: CookieJar;
  readonly listener: CarrierListener;
  /** A connection that is silent for so long is taken for lost, wall ms. */
  readonly silenceMsMax: number;
}

const OPENING_MS_MAX = 5_000;
/** How long a server holds a connect at most, with a margin. */
const POLL_MS_MAX = 45_000;

export function openWebSocketCarrier({ http, path, jar, listener, silenceMsMax }: CarrierParts): BayeuxCarrier {
  const url = new URL(path, http.url);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url, {
    headers: { ...jar.headers(), ...(http.origin === undefined ? {} : { origin: http.origin }) },
    handshakeTimeout: OPENING_MS_MAX,
    perMessageDeflate: false,
    maxPayload: 1024 * 1024,
  });
  let isOver = false;
  let wasHeard = true;
  const watch = setInterval(() => {
    if (!wasHeard) return lose();
    wasHeard = false;
    if (socket.readyState === WebSocket.OPEN) socket.ping();
    return undefined;
  }, silenceMsMax / 2);
  const end = (): void => {
    isOver = true;
    clearInterval(watch);
  };
  const lose = (): void => {
    if (isOver) return;
    end();
    socket.terminate();
    listener.onLost();
  };
  const hear = (): void => {
    wasHeard = true;
  };
  socket.on('upgrade', (answer) => jar.take(answer.headers['set-cookie']));
  socket.on('open', () => {
    hear();
    if (!isOver) listener.onOpen();
  });
  socket.on('pong', hear);
  socket.on('message', (frame) => {
    hear();
    if (!isOver) listener.onReplies(parseReplies(textOf(frame)));
  });
  socket.on('error', lose);
  socket.on('close', lose);
  return {
    send: (messages) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(messages));
    },
    close: () => {
      end();
      if (socket.readyState === WebSocket.OPEN) socket.close();
      else socket.terminate();
    },
  };
}

export function openPollingCarrier({ http, path, jar, listener, silenceMsMax }: CarrierParts): BayeuxCarrier {
  let isOver = false;
  const lose = (): void => {
    if (isOver) return;
    isOver = true;
    listener.onLost();
  };
  const post = async (messages: readonly BayeuxRequest[]): Promise<void> => {
    const isPoll = messages.some(({ channel }) => channel === '/meta/connect');
    try {
      const timeoutMs = isPoll ? POLL_MS_MAX : silenceMsMax;
      const answer = await http.post(path, JSON.stringify(messages), jar, timeoutMs);
      if (answer.status !== 200) lose();
      else if (!isOver) listener.onReplies(parseReplies(answer.body));
    } catch {
      lose();
    }
  };
  queueMicrotask(() => {
    if (!isOver) listener.onOpen();
  });
  return {
    send: (messages) => void post(messages),
    close: () => {
      isOver = true;
    },
  };
}

function textOf(frame: RawData): string {
  if (Array.isArray(frame)) return Buffer.concat(frame).toString();
  return frame instanceof ArrayBuffer ? Buffer.from(frame).toString() : frame.toString();
}

/** What can't be read is left out: it answers nothing, and what waits for an answer runs into its time-out. */
function parseReplies(text: string): readonly BayeuxReply[] {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return [];
  }
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  return list.flatMap((message) => parseReply(message) ?? []);
}

function parseReply(given: unknown): BayeuxReply | undefined {
  const message = fieldsOf(given);
  const channel = textField(message['channel']);
  if (channel === undefined) return undefined;
  const advice = fieldsOf(message['advice']);
  const { interval } = advice;
  return {
    channel,
    id: textField(message['id']),
    successful: message['successful'] === true,
    clientId: textField(message['clientId']),
    error: textField(message['error']),
    reconnect: textField(advice['reconnect']),
    intervalMs: typeof interval === 'number' && interval > 0 ? interval : 0,
    data: message['data'],
  };
}

/** The fields of an object; none of anything else. */
export function fieldsOf(given: unknown): Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null ? (given as Readonly<Record<string, unknown>>) : {};
}

function textField(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
