/** A visitor's browser and an agent's desk, as the official CometD client carries them. */
import type { CometD, Message } from 'cometd';
import { officialClient, type Transport } from '#tests/node/bayeux/bayeux-stand.ts';
import { until } from '#tests/frontend/live-stage.ts';

/** A Bayeux session on one channel. */
export class BayeuxPerson {
  /** What has arrived on the channel, oldest first. */
  readonly heard: unknown[] = [];
  readonly #client: CometD;

  constructor(url: string, transport: Transport = 'websocket') {
    this.#client = officialClient(url, transport);
  }

  handshake(ext: Readonly<Record<string, unknown>> = {}): Promise<Message> {
    return new Promise((resolve) => this.#client.handshake({ ext }, resolve));
  }

  subscribe(channel: string): Promise<Message> {
    return new Promise((resolve) =>
      this.#client.subscribe(channel, (message: Message) => this.heard.push(message.data), resolve),
    );
  }

  publish(channel: string, data: unknown): Promise<Message> {
    return new Promise((resolve) => this.#client.publish(channel, data as object, resolve));
  }

  /** The first thing heard that is like `wanted`; waits for it. */
  async hear(wanted: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const found = (): Record<string, unknown> | undefined =>
      this.heard.find((data): data is Record<string, unknown> => isLike(data, wanted));
    await until(() => found() !== undefined, `${JSON.stringify(wanted)} is heard, not ${JSON.stringify(this.heard)}`);
    return found() ?? {};
  }

  leave(): Promise<void> {
    if (this.#client.isDisconnected()) return Promise.resolve();
    return new Promise((resolve) => this.#client.disconnect(() => resolve()));
  }
}

function isLike(data: unknown, wanted: Readonly<Record<string, unknown>>): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const fields = new Map(Object.entries(data));
  return Object.entries(wanted).every(([name, value]) => fields.get(name) === value);
}
