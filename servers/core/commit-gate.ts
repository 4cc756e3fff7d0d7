/**
 * What a machine driver holds back: effects that wait for a commit, and those that would overtake them. Order is kept
 * among the effects of one type, and so for each receiver.
 */
import { assertNever } from '#core/assert.ts';
import type { Effect } from '#core/effects.ts';

export type SendEffect = Extract<Effect, { type: 'toFrontend' | 'toBackend' | 'toContactCenter' }>;
export type LocalEffect = Extract<
  Effect,
  { type: 'toBrowser' | 'toDesk' | 'toAsker' | 'toStrategist' | 'acknowledge' | 'claim' | 'recall' | 'orderAnswered' }
>;

/** Unique in a run: `<node>~<incarnation>#<n>`. */
export type MessageId = string;

/** One input whose consequences are not all done: its commits, its effects that are held, its sends without answer. */
export interface Turn {
  /** Commits that are neither stored nor failed. */
  commits: number;
  /** A commit failed: what it gates is dropped. */
  failed: boolean;
  /** All that must happen until the input is done, and 1 while its effects are still being looked through. */
  left: number;
  readonly onDone: ((ok: boolean) => void) | undefined;
}

export interface Held {
  readonly effect: SendEffect | LocalEffect;
  /** Of a send; null: a local effect. */
  readonly id: MessageId | null;
  readonly turn: Turn | null;
  /** Behind a commit of its own turn, not only behind what waits before it. */
  readonly gated: boolean;
}

/** A queue that gives its memory back when it has run empty. */
class Lane {
  /** Undefined: gone, and no longer kept in memory by its place. */
  #held: (Held | undefined)[] = [];
  #first = 0;

  get first(): Held | undefined {
    return this.#held[this.#first];
  }

  push(held: Held): void {
    this.#held.push(held);
  }

  shift(): void {
    this.#held[this.#first] = undefined;
    this.#first += 1;
    if (this.#first === this.#held.length) {
      this.#held = [];
      this.#first = 0;
    } else if (this.#first === SHIFTS_MAX) {
      this.#held = this.#held.slice(this.#first);
      this.#first = 0;
    }
  }
}

const SHIFTS_MAX = 4_096;

export class CommitGate {
  readonly #toFrontend = new Lane();
  readonly #toBackend = new Lane();
  readonly #toContactCenter = new Lane();
  readonly #toBrowser = new Lane();
  readonly #toDesk = new Lane();
  readonly #toAsker = new Lane();
  readonly #acknowledge = new Lane();
  /** What a deployment asks of the store, and tells its author. */
  readonly #deployment = new Lane();
  readonly #lanes = [
    this.#toFrontend,
    this.#toBackend,
    this.#toContactCenter,
    this.#toBrowser,
    this.#toDesk,
    this.#toAsker,
    this.#acknowledge,
    this.#deployment,
  ];
  #count = 0;

  /** Effects that are held. */
  get count(): number {
    return this.#count;
  }

  /** Whether an effect that nothing gates would overtake one of its type. */
  mustQueue(type: Held['effect']['type']): boolean {
    return this.#count > 0 && this.#laneOf(type).first !== undefined;
  }

  hold(held: Held): void {
    this.#count += 1;
    this.#laneOf(held.effect.type).push(held);
  }

  /** Takes out what may go, each lane from its front: `perform` what is stored, `drop` what rested on a failed commit. */
  release(perform: (held: Held) => void, drop: (held: Held) => void): void {
    if (this.#count === 0) return;
    for (const lane of this.#lanes) {
      for (let held = lane.first; held !== undefined && isDecided(held); held = lane.first) {
        lane.shift();
        this.#count -= 1;
        if (held.gated && held.turn?.failed === true) drop(held);
        else perform(held);
      }
    }
  }

  #laneOf(type: Held['effect']['type']): Lane {
    switch (type) {
      case 'toFrontend':
        return this.#toFrontend;
      case 'toBackend':
        return this.#toBackend;
      case 'toContactCenter':
        return this.#toContactCenter;
      case 'toBrowser':
        return this.#toBrowser;
      case 'toDesk':
        return this.#toDesk;
      case 'toAsker':
      case 'toStrategist':
        return this.#toAsker;
      case 'acknowledge':
        return this.#acknowledge;
      case 'claim':
      case 'recall':
      case 'orderAnswered':
        return this.#deployment;
      default:
        return assertNever(type, 'type of a held effect');
    }
  }
}

function isDecided({ gated, turn }: Held): boolean {
  return !gated || turn === null || turn.failed || turn.commits === 0;
}
