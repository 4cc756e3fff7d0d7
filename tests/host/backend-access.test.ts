/** The way to the Backends of a live run: those that are up, the well ones first, and what they want to see of who asks. */
import { describe, expect, it } from 'vitest';
import { present } from '#core/assert.ts';
import { resolveOptions } from '#core/options/resolve-options.ts';
import type { NodeState } from '#testbed/live/launcher-cluster.ts';
import { accessBackends } from '#host/backend-access.ts';

function node(name: string, more: Partial<NodeState> = {}): NodeState {
  return {
    name,
    role: 'backend',
    phase: 'up',
    incarnation: 1,
    pid: 1,
    port: 1,
    failing: null,
    degraded: null,
    slowedMs: 0,
    partitioned: false,
    ...more,
  };
}

const clusterOf = (...nodes: readonly NodeState[]): Parameters<typeof accessBackends>[0] => ({
  nodes: () => nodes,
  urlOf: async (name) => `http://${name}`,
  secret: 'the-secret',
});

function optionsWith(security: Readonly<Record<string, string>>): Parameters<typeof accessBackends>[1] {
  const resolved = resolveOptions({ security }, { fidelity: 'improved' });
  return present(resolved.ok ? resolved.value : undefined, 'valid options');
}

describe('access to Backends', () => {
  it('is to those that are up alone, and to what is amiss last', async () => {
    const { backends } = await accessBackends(
      clusterOf(
        node('backend-1', { failing: 'store: away' }),
        node('backend-2', { phase: 'down' }),
        node('backend-3', { partitioned: true }),
        node('backend-4', { phase: 'held' }),
        node('backend-5'),
        node('frontend-1', { role: 'frontend' }),
      ),
      optionsWith({}),
    );
    expect(backends).toEqual([
      { name: 'backend-5', url: 'http://backend-5' },
      { name: 'backend-1', url: 'http://backend-1' },
      { name: 'backend-3', url: 'http://backend-3' },
    ]);
  });

  it('brings user and password where the options ask for them, else the secret alone', async () => {
    const open = await accessBackends(clusterOf(), optionsWith({}));
    expect([open.basic, open.secret]).toEqual([null, 'the-secret']);
    const guarded = optionsWith({ 'auth-scheme': 'basic', 'user-id': 'desk', password: 's3cret' });
    expect((await accessBackends(clusterOf(), guarded)).basic).toEqual({ user: 'desk', password: 's3cret' });
  });
});
