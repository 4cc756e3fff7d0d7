/** The line to the host: one WebSocket that comes back by itself, updates in, commands out. */
import { CONTROL_PATHS } from '#protocol/control-api.ts';
import type { RunCommand, RunUpdate } from '#protocol/run-feed.ts';
import type { RunStore } from '#renderer/feed/run-store.ts';

export interface FeedConnection {
  /** False where there is no connection to send it over. */
  send(command: RunCommand): boolean;
  /** Tries again now. */
  reconnect(): void;
  close(): void;
}

const WAITS_MS = [250, 500, 1_000, 2_000, 4_000];

export function connectFeed(store: RunStore): FeedConnection {
  let socket: WebSocket | undefined;
  let tries = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  function open(): void {
    clearTimeout(retry);
    const opened = new WebSocket(`ws://${location.host}${CONTROL_PATHS.feed}`);
    socket = opened;
    opened.addEventListener('open', () => {
      tries = 0;
      store.setConnection('open');
    });
    opened.addEventListener('message', (event: MessageEvent<string>) => {
      /** The host is of the same build as this page, which it serves. */
      store.apply(JSON.parse(event.data) as RunUpdate);
    });
    opened.addEventListener('close', () => {
      if (closed || socket !== opened) return;
      store.setConnection('lost');
      void tellIfRefused(store);
      retry = setTimeout(open, WAITS_MS[Math.min(tries, WAITS_MS.length - 1)]);
      tries += 1;
    });
  }

  /** Not at once: who closes again at once (React does, while developing) leaves no half-open socket behind. */
  retry = setTimeout(open, 0);
  return {
    send(command) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(command));
      return true;
    },
    reconnect() {
      tries = 0;
      socket?.close();
      open();
    },
    close() {
      closed = true;
      clearTimeout(retry);
      socket?.close();
    },
  };
}

/** A host that was started anew answers, but doesn't know this browser: waiting won't help. */
async function tellIfRefused(store: RunStore): Promise<void> {
  try {
    const reply = await fetch(CONTROL_PATHS.about);
    if (reply.status === 401) store.setConnection('refused');
  } catch {
    store.setConnection('lost');
  }
}
