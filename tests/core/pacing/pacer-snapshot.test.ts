/** A pacer that takes over from another decides as it would have, to the last figure that rounding allows. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPacer } from '#core/pacing/create-pacer.ts';
import type { PacerRoom, PacerSnapshot } from '#core/pacing/pacer-snapshot.ts';
import type { Pacer, PacingDecision, PacingSettings } from '#core/pacing/pacer.ts';
import { abandonmentGoal, busyGoal } from '#tests/core/pacing/fixture-pacing.ts';

const happening = fc.record({
  kind: fc.constantFrom(
    'lead',
    'lead',
    'accept',
    'other',
    'returned',
    'start',
    'recall',
    'abandon',
    'late',
    'again',
    'release',
    'slots',
    'asked',
  ),
  pick: fc.nat({ max: 9 }),
  afterMs: fc.nat({ max: 3_000 }),
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** A group's room, which tells its pacers what happens in it. */
class Room {
  pacers: Pacer[] = [];
  slots = 6;
  readonly busy: string[] = [];
  readonly queued: string[] = [];
  readonly pending: { id: string; sentAt: number }[] = [];
  /** Chats that the goal counts no more. */
  readonly safe = new Set<string>();
  #made = 0;

  happen({ kind, pick }: Happening, at: number): (PacingDecision | undefined)[] {
    const told: (PacingDecision | undefined)[] = [];
    const tell = (what: (pacer: Pacer) => PacingDecision | undefined): void => {
      for (const pacer of this.pacers) told.push(what(pacer));
    };
    const of = <T>(list: T[]): T | undefined => list.splice(pick % Math.max(1, list.length), 1)[0];
    if (kind === 'lead') {
      const id = `i${(this.#made += 1)}`;
      let granted = false;
      tell((pacer) => {
        const permit = pacer.requestPermit(id, at);
        granted ||= permit.granted;
        return permit.decision;
      });
      if (granted) this.pending.push({ id, sentAt: at });
    } else if (kind === 'accept' || kind === 'other' || kind === 'returned') {
      const invite = of(this.pending);
      if (invite === undefined) return told;
      tell((pacer) => void pacer.inviteEnded(invite.id, kind === 'accept' ? 'accepted' : kind, at));
      if (kind !== 'accept') return told;
      tell((pacer) => void pacer.chatQueued(invite.id, at));
      this.queued.push(invite.id);
    } else if (kind === 'again') {
      const id = `s${(this.#made += 1)}`;
      this.safe.add(id);
      if (pick % 2 === 0) tell((pacer) => void pacer.chatPromised(id, at));
      tell((pacer) => void pacer.chatQueued(id, at, false));
      this.queued.push(id);
    } else if (kind === 'late') {
      const chat = [...this.queued, ...this.busy].find((id) => !this.safe.has(id));
      if (chat === undefined) return told;
      this.safe.add(chat);
      tell((pacer) => void pacer.chatLate(chat, at));
    } else if (kind === 'recall') {
      const chat = of(this.busy);
      if (chat === undefined) return told;
      tell((pacer) => void pacer.chatRecalled(chat, at));
      this.queued.push(chat);
    } else if (kind === 'asked') {
      const id = `r${(this.#made += 1)}`;
      tell((pacer) => void pacer.reactiveAsked(at));
      if (pick % 2 === 1) return told;
      tell((pacer) => void pacer.reactiveLetIn(id, at));
      tell((pacer) => void pacer.chatQueued(id, at));
      this.queued.push(id);
    } else if (kind === 'slots') {
      this.slots = pick;
      tell((pacer) => void pacer.setSlots(pick, at));
    } else if (kind === 'release') {
      const chat = of(this.busy);
      if (chat === undefined) return told;
      tell((pacer) => void pacer.slotReleased(chat, at));
    } else {
      const chat = of(this.queued);
      if (chat === undefined) return told;
      if (kind === 'start') this.busy.push(chat);
      tell((pacer) => void (kind === 'start' ? pacer.chatStarted(chat, at) : pacer.chatAbandoned(chat, at)));
    }
    return told;
  }

