/**
 * Which pages may talk to a client-facing server: those of an exact list of origins. A browser always names the origin of
 * a page that posts or opens a socket across origins, so a request without one comes from no page of another site.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OperatingError } from '#protocol/operating-error.ts';

/** Whether a route also serves what is no browser: servers, load generators, command lines. */
export type MissingOrigin = 'allowed' | 'refused';

export class ClientOrigins {
  readonly #allowed: ReadonlySet<string>;

  /** Origins as browsers write them (`https://shop.example:8443`); OperatingError INVALID_INPUT for anything else. */
  constructor(allowed: readonly string[]) {
    for (const origin of allowed) {
      if (originOf(origin) !== origin) {
        throw new OperatingError(
          'INVALID_INPUT',
          `${JSON.stringify(origin)} is no origin: expected scheme://host:port`,
        );
      }
    }
    this.#allowed = new Set(allowed);
  }

  /** `origin`: the header as it came. `null`, lists and look-alikes are refused with all that isn't on the list. */
  allows(origin: string | undefined, missing: MissingOrigin): boolean {
    return origin === undefined ? missing === 'allowed' : this.#allowed.has(origin);
  }

  /**
   * Fastify's `onRequest` hook: 403 for a page of another origin, before the body is read; an allowed page may read the
   * answer.
   */
  guard(missing: MissingOrigin): (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void {
    return (request, reply, done) => {
      const { origin } = request.headers;
      if (!this.allows(origin, missing)) {
        done(new OperatingError('FORBIDDEN', 'this origin may not use this server'));
        return;
      }
      if (origin !== undefined) void reply.header('access-control-allow-origin', origin).header('vary', 'origin');
      done();
    };
  }
}

function originOf(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}
