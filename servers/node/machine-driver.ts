/**
 * The live twin of the simulator's driver: gives a machine its inputs one at a time, each with the domain time, and
 * carries out what it asks for by the rules of effects.ts.
 *
 * For each input: handle, journal, facts, wake-ups, then everything else in the machine's order.
 *
 * 1. All commits of one input are one gate: what follows the first of them waits until none of them is open. If one
 *    fails, what the gate holds is dropped, the machine is given `storeFailed`, and the input is reported as failed at
 *    once.
 * 2. Effects of one type leave in the order in which the machine made them, over all inputs: one that waits for no commit
 *    queues behind those of its type that do. So messages to one receiver never overtake each other, and a Backend whose
 *    history is slow still relays chats to browsers. Between types there is no order beyond rule 1. Inputs whose commits
 *    are stored out of order wait for each other, at most as long as the store takes to answer or give up.
 * 3. An input is done when its commits are stored and its effects are handed to the outlet; with `relays`, when its sends
 *    have been acknowledged by their receivers too. Until then whoever sent it keeps it.
 * 4. Inputs that arrive while one is being handled or effects are being performed wait their turn.
 */
import { assert, present } from '#core/assert.ts';
import type { CommitGroup, Effect, Timer } from '#core/effects.ts';
import type { Fact } from '#core/statistics/fact.ts';
import {
  CommitGate,
  type Held,
  type LocalEffect,
  type MessageId,
  type SendEffect,
  type Turn,
} from '#core/commit-gate.ts';
import type { DomainClock } from './domain-clock.ts';
import type { DomainTimers } from './domain-timers.ts';
import type { Journal } from './journal.ts';

export type { LocalEffect, MessageId, SendEffect } from '#core/commit-gate.ts';

/** What carries effects out of the process. May call the driver back within a call. */
export interface DriverOutlet {
  /** `onAcked`: once, when the receiver has done with the message. */
  send(effect: SendEffect, id: MessageId, onAcked: () => void): void;
  local(effect: LocalEffect): void;
  /** `onStored`: once; false: it could not be stored and never will be by this call. */
  commit(group: CommitGroup, onStored: (ok: boolean) => void): void;
  /** The facts of one input, before any other effect of it; never empty, and the outlet's to keep. */
  facts(facts: readonly Fact[]): void;
}

export interface MachineDriverOptions<I> {
  readonly node: string;
  readonly incarnation: number;
  readonly machine: { handle(input: I, at: number, out: Effect[]): void };
  readonly clock: DomainClock;
  readonly timers: DomainTimers;
  /** Null: none is kept. */
  readonly journal: Journal | null;
  readonly outlet: DriverOutlet;
  /** Whether the node answers for what it passes on (a Backend does). */
  readonly relays: boolean;
  readonly wake: (timer: Timer) => I;
  readonly storeFailed: (group: CommitGroup) => I;
  /** Told of a bug, after which the driver takes nothing more. By default it ends the process as an uncaught error. */
  readonly crash?: (error: unknown) => void;
}

interface WaitingInput<I> {
  readonly input: I;
  readonly from: MessageId | null;
  readonly onDone: ((ok: boolean) => void) | undefined;
}

export class MachineDriver<I> {
  readonly #options: MachineDriverOptions<I>;
  readonly #idPrefix: string;
  readonly #gate = new CommitGate();
  readonly #out: Effect[] = [];
  readonly #inbox: WaitingInput<I>[] = [];
  #sent = 0;
  #busy = false;
  #broken = false;
  #releaseWanted = false;
  #turnsOpen = 0;
  #drainers: (() => void)[] = [];

  constructor(options: MachineDriverOptions<I>) {
    this.#options = options;
    this.#idPrefix = `${options.node}~${options.incarnation}#`;
  }

  /** `from`: the message that the input came in. `onDone`: rules 1 and 3; called once, perhaps within this call. */
  deliver(input: I, from: MessageId | null = null, onDone?: (ok: boolean) => void): void {
    assert(!this.#broken, 'the driver of a machine that has met a bug is given nothing more');
    if (this.#busy) {
      this.#inbox.push({ input, from, onDone });
      return;
    }
    this.#busy = true;
    try {
      this.#handle(input, from, onDone);
      this.#catchUp();
    } catch (error) {
      this.#break(error);
    }
    this.#busy = false;
    this.#tellDrainers();
  }

  /** Whether nothing is under way: no input, no commit, no held effect; with `relays`, no send without its answer. */
  get idle(): boolean {
    return !this.#busy && this.#turnsOpen === 0 && this.#gate.count === 0;
  }

  /** Resolves when the driver is idle. */
  drained(): Promise<void> {
    if (this.idle) return Promise.resolve();
    return new Promise((resolve) => this.#drainers.push(resolve));
  }

  #handle(input: I, from: MessageId | null, onDone: ((ok: boolean) => void) | undefined): void {
    const { machine, clock, journal } = this.#options;
    const out = this.#out;
    const at = clock.now();
    machine.handle(input, at, out);
    if (journal !== null) journal.write({ at, from, input, effects: out });
    this.#noteAndWake(out);
    let turn: Turn | null = null;
    for (const effect of out) {
      if (effect.type === 'note' || effect.type === 'wake') continue;
      if (effect.type === 'commit') {
        turn ??= this.#open(onDone);
        this.#commit(turn, effect.group);
      } else {
        if (this.#options.relays && !isLocal(effect)) turn ??= this.#open(onDone);
        turn = this.#dispatch(effect, turn, onDone);
      }
    }
    out.length = 0;
    if (turn === null) onDone?.(true);
    else this.#finish(turn);
  }

  /** Facts first, then wake-ups; neither waits for anything. */
  #noteAndWake(out: readonly Effect[]): void {
    let facts: Fact[] | null = null;
    for (const effect of out) {
      if (effect.type === 'note') (facts ??= []).push(effect.fact);
    }
    if (facts !== null) this.#options.outlet.facts(facts);
    for (const effect of out) {
      if (effect.type === 'wake') this.#arm(effect.at, effect.timer);
    }
  }

  #arm(at: number, timer: Timer): void {
    this.#options.timers.at(at, () => this.deliver(this.#options.wake(timer)));
  }

