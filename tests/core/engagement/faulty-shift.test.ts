/**
 * Over 2,000 random scenarios with restarts, lost, repeated and overtaken messages and broken strategies, agents who come, go, reject,
 * miss and pass on, visitors who ask for chats themselves and what-ifs: at every moment created = qualified + engaged + terminal +
 * follow-ups that wait, every chat waits or is with one agent, and in the end everything is in exactly one terminal queue.
 */
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { OperationsRow } from '#core/effects.ts';
import { InteractionBook } from '#core/engagement/interaction-book.ts';
import { isTerminal } from '#core/engagement/interaction.ts';
import { VisitMemory } from '#core/engagement/visit-memory.ts';
import { ChatRouter } from '#core/routing/chat-router.ts';
import { ReactiveDesk } from '#core/routing/reactive-desk.ts';
import { PacingDesk } from '#core/pacing/pacing-desk.ts';
import { DESK_ACTS } from './acts-of-people.ts';
import { ChatConservation } from './chat-conservation.ts';
import { Conservation } from './conservation-check.ts';
import type { Bench } from './contact-center-bench.ts';
import { faultyShift, playFaulty, playOutFaulty, type FaultyShift } from './faulty-shift.ts';

function problemsOf(shift: FaultyShift, kept?: (row: OperationsRow) => boolean): readonly string[] {
  const conservation = new Conservation();
  const chats = new ChatConservation(shift.ringMs);
  const check = (bench: Bench, at: number): void => {
    conservation.check(bench);
    chats.check(bench, at);
  };
  try {
    const bench = playFaulty(shift, check, kept);
    check(bench, playOutFaulty(bench));
    if (bench.contactCenter.engagement.open > 0) conservation.problems.push('left open');
  } catch (thrown) {
    conservation.problems.push(String(thrown));
  }
  return [...conservation.problems, ...chats.problems];
}

test('every interaction is conserved at every moment, and ends in exactly one terminal queue', () => {
  const fates = new Map<string, number>();
  const kinds = new Set<string>();
  fc.assert(
    fc.property(faultyShift, (shift) => {
      for (const { fate, kind } of shift.acts) {
        fates.set(fate, (fates.get(fate) ?? 0) + 1);
        kinds.add(kind);
      }
      expect(problemsOf(shift)).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
  for (const fate of ['lost', 'twice', 'overtaken', 'killedBefore', 'killedWithin']) {
    expect(fates.get(fate)).toBeGreaterThan(200);
  }
  expect([...kinds]).toEqual(expect.arrayContaining([...DESK_ACTS, 'reactiveChat', 'reschedule', 'whatIf']));
}, 240_000);

describe('the check notices', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const shifts = fc.sample(faultyShift, { numRuns: 150, seed: 11 });
  const caught = (kept?: (row: OperationsRow) => boolean): number =>
    shifts.filter((shift) => problemsOf(shift, kept).length > 0).length;

  test('a contact center that takes a lead which comes twice for two', () => {
    vi.spyOn(VisitMemory.prototype, 'knowsLead').mockReturnValue(false);
    expect(caught()).toBeGreaterThan(2);
  });

  test('one that does not store what it moves', () => {
    vi.spyOn(InteractionBook.prototype, 'changed').mockReturnValue(undefined);
    expect(caught()).toBeGreaterThan(5);
  });

  test('one that forgets what is open when it comes back', () => {
    expect(caught((row) => row.kind !== 'interaction' || isTerminal(row.state))).toBeGreaterThan(5);
  });

  test('one that does not know that a visit is engaged', () => {
    vi.spyOn(VisitMemory.prototype, 'get').mockReturnValue(undefined);
    expect(caught()).toBeGreaterThan(0);
  });

  test('one that forgets a chat that is passed on', () => {
    vi.spyOn(ChatRouter.prototype, 'passOn').mockImplementation(function (
      this: ChatRouter,
      agent,
      chat,
      _group,
      at,
      out,
    ) {
      this.letGo(agent, chat, at, out);
    });
    expect(caught()).toBeGreaterThan(0);
  });

  /** A visitor asks for a chat, which an agent rejects; he leaves, and asks again in the next life of the contact center. */
  const REJECTED = shiftOfActs(['reactiveChat', 'rejectOffer', 'chatLeft', 'reactiveChat']);

  test('nothing in a chat that is rejected, left and asked for again', () => {
    expect(problemsOf(REJECTED)).toEqual([]);
  });

  test('one that ends a chat which its agent rejects', () => {
    vi.spyOn(ChatRouter.prototype, 'reject').mockImplementation((agent, chatId) => void agent.slots.delete(chatId));
    expect(problemsOf(REJECTED)).toContain('r-ask-1 is offered and at no desk');
  });

  test('one in which offers ring for ever', () => {
    vi.spyOn(ChatRouter.prototype, 'ringOverdue').mockReturnValue(undefined);
    expect(caught()).toBeGreaterThan(5);
  });

  test('one in which chats ring on where their agent has logged out', () => {
    vi.spyOn(ChatRouter.prototype, 'agentsGone').mockReturnValue(undefined);
    expect(caught()).toBeGreaterThan(5);
  });

  test('one that does not remember whom it has let in', () => {
    vi.spyOn(ReactiveDesk.prototype, 'restore').mockReturnValue(undefined);
    expect(problemsOf(REJECTED)).toContain('r-ask-1 was queued when it was over');
  });

  test('one whose pacers forget at a what-if what they have promised', () => {
    const { command } = PacingDesk.prototype;
    vi.spyOn(PacingDesk.prototype, 'command').mockImplementation(function (this: PacingDesk, given, roomOf, at) {
      return command.call(this, given, (group) => ({ ...roomOf(group), pending: [] }), at);
    });
    expect(caught()).toBeGreaterThan(0);
  });

  test('nothing where nothing is broken', () => {
    expect(caught()).toBe(0);
  });
});

/** A second between acts of the first visitor and the first agent; the contact center is killed before the last of them. */
function shiftOfActs(kinds: readonly FaultyShift['acts'][number]['kind'][]): FaultyShift {
  const acts = kinds.map((kind, index) => {
    const fate = index === kinds.length - 1 ? ('killedBefore' as const) : ('delivered' as const);
    return { kind, visit: 1, back: 0, agent: 1, afterMs: 1_000, fate };
  });
  return { acts, habits: ['engage'], autoStop: true, voice: false, formMs: 120_000, ringMs: null, whenMissed: 'ready' };
}
