/** Timers on domain time: a pause holds them, a resume lets them go in their order. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createNextLaw, DomainClock, type ClockLaw } from '#node/domain-clock.ts';
import { DomainTimers } from '#node/domain-timers.ts';

const LAW: ClockLaw = { anchorMonoMs: 0, anchorDomainMs: 10_000, speed: 1, fromMonoMs: 0 };

describe('domain timers', () => {
  let clock: DomainClock;
  let timers: DomainTimers;
  let rang: string[];
  const ring = (name: string) => (): void => {
    rang.push(name);
  };

  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
    rang = [];
    clock = new DomainClock(LAW, () => Date.now());
    timers = new DomainTimers(clock);
  });
  afterEach(() => {
    timers.close();
    vi.useRealTimers();
  });

  test('call in order of time, and of asking among equals', () => {
    timers.at(10_300, ring('c'));
    timers.at(10_100, ring('a'));
    timers.at(10_300, ring('d'));
    timers.at(10_200, ring('b'));
    vi.advanceTimersByTime(299);
    expect(rang).toEqual(['a', 'b']);
    vi.advanceTimersByTime(1);
    expect(rang).toEqual(['a', 'b', 'c', 'd']);
  });

  test('what is past is called soon, but not within the asking', () => {
    timers.at(9_000, ring('past'));
    expect(rang).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(rang).toEqual(['past']);
  });

  test('nothing rings in a pause; after it all do, in order', () => {
    for (let number = 50; number >= 1; number -= 1) timers.at(10_000 + number * 10, ring(`${number}`));
    const pause = createNextLaw(LAW, 105, 0);
    clock.set(pause);
    vi.advanceTimersByTime(100_000);
    expect(rang).toHaveLength(10);
    clock.set(createNextLaw(pause, 100_020, 1));
    vi.advanceTimersByTime(100_000);
    expect(rang).toEqual(Array.from({ length: 50 }, (_, index) => `${index + 1}`));
  });

  test('are asked for in a pause too', () => {
    clock.set(createNextLaw(LAW, 0, 0));
    timers.at(10_000, ring('now'));
    timers.at(10_001, ring('never'));
    vi.advanceTimersByTime(60_000);
    expect(rang).toEqual(['now']);
  });

  test('slow motion stretches what is already waiting', () => {
    timers.at(10_100, ring('a'));
    clock.set(createNextLaw(LAW, 50, 0.1));
    vi.advanceTimersByTime(549);
    expect(rang).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(rang).toEqual(['a']);
  });

  test('what rings may ask again, and thousands at once leave others their turn', () => {
    let left = 1_000;
    const again = (): void => {
      left -= 1;
      if (left > 0) timers.at(10_010, again);
    };
    timers.at(10_010, again);
    vi.advanceTimersByTime(10);
    expect(left).toBe(1_000 - 256);
    vi.advanceTimersByTime(20);
    expect(left).toBe(0);
  });

  test('a wait longer than the longest timer of Node is kept', () => {
    const longMs = 2 ** 31 + 5_000;
    timers.at(10_000 + longMs, ring('late'));
    vi.advanceTimersByTime(longMs - 1);
    expect(rang).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(rang).toEqual(['late']);
  });

  test('after closing none rings', () => {
    timers.at(10_010, ring('a'));
    timers.close();
    timers.at(10_020, ring('b'));
    vi.advanceTimersByTime(1_000);
    expect([rang, timers.waiting]).toEqual([[], 0]);
  });
});
