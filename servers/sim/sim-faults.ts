/**
 * Faults in virtual time: what a kill, a stop, a restart, slowness or a partition of one node does to it and to those around
 * it. The same faults are done to real processes in a live run; the times here are what senders there need to notice.
 */
import { assert, assertNever } from '#core/assert.ts';
import type { Kernel } from './kernel.ts';
import type { SimNetwork } from './sim-network.ts';
import type { SimNode } from './sim-node.ts';

export interface SimFault {
  readonly atMs: number;
  readonly kind: 'kill' | 'stop' | 'restart' | 'slow' | 'partition';
  readonly node: string;
  /** Null: for good (a restart takes as long as a start). */
  readonly forMs: number | null;
}

export interface FaultOutlet {
  /** The node's connections are gone: who was connected is connected again by now, elsewhere where it can be. */
  connectionsLost(node: SimNode<unknown>): void;
  /** The contact center lives again and wants to know its desks. */
  contactCenterBack(): void;
  told(fault: SimFault, phase: 'begins' | 'ends'): void;
}

/** Until senders notice that a process has gone (its connections break) or hangs (its heartbeat is missed), us. */
const NOTICED_GONE_US = 200_000;
const NOTICED_HANGING_US = 3_000_000;
/** A process starts in this time, us. */
const START_US = 1_500_000;
/** What `slow` adds to each message, us. */
const SLOW_US = 200_000;

export class SimFaults {
  readonly #kernel: Kernel;
  readonly #network: SimNetwork;
  readonly #originUs: number;
  readonly #outlet: FaultOutlet;

  constructor(kernel: Kernel, network: SimNetwork, originUs: number, outlet: FaultOutlet) {
    this.#kernel = kernel;
    this.#network = network;
    this.#originUs = originUs;
    this.#outlet = outlet;
  }

  plan(faults: readonly SimFault[]): void {
    for (const fault of faults) {
      this.#kernel.schedule(this.#originUs + fault.atMs * 1_000, this.#begins, fault, 0);
    }
  }

  readonly #begins = (fault: SimFault): void => {
    const node = this.#nodeOf(fault);
    if (!node.isUp) return;
    this.#outlet.told(fault, 'begins');
    switch (fault.kind) {
      case 'kill':
      case 'restart':
        node.die();
        this.#later(NOTICED_GONE_US, this.#noticed, fault);
        break;
      case 'stop':
        node.condition = 'frozen';
        this.#later(NOTICED_HANGING_US, this.#noticed, fault);
        break;
      case 'partition':
        node.condition = 'cut';
        this.#later(NOTICED_HANGING_US, this.#noticed, fault);
        break;
      case 'slow':
        node.slowUs = SLOW_US;
        break;
      default:
        assertNever(fault.kind, 'fault');
    }
    const lastsUs = fault.kind === 'restart' ? START_US : fault.forMs === null ? undefined : fault.forMs * 1_000;
    if (lastsUs === undefined) return;
    this.#later(lastsUs + (fault.kind === 'kill' ? START_US : 0), this.#ends, fault);
  };

  /** Where another node can do it, what waits for this one goes there. */
  readonly #noticed = (fault: SimFault): void => {
    const node = this.#nodeOf(fault);
    if (node.isUp) return;
    node.missed = true;
    if (node.role === 'backend') this.#network.toContactCenter({ type: 'backendAway', node: node.name });
    const twins = node.role === 'frontend' ? this.#network.frontends : this.#network.backends;
    if (node.role !== 'frontend' && node.role !== 'backend') return;
    if (twins.some((twin) => twin !== node && twin.isUp)) {
      if (node.condition === 'down') this.#network.release(node);
      this.#outlet.connectionsLost(node);
    }
  };

  readonly #ends = (fault: SimFault): void => {
    const node = this.#nodeOf(fault);
    this.#outlet.told(fault, 'ends');
    node.slowUs = 0;
    const wasMissed = node.missed;
    node.missed = false;
    if (node.condition === 'down') {
      this.#network.revive(node);
      this.#greet(node, wasMissed);
      this.#outlet.connectionsLost(node);
      if (node === this.#network.contactCenter) this.#outlet.contactCenterBack();
      return;
    }
    node.condition = 'up';
    this.#greet(node, wasMissed);
    this.#network.release(node);
  };

  /** The link of a Backend that was missed has come again. */
  #greet(node: SimNode<unknown>, wasMissed: boolean): void {
    if (node.role === 'backend' && wasMissed) {
      this.#network.toContactCenter({ type: 'backendBack', node: node.name });
    }
  }

  #nodeOf(fault: SimFault): SimNode<unknown> {
    const node = this.#network.nodes.find(({ name }) => name === fault.node);
    assert(node !== undefined, `no node ${fault.node}`);
    return node;
  }

  #later(delayUs: number, handler: (fault: SimFault) => void, fault: SimFault): void {
    this.#kernel.schedule(this.#kernel.nowUs + delayUs, handler, fault, 0);
  }
}