  refresh(at: number): PacingDecision[] {
    return this.pacers.map((pacer) => pacer.refresh(at));
  }
}

/** Figures of two decisions that differ by more than rounding. */
function differences(a: PacingDecision | undefined, b: PacingDecision | undefined): string[] {
  const [one, two] = [a, b].map((decision) => JSON.stringify(decision, round) ?? '');
  return one === two ? [] : [`${one} ${two}`];
}

function round(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(9)) : value;
}

/** What a pacer that takes over in the middle decides otherwise than the one that goes on. */
function takeOver(
  settings: PacingSettings,
  { before, after }: { before: readonly Happening[]; after: readonly Happening[] },
  kept: (snapshot: PacerSnapshot) => PacerSnapshot | null,
): string[] {
  const room = new Room();
  const old = createPacer('chat', settings);
  room.pacers = [old];
  let at = 5_000_000;
  old.setSlots(room.slots, at);
  const play = (happenings: readonly Happening[]): string[] =>
    happenings.flatMap((given, index) => {
      at += given.afterMs;
      const made = [...room.happen(given, at)];
      if (index % 3 === 0) made.push(...room.refresh(at));
      const pairs = made.length < 2 ? [] : made.flatMap((one, i) => (i % 2 === 0 ? differences(one, made[i + 1]) : []));
      return pairs;
    });
  room.pacers = [old];
  for (const given of before) {
    at += given.afterMs;
    room.happen(given, at);
    room.refresh(at);
  }
  const fresh = createPacer('chat', settings);
  const { slots, busy, queued, pending } = room;
  // Only the DUAL algorithms look at them.
  const isReactive = (id: string): boolean => settings.algorithm.endsWith('_DUAL') && id.startsWith('r');
  const isProactive = (id: string): boolean => !isReactive(id);
  const whoIsThere = {
    slots,
    busy: busy.filter(isProactive).length,
    queued: queued.filter(isProactive),
    pending: [...pending],
    safe: [...room.safe].filter((id) => busy.includes(id) || queued.includes(id)),
    reactive: { busy: busy.filter(isReactive), queued: queued.filter(isReactive) },
  } satisfies PacerRoom;
  const snapshot = JSON.parse(JSON.stringify(old.snapshot())) as PacerSnapshot;
  fresh.restore(kept(snapshot), whoIsThere, at);
  room.pacers = [old, fresh];
  return play(after);
}

const history = fc.record({
  before: fc.array(happening, { minLength: 5, maxLength: 60 }),
  after: fc.array(happening, { minLength: 5, maxLength: 60 }),
});

test.each([
  ['an abandonment goal', abandonmentGoal],
  ['a busy goal', busyGoal(0.85)],
  ['an abandonment goal by PREDICTIVE_B', { ...abandonmentGoal, algorithm: 'PREDICTIVE_B' as const }],
  ['reactive visitors', { ...abandonmentGoal, algorithm: 'SUPER_PROGRESSIVE_DUAL' as const, proactiveShare: 0.3 }],
  ['reactive visitors and a busy goal', { ...busyGoal(0.85), algorithm: 'PREDICTIVE_B_DUAL' as const }],
])('with %s', (_what, settings) => {
  fc.assert(
    fc.property(history, (given) => {
      expect(takeOver(settings, given, (snapshot) => snapshot)).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test.each([
  ['what it has learned of answers', (snapshot: PacerSnapshot) => ({ ...snapshot, response: EMPTY })],
  ['its ledger', (snapshot: PacerSnapshot) => ({ ...snapshot, ledger: null })],
  ['everything', () => null],
])('it would be noticed if it lost %s', (_what, kept) => {
  const given = fc.sample(history, { numRuns: 40, seed: 9 });
  expect(given.some((one) => takeOver(abandonmentGoal, one, kept).length > 0)).toBe(true);
});

const EMPTY: PacerSnapshot['response'] = {
  entered: [],
  accepted: [],
  ended: [],
  recentAccepted: 0,
  recentWeight: 0,
  recentSquares: 0,
};
