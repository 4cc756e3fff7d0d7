/**
 * Who may use the History REST API, by the options of section `security`: anybody, or who knows user and password (HTTP Basic).
 * Credentials are compared in constant time and kept as digests alone; who guesses is let guess but slowly.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ResolvedOptions } from '#core/options/resolved-options.ts';
import { isAuthorized } from '#node/link-secret.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { GuessLimiter } from './guess-limiter.ts';

export interface HistorySecurity {
  readonly scheme: 'none' | 'basic';
  /** Null: not given. */
  readonly user: string | null;
  readonly password: string | null;
  /** The secret of the run, which erasure wants where nobody has to authenticate. */
  readonly secret: string;
}

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

const BASIC = /^Basic +(?<credentials>[A-Za-z0-9+/]{1,8192}={0,2})$/i;
const CHALLENGE = 'Basic realm="history", charset="UTF-8"';

/** By the options in force; they are refused where the scheme is basic and user or password is lacking. */
export function createHistoryAccess(options: ResolvedOptions, secret: string): HistoryAccess {
  const security: HistorySecurity = {
    scheme: options.get('security/auth-scheme'),
    user: options.get('security/user-id'),
    password: options.get('security/password'),
    secret,
  };
  return new HistoryAccess(security, () => performance.now());
}

export class HistoryAccess {
  readonly scheme: HistorySecurity['scheme'];
  readonly #user: Buffer | null;
  readonly #password: Buffer | null;
  readonly #secret: string;
  readonly #guesses: GuessLimiter;
  readonly #nowMs: () => number;

  /** @param nowMs a clock that never goes back */
  constructor({ scheme, user, password, secret }: HistorySecurity, nowMs: () => number, guesses = new GuessLimiter()) {
    this.scheme = scheme;
    this.#user = user === null ? null : digest(user);
    this.#password = password === null ? null : digest(password);
    this.#secret = secret;
    this.#guesses = guesses;
    this.#nowMs = nowMs;
  }

  /** Before every method. */
  readonly guard: Hook = async (request, reply) => {
    if (this.scheme === 'none') return undefined;
    const { authorization } = request.headers;
    if (authorization === undefined) return refuse(reply, CHALLENGE, 'a user and a password are asked for');
    const waitMs = this.#guesses.waitMs(request.ip, this.#nowMs());
    if (waitMs > 0) {
      void reply.header('retry-after', Math.ceil(waitMs / 1_000));
      throw new OperatingError('TOO_MANY', 'too many wrong passwords from this address: try again later');
    }
    if (this.#isRight(authorization)) return undefined;
    this.#guesses.noteWrong(request.ip, this.#nowMs());
    return refuse(reply, CHALLENGE, 'user or password is wrong');
  };

  /** Before erasure, after `guard`: what is erased is gone, so somebody has to answer for it. */
  readonly guardErasure: Hook = async (request, reply) => {
    if (this.scheme === 'basic' || isAuthorized(request.headers.authorization, this.#secret)) return undefined;
    return refuse(reply, 'Bearer', 'the secret of this run is missing or wrong');
  };

  #isRight(authorization: string): boolean {
    const encoded = BASIC.exec(authorization)?.groups?.['credentials'];
    if (encoded === undefined || this.#user === null || this.#password === null) return false;
    const credentials = Buffer.from(encoded, 'base64').toString('utf8');
    const colon = credentials.indexOf(':');
    if (colon < 0) return false;
    const isUser = timingSafeEqual(digest(credentials.slice(0, colon)), this.#user);
    const isPassword = timingSafeEqual(digest(credentials.slice(colon + 1)), this.#password);
    return isUser && isPassword;
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function refuse(reply: FastifyReply, challenge: string, message: string): FastifyReply {
  return reply
    .code(401)
    .header('www-authenticate', challenge)
    .send({ error: { code: 'FORBIDDEN', message } });
}
