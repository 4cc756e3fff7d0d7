/**
 * The dialling side of a link: connects to one peer, and again whenever the connection is lost, with a back-off.
 */
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { LINK_PATH } from '#node/link-acceptor.ts';
import { LinkChannel } from '#node/link-channel.ts';
import { LinkConnection } from '#node/link-connection.ts';
import { FRAME_BYTES_MAX } from '#node/link-frame.ts';
import { LINK_LIMITS, type LinkLimits, type LinkOptions, type LinkPeer } from '#node/link-peer.ts';
import type { MessageId, OnAcked, UnackedMessage } from '#node/link-peer.ts';
import { OperatingError } from '#protocol/operating-error.ts';

export interface LinkDialerOptions extends LinkOptions {
  /** Whoever answers at the address under another name is hung up on. */
  readonly peerNode: string;
  /** `http://host:port` of the peer's HTTP server. */
  readonly url: string;
}

class LinkDialer implements LinkPeer {
  readonly #options: LinkDialerOptions;
  readonly #limits: LinkLimits;
  readonly #channel: LinkChannel;
  #url: string;
  #webSocket: WebSocket | undefined;
  #connection: LinkConnection | undefined;
  #redial: NodeJS.Timeout | undefined;
  #redialMs: number;
  #closed = false;

  constructor(options: LinkDialerOptions) {
    this.#options = options;
    this.#limits = { ...LINK_LIMITS, ...options.limits };
    this.#channel = new LinkChannel(options.peerNode, { ...options, onPeer: (_, up) => options.onPeer(this, up) });
    this.#url = options.url;
    this.#redialMs = this.#limits.redialMsMin;
    this.#dial();
  }

  get node(): string {
    return this.#channel.node;
  }

  get connected(): boolean {
    return this.#channel.connected;
  }

  get full(): boolean {
    return this.#channel.full;
  }

  send(id: MessageId, message: unknown, onAcked: OnAcked): void {
    this.#channel.send(id, message, onAcked);
  }

  takeUnacked(which?: (message: UnackedMessage) => boolean): UnackedMessage[] {
    return this.#channel.takeUnacked(which);
  }

  /** The peer's address from now on; a connection to another address is cut. */
  setUrl(url: string): void {
    if (url === this.#url || this.#closed) return;
    this.#url = url;
    this.#redialMs = this.#limits.redialMsMin;
    if (this.#redial !== undefined) {
      clearTimeout(this.#redial);
      this.#dial();
    } else if (this.#connection !== undefined) {
      this.#connection.cut('the peer has another address');
    } else {
      this.#webSocket?.terminate();
    }
  }

  /** Ends the link for good; what is not acknowledged can still be taken. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#redial);
    const connection = this.#connection;
    this.#channel.close();
    if (connection !== undefined) connection.close();
    else this.#webSocket?.terminate();
  }

  #dial(): void {
    this.#redial = undefined;
    const webSocket = new WebSocket(new URL(LINK_PATH, this.#url.replace(/^http/, 'ws')), {
      headers: { authorization: `Bearer ${this.#options.secret}` },
      handshakeTimeout: this.#limits.silenceMs,
      maxPayload: FRAME_BYTES_MAX,
      perMessageDeflate: false,
      generateMask: leaveUnmasked,
    });
    this.#webSocket = webSocket;
    const handleFailure = (error: Error): void => this.#report(error.message);
    const handleEnd = (): void => this.#dialLater();
    let socket: Socket | undefined;
    webSocket.on('upgrade', (response) => (socket = response.socket));
    webSocket.on('error', handleFailure);
    webSocket.on('close', handleEnd);
    webSocket.on('open', () => {
      webSocket.off('error', handleFailure);
      webSocket.off('close', handleEnd);
      if (socket !== undefined) this.#open(webSocket, socket);
    });
  }

  #open(webSocket: WebSocket, socket: Socket): void {
    this.#connection = new LinkConnection(webSocket, socket, this.#limits, {
      hello: (connection, hello) => {
        if (hello.node !== this.node) return `${hello.node} answers at the address of ${this.node}`;
        const refusal = this.#channel.refusalOf(hello);
        if (refusal !== null) return refusal;
        this.#redialMs = this.#limits.redialMsMin;
        this.#channel.attach(connection, hello);
        return null;
      },
      frame: (connection, frame) => this.#channel.receive(connection, frame),
      drained: () => this.#channel.flush(),
      closed: (connection, why) => {
        this.#connection = undefined;
        if (why !== null) this.#report(why);
        this.#dialLater();
        this.#channel.detach(connection);
      },
    });
    this.#connection.introduce(this.#channel.hello);
  }

  #dialLater(): void {
    if (this.#closed) return;
    this.#redial = setTimeout(() => this.#dial(), this.#redialMs);
    this.#redialMs = Math.min(2 * this.#redialMs, this.#limits.redialMsMax);
  }

  #report(why: string): void {
    if (this.#closed) return;
    this.#options.onTrouble?.(new OperatingError('UNAVAILABLE', `link to ${this.node}: ${why}`));
  }
}

/**
 * A key of zeros, which ws passes over at both ends: masks keep pages from talking to proxies in disguise, and no page can
 * say what a node sends.
 */
function leaveUnmasked(mask: Buffer): void {
  mask.fill(0);
}

export interface DialedLink extends LinkPeer {
  setUrl(url: string): void;
  close(): void;
}

export function createLinkDialer(options: LinkDialerOptions): DialedLink {
  return new LinkDialer(options);
}
