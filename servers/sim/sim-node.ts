/**
 * One simulated server process: its machine, which life of it this is, and whether it is up, frozen, cut off or gone.
 * What reaches it meanwhile waits here, as it would in its senders' outboxes.
 *
 *   up --stop--> frozen (hears nothing, its timers wait)    up --partition--> cut (its timers go on, nothing gets in or out)
 *   up --kill--> down (its memory is lost; a new life begins with the next start)
 */
import { CommitGate } from '#core/commit-gate.ts';

export type NodeCondition = 'up' | 'frozen' | 'cut' | 'down';

export type SimRole = 'frontend' | 'backend' | 'contactCenter' | 'store' | 'balancer';

/** Something that a node will do when it can: hear a message, or go on with what it was doing. */
export type Held = () => void;

export class SimNode<M> {
  readonly name: string;
  readonly role: SimRole;
  machine: M;
  /** The first life is 1. */
  incarnation = 1;
  condition: NodeCondition = 'up';
  /** Its senders have noticed that it is away. */
  missed = false;
  /** Added to everything that goes in or out, us. */
  slowUs = 0;
  /** Where faults are expected: what waits for the store, and what would overtake it. */
  gate = new CommitGate();
  readonly #held: Held[] = [];
  /** Hears again what it was told and whose effects still wait for the store: after a kill its senders send it again. */
  readonly undone = new Set<Held>();

  constructor(name: string, role: SimRole, machine: M) {
    this.name = name;
    this.role = role;
    this.machine = machine;
  }

  get isUp(): boolean {
    return this.condition === 'up';
  }

  hold(held: Held): void {
    this.#held.push(held);
  }

  /** Its memory is lost: what it had not finished is heard again before anything else that waits. */
  die(): void {
    this.condition = 'down';
    this.gate = new CommitGate();
    this.#held.unshift(...this.undone);
    this.undone.clear();
  }

  /** All that waited, oldest first; it is forgotten here. */
  takeHeld(): readonly Held[] {
    return this.#held.splice(0);
  }
}
