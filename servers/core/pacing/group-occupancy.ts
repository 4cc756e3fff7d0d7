/** Who is in the group's room: slots, chats that hold one, chats that wait; and for how long, since it was last asked. */
import { assert } from '../assert.ts';
import type { ExposureSnapshot, PacerRoom } from './pacer-snapshot.ts';

/** Slot-, busy- and waiting-seconds. */
export interface Exposure {
  readonly slotSeconds: number;
  readonly busySeconds: number;
  readonly waitSeconds: number;
}

export class GroupOccupancy {
  readonly #queuedChats = new Set<string>();
  /** Chats in the room that visitors asked for themselves. */
  readonly #reactiveChats = new Set<string>();
  #reactiveBusy = 0;
  #reactiveQueued = 0;
  /** Chats in the room that are not at risk: their waiting tells nothing of how soon one is lost. */
  readonly #safeChats = new Set<string>();
  #safeQueued = 0;
  #slots = 0;
  #busy = 0;
  /** Time of the last call, ms; -1 before the first, whose time is when everything begins. */
  #now = -1;
  #began = -1;
  #slotMs = 0;
  #busyMs = 0;
  #waitMs = 0;

  get now(): number {
    return this.#now;
  }
  /** When everything began, or was taken up again, ms. */
  get began(): number {
    return this.#began;
  }
  get slots(): number {
    return this.#slots;
  }
  get busy(): number {
    return this.#busy;
  }
  get queued(): number {
    return this.#queuedChats.size;
  }
  /** Those of `busy` and of `queued` that are reactive. */
  get reactiveBusy(): number {
    return this.#reactiveBusy;
  }
  get reactiveQueued(): number {
    return this.#reactiveQueued;
  }

  advance(at: number): void {
    const elapsed = this.#now < 0 ? 0 : at - this.#now;
    if (this.#now < 0) this.#began = at;
    assert(elapsed >= 0, `pacing time went back from ${this.#now} to ${at}`);
    this.#slotMs += elapsed * this.#slots;
    this.#busyMs += elapsed * this.#busy;
    this.#waitMs += elapsed * (this.#queuedChats.size - this.#safeQueued);
    this.#now = at;
  }

  setSlots(slots: number): void {
    assert(slots >= 0 && Number.isInteger(slots), `slots set to ${slots}`);
    this.#slots = slots;
  }

  /** This chat is reactive, to be told before it waits or starts. */
  reactive(chatId: string): void {
    assert(!this.#reactiveChats.has(chatId), `reactive chat ${chatId} let in twice`);
    this.#reactiveChats.add(chatId);
  }

  isReactive(chatId: string): boolean {
    return this.#reactiveChats.has(chatId);
  }

  /** This chat, which is in the room or about to come in, is at risk no more. */
  safe(chatId: string): void {
    if (this.#safeChats.has(chatId)) return;
    this.#safeChats.add(chatId);
    if (this.#queuedChats.has(chatId)) this.#safeQueued += 1;
  }

  queue(chatId: string): void {
    assert(!this.#queuedChats.has(chatId), `chat ${chatId} queued twice`);
    this.#queuedChats.add(chatId);
    if (this.#reactiveChats.has(chatId)) this.#reactiveQueued += 1;
    if (this.#safeChats.has(chatId)) this.#safeQueued += 1;
  }

  /** A chat that never waited, or one that did. */
  start(chatId: string): void {
    this.#leaveQueue(chatId);
    this.#busy += 1;
    if (this.#reactiveChats.has(chatId)) this.#reactiveBusy += 1;
  }

  /** Gave up waiting; in a loss model it never waited. Where it rang, its slot is released after that. */
  abandon(chatId: string): void {
    const waited = this.#leaveQueue(chatId);
    if (!waited) return;
    this.#reactiveChats.delete(chatId);
    this.#safeChats.delete(chatId);
  }

  /** An offer is taken back: the chat waits again. */
  recall(chatId: string): void {
    const isReactive = this.#reactiveChats.has(chatId);
    const isSafe = this.#safeChats.has(chatId);
    this.release(chatId);
    if (isReactive) this.#reactiveChats.add(chatId);
    if (isSafe) this.#safeChats.add(chatId);
    this.queue(chatId);
  }

  release(chatId: string): void {
    assert(this.#busy > 0, `slot of chat ${chatId} released while none is busy`);
    this.#busy -= 1;
    if (this.#reactiveChats.delete(chatId)) this.#reactiveBusy -= 1;
    this.#safeChats.delete(chatId);
  }

  snapshot(): ExposureSnapshot {
    return { slotMs: this.#slotMs, busyMs: this.#busyMs, waitMs: this.#waitMs };
  }

  /** Before anything else: who is there at `at`, and what was counted until then. */
  restore(room: PacerRoom, exposure: ExposureSnapshot | undefined, at: number): void {
    assert(this.#now < 0, 'a room is restored before it is used');
    this.#now = at;
    this.#began = at;
    this.setSlots(room.slots);
    this.#busy = room.busy;
    for (const chatId of room.safe ?? []) this.safe(chatId);
    for (const chatId of room.queued) this.queue(chatId);
    for (const chatId of [...(room.reactive?.queued ?? []), ...(room.reactive?.busy ?? [])]) this.reactive(chatId);
    for (const chatId of room.reactive?.queued ?? []) this.queue(chatId);
    for (const chatId of room.reactive?.busy ?? []) this.start(chatId);
    if (exposure === undefined) return;
    this.#slotMs = exposure.slotMs;
    this.#busyMs = exposure.busyMs;
    this.#waitMs = exposure.waitMs;
  }

  /** The exposure since the last call. */
  takeExposure(): Exposure {
    const exposure = {
      slotSeconds: this.#slotMs / 1000,
      busySeconds: this.#busyMs / 1000,
      waitSeconds: this.#waitMs / 1000,
    };
    this.#slotMs = 0;
    this.#busyMs = 0;
    this.#waitMs = 0;
    return exposure;
  }

  /** Whether it was waiting. */
  #leaveQueue(chatId: string): boolean {
    const waited = this.#queuedChats.delete(chatId);
    if (waited && this.#reactiveChats.has(chatId)) this.#reactiveQueued -= 1;
    if (waited && this.#safeChats.has(chatId)) this.#safeQueued -= 1;
    return waited;
  }
}
