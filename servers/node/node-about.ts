/** GET about: what a node is, and which of the things that it depends on is failing or degraded, by name. */
import type { FastifyInstance } from 'fastify';
import { present } from '#core/assert.ts';
import type { NodeIdentity } from './node-log.ts';

export interface DependencyStatus {
  readonly name: string;
  readonly status: HealthStatus;
  /** Wall time of the last change, epoch ms. */
  readonly since: number;
  /** Why it is failing, or what is wrong with it though it serves; null: nothing. */
  readonly reason: string | null;
}

/** `degraded`: it does its work, and something has happened that somebody must know of. */
export type HealthStatus = 'up' | 'degraded' | 'failing';

export interface AboutReply {
  readonly name: string;
  readonly role: string;
  readonly version: string;
  readonly incarnation: number;
  readonly status: HealthStatus;
  readonly dependencies: readonly DependencyStatus[];
}

export class NodeAbout {
  readonly #identity: NodeIdentity;
  readonly #version: string;
  readonly #wallMs: () => number;
  readonly #dependencies = new Map<string, DependencyStatus>();
  /** What is wrong with those that serve, and since when. */
  readonly #degraded = new Map<string, { readonly reason: string; readonly since: number }>();

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

  /** What is wrong with a dependency of a name that was reported, though it serves; null: nothing any more. */
  degrade(name: string, reason: string | null): void {
    if (reason === null) this.#degraded.delete(name);
    else this.#degraded.set(name, { reason, since: this.#degraded.get(name)?.since ?? this.#wallMs() });
  }

  /** A dependency that there is no more. */
  forget(name: string): void {
    this.#dependencies.delete(name);
    this.#degraded.delete(name);
  }

  /** Why a dependency is failing; null: it is up. */
  reasonOf(name: string): string | null {
    return present(this.#dependencies.get(name), `dependency ${name}`).reason;
  }

  /** 503 when a dependency is failing, 200 otherwise; the body names those that are failing or degraded. */
  reply(): { readonly statusCode: 200 | 503; readonly body: AboutReply } {
    const { name, role, incarnation } = this.#identity;
    const dependencies = [...this.#dependencies.values()].map((one) => this.#withDegraded(one));
    const has = (sought: HealthStatus): boolean => dependencies.some(({ status }) => status === sought);
    const status = has('failing') ? 'failing' : has('degraded') ? 'degraded' : 'up';
    return {
      statusCode: status === 'failing' ? 503 : 200,
      body: { name, role, version: this.#version, incarnation, status, dependencies },
    };
  }

  #withDegraded(dependency: DependencyStatus): DependencyStatus {
    const degraded = this.#degraded.get(dependency.name);
    if (degraded === undefined || dependency.status === 'failing') return dependency;
    return { name: dependency.name, status: 'degraded', ...degraded };
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
