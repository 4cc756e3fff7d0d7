/** Asks a node's about, which says whether it can do its work and which of the things it depends on fails it. */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { NodeRole } from '#node/node-ipc.ts';

/** Null: the role has no about, and serves when it says that it is ready. */
const ABOUT_PATHS: Readonly<Record<NodeRole, string | null>> = {
  store: '/store/about',
  contactCenter: '/contact-center/about',
  balancer: '/balancer/about',
  backend: '/backend/about',
  frontend: '/frontend/about',
  crowd: null,
};

const ASK_MS_MAX = 1_000;
const ASK_EVERY_MS = 40;

const aboutSchema = z.object({
  dependencies: z.array(z.object({ name: z.string(), status: z.string(), reason: z.string().nullish() })).default([]),
});

/** `failing`: what keeps the node from its work, in words; `degraded`: what is wrong though it does it; null: nothing. */
export interface NodeHealth {
  readonly failing: string | null;
  readonly degraded: string | null;
}

export async function askHealth(role: NodeRole, port: number): Promise<NodeHealth> {
  const path = ABOUT_PATHS[role];
  if (path === null) return { failing: null, degraded: null };
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      signal: AbortSignal.timeout(ASK_MS_MAX),
      headers: { connection: 'close' },
    });
    const body = await answer.text();
    if (answer.status === 200) return { failing: null, degraded: describeAll(body, 'degraded') };
    return { failing: describeAll(body, 'failing') ?? `its about answers ${answer.status}`, degraded: null };
  } catch (error) {
    return { failing: describeSilence(error), degraded: null };
  }
}

/** Asks until the node is well; gives what failed it last when `limitMs` is over or `isOver` says that asking is in vain. */
export async function awaitHealth(
  role: NodeRole,
  port: number,
  limitMs: number,
  isOver: () => boolean,
): Promise<NodeHealth> {
  const endsAt = performance.now() + limitMs;
  for (;;) {
    const health = await askHealth(role, port);
    if (health.failing === null || isOver() || performance.now() > endsAt) return health;
    await pause(ASK_EVERY_MS);
  }
}

/** Its dependencies of this status, `store (connection refused)`; null: it names none. */
function describeAll(body: string, sought: 'failing' | 'degraded'): string | null {
  const named = parseAbout(body).filter(({ status }) => status === sought);
  if (named.length === 0) return null;
  return named.map(({ name, reason }) => ((reason ?? '') === '' ? name : `${name} (${reason})`)).join(', ');
}

function parseAbout(body: string): z.infer<typeof aboutSchema>['dependencies'] {
  try {
    return aboutSchema.parse(JSON.parse(body)).dependencies;
  } catch {
    // No about of ours: the status must do.
    return [];
  }
}

function describeSilence(error: unknown): string {
  if (!(error instanceof Error)) return 'its about does not answer';
  if (error.name === 'TimeoutError') return `its about does not answer in ${ASK_MS_MAX} ms`;
  const cause = error.cause instanceof Error ? error.cause.message : error.message;
  return `its about does not answer: ${cause}`;
}
