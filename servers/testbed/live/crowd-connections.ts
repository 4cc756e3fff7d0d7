/** What all Bayeux connections of a crowd share, and how each kind of them is made. */
import type { RandomStream } from '#core/random/stream.ts';
import type { BackoffLaw } from './crowd-backoff.ts';
import { BayeuxClient, type BayeuxClientParts, type BayeuxTransport } from './crowd-bayeux-client.ts';
import { ConnectGate } from './crowd-connect-gate.ts';
import type { CrowdHttp } from './crowd-http.ts';

/** Connections being opened at once, those of agents aside. */
const OPENING_MAX = 64;
const BACKOFF: BackoffLaw = { msMin: 50, msMax: 2_000 };
/** People who talk notice a dead connection sooner than those who only listen; wall ms. */
const TALKING_SILENCE_MS_MAX = 4_000;
const LISTENING_SILENCE_MS_MAX = 15_000;

export interface CrowdConnectionsParts {
  readonly http: CrowdHttp;
  readonly transport: BayeuxTransport;
  readonly jitter: RandomStream;
  /** What a desk shows at its handshake. */
  readonly deskToken: string;
}

type Wanted = Pick<BayeuxClientParts, 'jar' | 'subscription' | 'onUp' | 'onData'>;

export class CrowdConnections {
  readonly #parts: CrowdConnectionsParts;
  readonly #visitorsGate = new ConnectGate(OPENING_MAX);
  readonly #desksGate = new ConnectGate(OPENING_MAX);
  readonly #clients = new Set<BayeuxClient>();
  /** Connections lost by those that are closed. */
  #lossesBefore = 0;

  constructor(parts: CrowdConnectionsParts) {
    this.#parts = parts;
  }

  get up(): number {
    return [...this.#clients].filter((client) => client.up).length;
  }

  /** Connections lost so far. */
  get losses(): number {
    return [...this.#clients].reduce((sum, client) => sum + client.losses, this.#lossesBefore);
  }

  notifications(wanted: Wanted): BayeuxClient {
    return this.#create(wanted, '/frontend/cometd', this.#visitorsGate, LISTENING_SILENCE_MS_MAX);
  }

  chat(wanted: Wanted): BayeuxClient {
    return this.#create(wanted, '/backend/cometd', this.#visitorsGate, TALKING_SILENCE_MS_MAX);
  }

  desk(wanted: Wanted): BayeuxClient {
    const ext = { authentication: { role: 'agent', token: this.#parts.deskToken } };
    return this.#create(wanted, '/backend/cometd', this.#desksGate, TALKING_SILENCE_MS_MAX, ext);
  }

  close(client: BayeuxClient): void {
    if (this.#clients.delete(client)) this.#lossesBefore += client.losses;
    client.close();
  }

  closeAll(): void {
    for (const client of this.#clients) this.close(client);
  }

  #create(
    wanted: Wanted,
    path: string,
    gate: ConnectGate,
    silenceMsMax: number,
    ext?: BayeuxClientParts['ext'],
  ): BayeuxClient {
    const { http, transport, jitter } = this.#parts;
    const client = new BayeuxClient({
      ...wanted,
      http,
      transport,
      jitter,
      path,
      gate,
      silenceMsMax,
      ext,
      backoff: BACKOFF,
    });
    this.#clients.add(client);
    return client;
  }
}
