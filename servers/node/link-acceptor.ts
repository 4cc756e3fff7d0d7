/**
 * The accepting side of links: takes WebSocket upgrades of `/link` on a node's HTTP server, refuses who doesn't know
 * the secret before the upgrade, and keeps one channel for each node that has come.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { LinkChannel } from '#node/link-channel.ts';
import { LinkConnection } from '#node/link-connection.ts';
import { FRAME_BYTES_MAX, type Hello } from '#node/link-frame.ts';
import { LINK_LIMITS, type LinkOptions, type LinkPeer } from '#node/link-peer.ts';
import { isAuthorized } from '#node/link-secret.ts';
import { OperatingError } from '#protocol/operating-error.ts';

export const LINK_PATH = '/link';

const UNAUTHORIZED =
  'HTTP/1.1 401 Unauthorized\r\nwww-authenticate: Bearer\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';

export interface LinkAcceptorOptions extends LinkOptions {
  /** Other upgrade paths of the server are left to their own listeners. */
  readonly server: Server;
}

export interface LinkAcceptor {
  /** The node's link, connected or not; undefined where it has never come. */
  peer(node: string): LinkPeer | undefined;
  peers(): readonly LinkPeer[];
  /** Takes no more connections and closes those that are open; what was acknowledged still leaves. */
  close(): void;
}

export function createLinkAcceptor(options: LinkAcceptorOptions): LinkAcceptor {
  const limits = { ...LINK_LIMITS, ...options.limits };
  const channels = new Map<string, LinkChannel>();
  const connections = new Set<LinkConnection>();
  const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: FRAME_BYTES_MAX });

  const report = (why: string): void => options.onTrouble?.(new OperatingError('UNAVAILABLE', `link: ${why}`));

  const welcome = (connection: LinkConnection, hello: Hello): LinkChannel | string => {
    const channel = channels.get(hello.node) ?? new LinkChannel(hello.node, options);
    const refusal = channel.refusalOf(hello);
    if (refusal !== null) return refusal;
    channels.set(hello.node, channel);
    connection.introduce(channel.hello);
    channel.attach(connection, hello);
    return channel;
  };

  const open = (webSocket: WebSocket, socket: Socket): void => {
    let channel: LinkChannel | undefined;
    const connection = new LinkConnection(webSocket, socket, limits, {
      hello: (opened, hello) => {
        const welcomed = welcome(opened, hello);
        if (typeof welcomed === 'string') return welcomed;
        channel = welcomed;
        return null;
      },
      frame: (opened, frame) => channel?.receive(opened, frame),
      drained: () => channel?.flush(),
      closed: (opened, why) => {
        connections.delete(opened);
        channel?.detach(opened);
        if (why !== null) report(`connection of ${channel?.node ?? 'an unknown node'} cut: ${why}`);
      },
    });
    connections.add(connection);
  };

  const handleUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (pathOf(request) !== LINK_PATH) return;
    if (!isAuthorized(request.headers.authorization, options.secret)) {
      socket.on('error', () => socket.destroy());
      socket.end(UNAUTHORIZED, () => socket.destroy());
      report('connection refused: wrong secret');
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => open(webSocket, request.socket));
  };
  options.server.on('upgrade', handleUpgrade);

  return {
    peer: (node) => channels.get(node),
    peers: () => [...channels.values()],
    close: () => {
      options.server.off('upgrade', handleUpgrade);
      for (const channel of channels.values()) channel.close();
      for (const connection of connections) connection.close();
    },
  };
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '';
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
