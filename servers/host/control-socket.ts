/**
 * The feed to one screen. A reader that can't keep up is not buffered for: it is skipped until its socket has drained, and then
 * given the whole picture of that moment. So memory is bounded and what it shows is never stale for long.
 */
import type { WebSocket } from 'ws';
import { runCommandSchema } from '#protocol/control-api-schemas.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { RunUpdate } from '#protocol/run-feed.ts';
import type { RunControl } from '#host/run-control.ts';

export interface FeedLimits {
  /** Bytes waiting in the socket above which no update is added. */
  readonly bufferedBytesMax: number;
  /** A reader that has answered nothing for so long is cut off, ms. */
  readonly stalledMsMax: number;
}

export const FEED_LIMITS: FeedLimits = { bufferedBytesMax: 1_000_000, stalledMsMax: 30_000 };

const PING_EVERY_MS = 5_000;

/** Serves one connected screen until its socket closes. `now` in ms, monotonic. */
export function serveFeed(
  socket: WebSocket,
  runs: RunControl,
  limits: FeedLimits = FEED_LIMITS,
  now: () => number = () => performance.now(),
): void {
  let behind = false;
  let heardAt = now();

  const send = (update: RunUpdate): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(update));
  };
  const offer = (update: RunUpdate): void => {
    if (socket.bufferedAmount > limits.bufferedBytesMax) behind = true;
    if (!behind) return send(update);
    if (socket.bufferedAmount > 0) return;
    behind = false;
    send(runs.snapshot());
  };

  const unsubscribe = runs.subscribe(offer);
  const pinging = setInterval(() => {
    if (now() - heardAt > limits.stalledMsMax) return socket.terminate();
    socket.ping();
    if (behind) offer({ type: 'idle' });
  }, PING_EVERY_MS);
  socket.on('pong', () => (heardAt = now()));
  socket.on('message', (message) => {
    heardAt = now();
    const refused = obey(runs, message.toString());
    if (refused !== undefined) send({ type: 'error', message: refused });
  });
  socket.on('close', () => {
    clearInterval(pinging);
    unsubscribe();
  });
  /** A broken connection closes by itself afterwards; who was connected is no error of the host. */
  socket.on('error', () => socket.terminate());
  send(runs.snapshot());
}

/** Carries a message out; what was wrong with it, where something was. */
function obey(runs: RunControl, message: string): string | undefined {
  let given: unknown;
  try {
    given = JSON.parse(message);
  } catch {
    return 'A command is one JSON object; this is not JSON';
  }
  const parsed = runCommandSchema.safeParse(given);
  if (!parsed.success) {
    return `Not a command: ${parsed.error.issues.map((issue) => `${issue.path.join('/') || 'type'}: ${issue.message}`).join('; ')}`;
  }
  try {
    runs.command(parsed.data);
    return undefined;
  } catch (error) {
    if (error instanceof OperatingError) return error.message;
    throw error;
  }
}
