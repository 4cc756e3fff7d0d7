/** The domain clock: pauses, slow motion, laws that hold from a moment on, and time that never goes back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createNextLaw, DomainClock, domainMsAt, type ClockLaw } from '#node/domain-clock.ts';

const START = 1_700_000_000_000;
const LAW: ClockLaw = { anchorMonoMs: 1_000, anchorDomainMs: START, speed: 1, fromMonoMs: 1_000 };

function clockAt(law: ClockLaw): { clock: DomainClock; mono: { ms: number } } {
  const mono = { ms: law.fromMonoMs };
  return { clock: new DomainClock(law, () => mono.ms), mono };
}

describe('a domain clock', () => {
  test('shows whole ms, rounded down, and us that agree with them', () => {
    const { clock, mono } = clockAt(LAW);
    mono.ms = 1_007.75;
    expect(clock.now()).toBe(START + 7);
    expect(clock.nowUs()).toBe((START + 7) * 1_000 + 750);
  });

  test('stands still in a pause, and goes on from there', () => {
    const { clock, mono } = clockAt(LAW);
    const pause = createNextLaw(LAW, 2_000, 0);
    clock.set(pause);
    mono.ms = 5_000;
    expect([clock.now(), clock.paused, clock.wallMsUntil(START + 1_001)]).toEqual([START + 1_000, true, Infinity]);
    clock.set(createNextLaw(pause, 6_000, 1));
    mono.ms = 6_250;
    expect([clock.now(), clock.paused]).toEqual([START + 1_250, false]);
  });

  test('runs slower in slow motion', () => {
    const { clock, mono } = clockAt({ ...LAW, speed: 0.25 });
    mono.ms = 1_400;
    expect(clock.now()).toBe(START + 100);
    expect(clock.wallMsUntil(START + 200)).toBe(400);
  });

  test('keeps the old law until the new one holds, and knows the way across', () => {
    const { clock, mono } = clockAt(LAW);
    clock.set(createNextLaw(LAW, 1_020, 0.5));
    expect(clock.wallMsUntil(START + 10)).toBe(10);
    expect(clock.wallMsUntil(START + 30)).toBe(20 + 20);
    mono.ms = 1_019;
    expect([clock.now(), clock.speed]).toEqual([START + 19, 1]);
    mono.ms = 1_030;
    expect([clock.now(), clock.speed]).toEqual([START + 25, 0.5]);
  });

  test('a later order replaces one that was to come after it', () => {
    const { clock, mono } = clockAt(LAW);
    clock.set(createNextLaw(LAW, 1_500, 0));
    clock.set(createNextLaw(LAW, 1_100, 2));
    mono.ms = 2_000;
    expect(clock.now()).toBe(START + 100 + 1_800);
  });

  test('holds still where a law would take it back', () => {
    const { clock, mono } = clockAt(LAW);
    mono.ms = 2_000;
    expect(clock.now()).toBe(START + 1_000);
    clock.set({ anchorMonoMs: 2_000, anchorDomainMs: START + 400, speed: 1, fromMonoMs: 2_000 });
    mono.ms = 2_100;
    expect(clock.now()).toBe(START + 1_000);
    expect(clock.wallMsUntil(START + 1_000)).toBe(0);
    mono.ms = 2_601;
    expect(clock.now()).toBe(START + 1_001);
  });

  test('two processes that are given the laws at other moments show the same time', () => {
    const speeds = fc.array(fc.tuple(fc.constantFrom(0, 0.1, 1, 4), fc.integer({ min: 20, max: 500 })), {
      maxLength: 8,
    });
    const property = fc.property(speeds, fc.integer({ min: 0, max: 19 }), (changes, lateMs) => {
      const early = clockAt(LAW);
      const late = clockAt(LAW);
      let law = LAW;
      let previousMs = -Infinity;
      for (const [speed, pauseMs] of changes) {
        law = createNextLaw(law, law.fromMonoMs + pauseMs, speed);
        const setAtMs = law.fromMonoMs - 20;
        early.mono.ms = Math.max(early.mono.ms, setAtMs);
        early.clock.set(law);
        late.mono.ms = Math.max(late.mono.ms, setAtMs + lateMs);
        late.clock.set(law);
        early.mono.ms = late.mono.ms = law.fromMonoMs + 1;
        expect(early.clock.nowUs()).toBe(late.clock.nowUs());
        expect(early.clock.nowUs()).toBeGreaterThanOrEqual(previousMs);
        previousMs = early.clock.nowUs();
      }
      expect(early.clock.now()).toBe(Math.floor(domainMsAt(law, early.mono.ms)));
    });
    fc.assert(property);
  });
});
