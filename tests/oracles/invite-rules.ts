/** Rules that are no pacing, for the simulator's gates and to be beaten: invite everybody; one invite for each free slot, or at each tick; a table. */
import type { InviteRule } from '#tests/oracles/pacing-simulator.ts';

/** Counts what every rule may need and permits by `permits`. */
class CountingRule implements InviteRule {
  slots = 0;
  pending = 0;
  chats = 0;
  readonly #permits: (rule: CountingRule) => boolean;
  readonly #allows: (rule: CountingRule) => number;

  constructor(permits: (rule: CountingRule) => boolean, allows: (rule: CountingRule) => number) {
    this.#permits = permits;
    this.#allows = allows;
  }

  setSlots(slots: number): void {
    this.slots = slots;
  }
  requestPermit(): { readonly granted: boolean } {
    const granted = this.#permits(this);
    if (granted) this.pending += 1;
    return { granted };
  }
  inviteEnded(_inviteId: string, outcome: 'accepted' | 'other'): void {
    this.pending -= 1;
    if (outcome === 'accepted') this.chats += 1;
  }
  chatQueued(): void {}
  chatStarted(): void {}
  chatAbandoned(): void {
    this.chats -= 1;
  }
  slotReleased(): void {
    this.chats -= 1;
  }
  refresh(): { readonly allowed: number } {
    return { allowed: this.#allows(this) };
  }
}

export function inviteEverybody(): InviteRule {
  return new CountingRule(
    () => true,
    () => 0,
  );
}

/** Progressive: a ready slot is reserved for every invite that is out. */
export function inviteOnePerFreeSlot(): InviteRule {
  const free = (rule: CountingRule): number => Math.max(0, rule.slots - rule.chats - rule.pending);
  return new CountingRule((rule) => free(rule) > 0, free);
}

/** The same without counting the invites that are out: at each refresh as many as slots are ready. */
export function inviteOnePerFreeSlotEachTick(): InviteRule {
  return new CountingRule(
    () => true,
    (rule) => Math.max(0, rule.slots - rule.chats),
  );
}

/** By chats in the system: the number of pending invites up to which one more is sent. */
export function inviteByTable(pendingMaxByChats: readonly number[]): InviteRule {
  const room = (rule: CountingRule): number => Math.max(0, (pendingMaxByChats[rule.chats] ?? 0) - rule.pending);
  return new CountingRule((rule) => room(rule) > 0, room);
}
