/**
 * The simulated store: groups are stored by group commit, and what their effects waited for goes on. Where faults are
 * expected it keeps what a node asks for after one: the past of visits and the newest rows.
 */
import type { Turn } from '#core/commit-gate.ts';
import type { CommitGroup, Effect, OperationsRow } from '#core/effects.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import type { Kernel } from './kernel.ts';
import { GroupCommit } from './latency.ts';
import { SimNode, type Held } from './sim-node.ts';

/** A history group that is not stored after this is refused, us. */
const PATIENCE_US = 2_000_000;

/** Effects that wait for their groups, with the life of the node that they belong to. */
export interface Gated {
  readonly node: SimNode<unknown>;
  readonly incarnation: number;
  /** Gives the node its input again, where faults are expected. */
  readonly redo: Held | undefined;
  /** What waits for the groups: effects, or the turn of them in the node's gate where faults are expected. */
  readonly effects: readonly Effect[];
  readonly turn: Turn | undefined;
  readonly groups: readonly CommitGroup[];
  settled: boolean;
}

export interface SimStoreOutlet {
  /** The groups are stored: the effects go on. */
  stored(gated: Gated): void;
  /** The groups of a Backend could not be stored in time. */
  failed(gated: Gated): void;
  /** An event is stored that was not there before; told where faults are expected. Undefined: nobody wants to know. */
  readonly kept: ((event: VisitEvent) => void) | undefined;
}

export class SimStore {
  readonly node = new SimNode('store', 'store', null);
  readonly #kernel: Kernel;
  readonly #outlet: SimStoreOutlet;
  readonly #expectsFaults: boolean;
  readonly #commits: GroupCommit;
  readonly #history = new Map<string, Map<string, VisitEvent>>();
  readonly #rows = new Map<string, OperationsRow>();

  constructor(kernel: Kernel, commitUs: number, expectsFaults: boolean, outlet: SimStoreOutlet) {
    this.#kernel = kernel;
    this.#commits = new GroupCommit(commitUs);
    this.#expectsFaults = expectsFaults;
    this.#outlet = outlet;
  }

  commit(gated: Gated): void {
    if (!this.#expectsFaults) {
      this.#write(gated);
      return;
    }
    if (gated.redo !== undefined) gated.node.undone.add(gated.redo);
    if (gated.node.role === 'backend') {
      this.#kernel.schedule(this.#kernel.nowUs + PATIENCE_US, this.#late, gated, 0);
    }
    this.#try(gated);
  }

  /** The past of a visit that is under way when the run starts: it was stored before. */
  knowPast(visitID: string, past: readonly VisitEvent[]): void {
    this.#history.set(visitID, new Map(past.map((event) => [event.eventID, event])));
  }

  /** Events of a browser's visit as they were stored; undefined: none. */
  pastOf(visitID: string): readonly VisitEvent[] | undefined {
    const events = this.#history.get(visitID);
    return events === undefined ? undefined : [...events.values()];
  }

  /** The newest row of each (kind, id), in order of time. */
  recover(): readonly OperationsRow[] {
    return [...this.#rows.values()].sort((earlier, later) => earlier.at - later.at);
  }

  #try(gated: Gated): void {
    if (this.node.isUp) this.#write(gated);
    else this.node.hold(() => this.#try(gated));
  }

  #write(gated: Gated): void {
    const { nowUs } = this.#kernel;
    const storedUs = this.#commits.storedAt(nowUs) + 2 * (this.node.slowUs + gated.node.slowUs);
    if (storedUs === nowUs) this.#written(gated);
    else this.#kernel.schedule(storedUs, this.#written, gated, 0);
  }

  readonly #written = (gated: Gated): void => {
    if (!this.#expectsFaults) {
      this.#outlet.stored(gated);
      return;
    }
    if (!this.node.isUp) {
      this.node.hold(() => this.#try(gated));
      return;
    }
    for (const group of gated.groups) this.#keep(group);
    this.#settle(gated);
  };

  /** Tells the node, if it is still the one that asked; a frozen one hears it when it goes on. */
  #settle(gated: Gated): void {
    const { node } = gated;
    if (gated.settled || gated.incarnation !== node.incarnation || node.condition === 'down') return;
    if (node.condition !== 'up') {
      node.hold(() => this.#settle(gated));
      return;
    }
    finish(gated);
    this.#outlet.stored(gated);
  }

  readonly #late = (gated: Gated): void => {
    const { node } = gated;
    if (gated.settled || gated.incarnation !== node.incarnation || !node.isUp) return;
    finish(gated);
    this.#outlet.failed(gated);
  };

  #keep(group: CommitGroup): void {
    if (group.store === 'operations') {
      for (const row of group.rows) this.#rows.set(`${row.kind} ${row.id}`, row);
      return;
    }
    const visitID = group.batch.visitID.split('.', 1)[0] ?? '';
    let events = this.#history.get(visitID);
    if (events === undefined) this.#history.set(visitID, (events = new Map()));
    for (const event of group.batch.events) {
      if (events.has(event.eventID)) continue;
      events.set(event.eventID, event);
      this.#outlet.kept?.(event);
    }
  }
}

function finish(gated: Gated): void {
  gated.settled = true;
  if (gated.redo !== undefined) gated.node.undone.delete(gated.redo);
}
