/** Where the entry points of the node processes are: by path, since they are composition roots and no part of this room. */
import { fileURLToPath } from 'node:url';
import type { NodeRole } from '#node/node-ipc.ts';

const SCRIPTS: Readonly<Record<NodeRole, string>> = {
  store: 'store-node.ts',
  contactCenter: 'contact-center-node.ts',
  balancer: 'balancer-node.ts',
  backend: 'backend-node.ts',
  frontend: 'frontend-node.ts',
  crowd: 'crowd-node.ts',
};

/** Path of a role's entry point. */
export function scriptOfRole(role: NodeRole): string {
  return fileURLToPath(new URL(`../../host/nodes/${SCRIPTS[role]}`, import.meta.url));
}
