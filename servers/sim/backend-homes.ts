/** Which Backend a visit, agent or Frontend is at in the simulator: what a sticky balancer does with the real ones. */
import { present } from '#core/assert.ts';
import type { BackendNode } from '#core/backend-node.ts';
import { hashOf } from './message-way.ts';
import type { SimNode } from './sim-node.ts';

export class BackendHomes {
  readonly #backends: readonly SimNode<BackendNode>[];

  constructor(backends: readonly SimNode<BackendNode>[]) {
    this.#backends = backends;
  }

  /** Where it is while all are up. */
  homeOf(key: string): SimNode<BackendNode> {
    const count = this.#backends.length;
    return present(this.#backends[count === 1 ? 0 : hashOf(key) % count], 'Backend');
  }

  /** Its home as long as that is up, else the next that is; one that is away where no other is up. */
  reachableFor(key: string): SimNode<BackendNode> {
    const home = this.homeOf(key);
    if (home.isUp) return home;
    const first = this.#backends.indexOf(home);
    for (let step = 1; step < this.#backends.length; step += 1) {
      const node = present(this.#backends[(first + step) % this.#backends.length], 'Backend');
      if (node.isUp) return node;
    }
    return home;
  }
}
