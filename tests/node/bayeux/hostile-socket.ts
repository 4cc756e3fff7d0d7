/** A WebSocket client that writes whatever bytes it likes: frames by hand, floods, and reading as slowly as it wants. */
import { connect, type Socket } from 'node:net';
import { PATH } from '#tests/node/bayeux/bayeux-stand.ts';

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A client's frame with a mask of zeros; `length` may claim more than `payload` holds. */
export function frame(opcode: number, payload: string | Buffer, fin = true, length?: number): Buffer {
  const bytes = Buffer.from(payload);
  const claimed = length ?? bytes.length;
  const head = [(fin ? 0x80 : 0) | opcode];
  if (claimed < 126) head.push(0x80 | claimed);
  else {
    const size = Buffer.alloc(8);
    size.writeBigUInt64BE(BigInt(claimed));
    head.push(0x80 | 127, ...size);
  }
  return Buffer.concat([Buffer.from(head), Buffer.alloc(4), bytes]);
}

export class HostileSocket {
  readonly tcp: Socket;
  readonly closed: Promise<void>;
  #received = Buffer.alloc(0);
  #notice: (() => void)[] = [];

  constructor(port: number) {
    this.tcp = connect(port, '127.0.0.1');
    this.tcp.on('error', () => undefined);
    this.tcp.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      for (const notice of this.#notice.splice(0)) notice();
    });
    this.closed = new Promise((resolve) => this.tcp.on('close', () => resolve()));
    void this.closed.then(() => {
      for (const notice of this.#notice.splice(0)) notice();
    });
  }

  /** Asks for the upgrade; the HTTP status. */
  async upgrade(): Promise<number> {
    this.tcp.write(
      `GET ${PATH} HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
    );
    await this.#until(() => this.#received.includes('\r\n\r\n'));
    return Number(/^HTTP\/1\.1 (\d+)/.exec(this.#received.toString('latin1'))?.[1]);
  }

  /** Sends Bayeux messages and waits until `reply` is among what was received; false when the server closed instead. */
  async ask(messages: unknown, reply: string): Promise<boolean> {
    this.tcp.write(frame(OPCODE.text, JSON.stringify(messages)));
    await this.#until(() => this.#received.includes(reply));
    return this.#received.includes(reply);
  }

  async handshake(): Promise<string> {
    await this.ask([{ id: 'hand', channel: '/meta/handshake', version: '1.0' }], '"clientId"');
    return /"clientId":"([0-9a-f]+)"/.exec(this.#received.toString('latin1'))?.[1] ?? '';
  }

  /** Writes `bytes` `times` over, as fast as the server takes them, until it closes. */
  async flood(bytes: Buffer, times: number): Promise<void> {
    for (let n = 0; n < times && this.tcp.writable; n += 1) {
      if (this.tcp.write(bytes)) continue;
      await Promise.race([new Promise((resolve) => this.tcp.once('drain', resolve)), this.closed]);
    }
  }

  /** The code of the server's close frame, once it has hung up; undefined when there was none. */
  async closeCode(): Promise<number | undefined> {
    await this.closed;
    for (let at = 0; at + 3 < this.#received.length; at += 1) {
      if (this.#received[at] !== 0x88) continue;
      const code = this.#received.readUInt16BE(at + 2);
      if (code >= 1_000 && code < 1_016) return code;
    }
    return undefined;
  }

  async #until(held: () => boolean): Promise<void> {
    while (!held() && !this.tcp.destroyed) await new Promise<void>((resolve) => this.#notice.push(resolve));
  }
}
