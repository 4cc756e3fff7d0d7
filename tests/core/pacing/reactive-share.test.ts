/** How many reactive visitors are let in: the published figures, and that Erlang A gives the goal back at the rate found. */
import { describe, expect, test } from 'vitest';
import { createPacer } from '#core/pacing/create-pacer.ts';
import { rateWithinGoal, reactiveShareWithin } from '#core/pacing/reactive-share.ts';
import { reservedSlots } from '#core/pacing/reserved-slots.ts';
import { abandonmentGoal } from '#tests/core/pacing/fixture-pacing.ts';

const group = { releasePerSecond: 1 / 240, abandonPerSecond: 1 / 60, goalShare: 0.03 };

describe('the rate of reactive chats that keeps the goal', () => {
  test.each([
    [20, 6, 0.040853, 0.817058],
    [20, 12, 0.018989, 0.379784],
  ])('%i slots, %i of them reserved: %f a second, %f of 0.05', (slots, reserved, rate, share) => {
    expect(rateWithinGoal({ ...group, slots: slots - reserved })).toBeCloseTo(rate, 6);
    expect(reactiveShareWithin({ ...group, slots: slots - reserved }, 0.05)).toBeCloseTo(share, 6);
  });

  test.each([
    [5, 32.915221],
    [10, 93.805624],
    [30, 373.859918],
    [100, 1423.298329],
  ])('%i slots: %f an hour, the rows of Erlang A at the goal', (slots, perHour) => {
    expect(3600 * rateWithinGoal({ ...group, slots })).toBeCloseTo(perHour, 5);
  });

  test.each([
    [5, 28.128086],
    [10, 82.941266],
    [30, 345.934189],
    [100, 1361.908424],
    [300, 4381.738733],
  ])('%i slots where nobody waits: %f an hour', (slots, perHour) => {
    expect(3600 * rateWithinGoal({ ...group, slots, abandonPerSecond: Infinity })).toBeCloseTo(perHour, 5);
  });

  test('none where no slot is left, all where none ask', () => {
    expect(reactiveShareWithin({ ...group, slots: 0 }, 0.05)).toBe(0);
    expect(reactiveShareWithin({ ...group, slots: 3 }, 0)).toBe(1);
  });
});

describe('slots kept for proactive chats', () => {
  test.each([
    [20, 0.3, 6],
    [20, 0.29, 6],
    [10, 0.01, 1],
    [7, 1, 7],
    [7, 0, 0],
    [100, 0.07, 7],
  ])('%i slots, share %f: %i', (slots, share, reserved) => {
    expect(reservedSlots(slots, share)).toBe(reserved);
  });
});

describe('reactiveState', () => {
  const dual = { ...abandonmentGoal, algorithm: 'SUPER_PROGRESSIVE_DUAL' } as const;

  test('is for the DUAL algorithms alone', () => {
    expect(createPacer('chat', abandonmentGoal).reactiveState).toBeNull();
    expect(createPacer('chat', { ...abandonmentGoal, algorithm: 'PREDICTIVE_B' }).reactiveState).toBeNull();
  });

  test('at a ratio of 0 it falls as at any other where reactive chats are protected, which they are unless told', () => {
    const pacer = createPacer('chat', { ...dual, proactiveShare: 0 });
    pacer.setSlots(20, 0);
    for (let second = 0; second < 600; second += 1) {
      pacer.reactiveAsked(1_000 * second);
      pacer.refresh(1_000 * second);
    }
    expect(pacer.reactiveState).toBeLessThan(0.2);
  });

  test.each([
    [0, 1],
    [1, 0],
  ])('a ratio of %f makes it %i without protection, however many ask', (proactiveShare, state) => {
    const pacer = createPacer('chat', { ...dual, proactiveShare, reactiveProtected: false });
    expect(pacer.reactiveState).toBe(state);
    pacer.setSlots(20, 0);
    for (let second = 0; second < 600; second += 1) {
      pacer.reactiveAsked(1_000 * second);
      pacer.refresh(1_000 * second);
      expect(pacer.reactiveState).toBe(state);
    }
  });

  test('falls as more ask than the slots left to them can take', () => {
    const pacer = createPacer('chat', { ...dual, proactiveShare: 0.6 });
    pacer.setSlots(20, 0);
    const stateAfter = (seconds: number, everySeconds: number, from: number): number => {
      for (let second = from; second < from + seconds; second += 1) {
        if (second % everySeconds === 0) pacer.reactiveAsked(1_000 * second);
        pacer.refresh(1_000 * second);
      }
      return pacer.reactiveState ?? Number.NaN;
    };
    const quiet = stateAfter(3_600, 100, 0);
    const crowded = stateAfter(3_600, 10, 3_600);
    expect(quiet).toBeGreaterThan(0.7);
    expect(crowded).toBeLessThan(0.3);
    expect(crowded).toBeGreaterThan(0.02);
  });
});
