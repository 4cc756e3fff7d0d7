/** The way to the Backends of a live run that are up now, with what they want to see of who asks. */
import type { ResolvedOptions } from '#core/options/resolved-options.ts';
import type { Cluster, NodeState } from '#testbed/live/launcher-cluster.ts';
import type { BackendAccess } from '#host/run-control.ts';

export async function accessBackends(
  cluster: Pick<Cluster, 'nodes' | 'urlOf' | 'secret'>,
  options: ResolvedOptions,
): Promise<BackendAccess> {
  const living = cluster
    .nodes()
    .filter(({ role, phase }) => role === 'backend' && phase === 'up')
    .toSorted((a, b) => Number(isAmiss(a)) - Number(isAmiss(b)));
  return {
    backends: await Promise.all(living.map(async ({ name }) => ({ name, url: await cluster.urlOf(name) }))),
    basic:
      options.get('security/auth-scheme') === 'basic'
        ? { user: options.get('security/user-id') ?? '', password: options.get('security/password') ?? '' }
        : null,
    secret: cluster.secret,
  };
}

/** Asked last. */
function isAmiss({ failing, partitioned }: NodeState): boolean {
  return failing !== null || partitioned;
}
