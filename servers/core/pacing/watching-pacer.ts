/**
 * What every pacer of a group does alike: it hears who is in the room and tells its watch. How it decides is said by those
 * that extend it.
 */
import type { GroupWatch } from './group-watch.ts';
import type { InviteOutcome } from './pacer.ts';
import type { PacerRoom } from './pacer-snapshot.ts';

export abstract class WatchingPacer {
  readonly group: string;
  protected readonly watch: GroupWatch;

  constructor(group: string, watch: GroupWatch) {
    this.group = group;
    this.watch = watch;
  }

  get reactiveAskedPerSecond(): number {
    return this.watch.asked.perSecond;
  }

  setSlots(slots: number, at: number): void {
    this.watch.room.advance(at);
    this.watch.room.setSlots(slots);
  }

  inviteEnded(inviteId: string, outcome: InviteOutcome, at: number): void {
    this.watch.room.advance(at);
    this.watch.inviteEnded(inviteId, outcome);
  }

  reactiveAsked(at: number): void {
    this.watch.room.advance(at);
    this.watch.asked.came();
  }

  chatPromised(_chatId: string, at: number): void {
    this.watch.room.advance(at);
  }

  chatQueued(chatId: string, at: number, atRisk = true): void {
    this.watch.room.advance(at);
    if (!atRisk) this.watch.room.safe(chatId);
    this.watch.room.queue(chatId);
  }

  chatStarted(chatId: string, at: number): void {
    this.watch.room.advance(at);
    this.watch.room.start(chatId);
  }

  chatAbandoned(chatId: string, at: number): void {
    this.watch.room.advance(at);
    this.watch.chatAbandoned(chatId);
  }

  chatLate(chatId: string, at: number): void {
    this.watch.room.advance(at);
    this.watch.chatLate(chatId);
  }

  chatWithdrawn(chatId: string, at: number): void {
    this.watch.room.advance(at);
    this.watch.room.abandon(chatId);
  }

  chatRecalled(chatId: string, at: number): void {
    this.watch.room.advance(at);
    this.watch.room.recall(chatId);
  }

  slotReleased(chatId: string, at: number): void {
    this.watch.room.advance(at);
    this.watch.slotReleased(chatId);
  }
}

/** The room as one sees it who does not tell reactive chats from others. */
export function withoutOrigins({ reactive, ...room }: PacerRoom): PacerRoom {
  if (reactive === undefined) return room;
  return { ...room, busy: room.busy + reactive.busy.length, queued: [...room.queued, ...reactive.queued] };
}
