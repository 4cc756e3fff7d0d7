/** GET about: what a node is, and which of the things that it depends on is failing, by name. */
import type { FastifyInstance } from 'fastify';
import { present } from '#core/assert.ts';
import type { NodeIdentity } from './node-log.ts';

export interface DependencyStatus {
  readonly name: string;
  readonly status: 'up' | 'failing';
  /** Wall time of the last change, epoch ms. */
  readonly since: number;
  /** Why it is failing; null: it isn't. */
  readonly reason: string | null;
}

export interface AboutReply {
  readonly name: string;
  readonly role: string;
  readonly version: string;
  readonly incarnation: number;
  readonly status: 'up' | 'failing';
  readonly dependencies: readonly DependencyStatus[];
}

export class NodeAbout {
  readonly #identity: NodeIdentity;
  readonly #version: string;
  readonly #wallMs: () => number;
  readonly #dependencies = new Map<string, DependencyStatus>();

  constructor(identity: NodeIdentity, version: string, wallMs: () => number = Date.now) {
    this.#identity = identity;
    this.#version = version;
    this.#wallMs = wallMs;
  }

  /** Names a dependency, or tells its state: `reason` null is up. Only a change moves `since`. */
  report(name: string, reason: string | null): void {
    const status = reason === null ? 'up' : 'failing';
    const known = this.#dependencies.get(name);
    const since = known?.status === status ? known.since : this.#wallMs();
    this.#dependencies.set(name, { name, status, since, reason });
  }

  /** A dependency that there is no more. */
  forget(name: string): void {
    this.#dependencies.delete(name);
  }

  /** Why a dependency is failing; null: it is up. */
  reasonOf(name: string): string | null {
    return present(this.#dependencies.get(name), `dependency ${name}`).reason;
  }

  /** 200 when all dependencies are up, 503 otherwise; the body names the failing ones. */
  reply(): { readonly statusCode: 200 | 503; readonly body: AboutReply } {
    const { name, role, incarnation } = this.#identity;
    const dependencies = [...this.#dependencies.values()];
    const up = dependencies.every(({ status }) => status === 'up');
    const status = up ? 'up' : 'failing';
    return {
      statusCode: up ? 200 : 503,
      body: { name, role, version: this.#version, incarnation, status, dependencies },
    };
  }
}

/** `path`: `/frontend/about`. `details`: what a role tells beside, by name. */
export function addAbout(
  app: FastifyInstance,
  path: string,
  about: NodeAbout,
  details: () => Readonly<Record<string, unknown>> = () => ({}),
): void {
  app.get(path, (_request, reply) => {
    const { statusCode, body } = about.reply();
    return reply
      .code(statusCode)
      .header('cache-control', 'no-store')
      .send({ ...body, ...details() });
  });
}