  /** Performs an effect or holds it; gives back its turn, which one that is held needs. */
  #dispatch(
    effect: SendEffect | LocalEffect,
    turn: Turn | null,
    onDone: ((ok: boolean) => void) | undefined,
  ): Turn | null {
    const gated = turn !== null && (turn.commits > 0 || turn.failed);
    const id = isLocal(effect) ? null : this.#nextId();
    if (!gated && !this.#gate.mustQueue(effect.type)) {
      this.#perform(effect, id, turn);
      return turn;
    }
    const owner = turn ?? this.#open(onDone);
    owner.left += 1;
    this.#gate.hold({ effect, id, turn: owner, gated });
    return owner;
  }

  #nextId(): MessageId {
    this.#sent += 1;
    return this.#idPrefix + this.#sent;
  }

  #perform(effect: SendEffect | LocalEffect, id: MessageId | null, turn: Turn | null): void {
    const { outlet, relays } = this.#options;
    if (isLocal(effect)) outlet.local(effect);
    else outlet.send(effect, present(id, 'id of a send'), turn !== null && relays ? this.#awaitAnswer(turn) : ignore);
  }

  #awaitAnswer(turn: Turn): () => void {
    let waiting = true;
    turn.left += 1;
    return () => {
      if (!waiting) return;
      waiting = false;
      this.#finish(turn);
      this.#tellDrainers();
    };
  }

  #commit(turn: Turn, group: CommitGroup): void {
    turn.commits += 1;
    turn.left += 1;
    let waiting = true;
    this.#options.outlet.commit(group, (ok) => {
      assert(waiting, 'a commit is answered once');
      waiting = false;
      turn.commits -= 1;
      this.#releaseWanted = true;
      if (!ok) this.#fail(turn, group);
      this.#finish(turn);
      this.#wakeUp();
    });
  }

  /** The machine hears of it before the sender of the input does, unless it is busy. */
  #fail(turn: Turn, group: CommitGroup): void {
    const first = !turn.failed;
    turn.failed = true;
    this.deliver(this.#options.storeFailed(group));
    if (first) turn.onDone?.(false);
  }

  #open(onDone: ((ok: boolean) => void) | undefined): Turn {
    this.#turnsOpen += 1;
    return { commits: 0, failed: false, left: 1, onDone };
  }

  /** One thing less to do for this turn. */
  #finish(turn: Turn): void {
    turn.left -= 1;
    if (turn.left > 0) return;
    this.#turnsOpen -= 1;
    if (!turn.failed) turn.onDone?.(true);
  }

  /** Does what has come up, unless a call further down the stack will. */
  #wakeUp(): void {
    if (this.#busy || this.#broken) return;
    this.#busy = true;
    try {
      this.#catchUp();
    } catch (error) {
      this.#break(error);
    }
    this.#busy = false;
    this.#tellDrainers();
  }

  /** Releases what may go and handles what has arrived, until there is neither. */
  #catchUp(): void {
    for (let index = 0; this.#releaseWanted || index < this.#inbox.length;) {
      if (this.#releaseWanted) {
        this.#releaseWanted = false;
        this.#gate.release(this.#performHeld, this.#dropHeld);
        continue;
      }
      const next = this.#inbox[index];
      index += 1;
      if (next !== undefined) this.#handle(next.input, next.from, next.onDone);
      if (index === this.#inbox.length) this.#inbox.length = index = 0;
    }
  }

  readonly #performHeld = ({ effect, id, turn }: Held): void => {
    this.#perform(effect, id, turn);
    if (turn !== null) this.#finish(turn);
  };

  readonly #dropHeld = ({ turn }: Held): void => {
    if (turn !== null) this.#finish(turn);
  };

  #tellDrainers(): void {
    if (this.#drainers.length === 0 || !this.idle) return;
    const drainers = this.#drainers;
    this.#drainers = [];
    for (const resolve of drainers) resolve();
  }

  #break(error: unknown): void {
    this.#broken = true;
    const crash = this.#options.crash ?? endProcess;
    crash(error);
  }
}

function isLocal(effect: SendEffect | LocalEffect): effect is LocalEffect {
  return effect.type !== 'toFrontend' && effect.type !== 'toBackend' && effect.type !== 'toContactCenter';
}

function ignore(): void {
  // A node that does not relay has done its part when it has sent.
}

/** Throws where nobody can catch it: a machine that has met a bug may not go on half done. */
function endProcess(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
