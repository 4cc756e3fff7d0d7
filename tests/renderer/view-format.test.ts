/** Numbers, durations and clocks as the screen writes them. */
import { describe, expect, it } from 'vitest';
import {
  formatCount,
  formatDuration,
  formatElapsed,
  formatNumber,
  formatRate,
  formatReachedSpeed,
  formatShare,
} from '#renderer/view/format.ts';
import { createScenarioClock } from '#renderer/view/scenario-clock.ts';

/** Thin spaces as plain ones. */
const plain = (text: string): string => text.replaceAll('\u202f', ' ');

describe('numbers', () => {
  it.each([
    [0.8333, '0.83'],
    [36.4722, '36.5'],
    [312.4, '312'],
    [9.996, '10.0'],
    [99.96, '100'],
    [999.6, '1,000'],
    [16_437, '16,440'],
    [0.000032, '3.2e-5'],
    [0, '0'],
    [-4.2, '-4.20'],
    [null, '–'],
    [Number.NaN, '–'],
  ])('%s is written %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it('of a rate keep their width near zero', () => {
    expect([0, 0.004, 0.02, 9.99].map(formatRate).map((text) => text.length)).toEqual([4, 4, 4, 4]);
  });

  it.each([
    [0.029, '2.9 %'],
    [0.0994, '9.9 %'],
    [0.0995, '10 %'],
    [0.301, '30 %'],
    [1, '100 %'],
    [0, '0.0 %'],
    [null, '–'],
  ])('the share %s is written %s', (share, text) => {
    expect(plain(formatShare(share))).toBe(text);
  });

  it('count whole things', () => {
    expect([0, 999, 1_234, 17_000_000, null].map(formatCount)).toEqual(['0', '999', '1,234', '17,000,000', '–']);
  });

  it('of a reached speed are readable from 1x to thousands', () => {
    expect([0.98, 9.97, 98.4, 2_483].map(formatReachedSpeed)).toEqual(['1.0x', '10x', '98x', '2,480x']);
  });
});

describe('durations', () => {
  it.each([
    [350, '350 ms'],
    [4_200, '4.2 s'],
    [9_960, '10 s'],
    [90_000, '1 min 30 s'],
    [3_600_000, '1 h'],
    [4_800_000, '1 h 20 min'],
    [183_600_000, '2 d 3 h'],
    [null, '–'],
  ])('%s ms is said %s', (ms, text) => {
    expect(plain(formatDuration(ms))).toBe(text);
  });

  it('elapsed count on beyond a day', () => {
    expect([0, 2_232_999, 86_399_000, 93_900_000].map(formatElapsed).map(plain)).toEqual([
      '00:00:00',
      '00:37:12',
      '23:59:59',
      '1 d 02:05:00',
    ]);
  });
});

describe('the clock of a scenario', () => {
  const winter = Date.UTC(2026, 2, 2, 8);

  it('shows the time of its zone, not of this machine', () => {
    const berlin = createScenarioClock(winter, 'Europe/Berlin');
    expect(berlin.time(2_232_000)).toBe('09:37:12');
    expect(berlin.minute(0)).toBe('09:00');
    expect(berlin.day(0)).toBe('Mon 2 Mar');
    expect(createScenarioClock(winter, 'America/New_York').time(0)).toBe('03:00:00');
  });

  it('goes through the change to summer time', () => {
    const clock = createScenarioClock(Date.UTC(2026, 2, 29, 0, 59, 59), 'Europe/Berlin');
    expect([clock.time(0), clock.time(1_000)]).toEqual(['01:59:59', '03:00:00']);
  });

  it('writes midnight as 00, and reads a zone that nobody knows as UTC', () => {
    expect(createScenarioClock(Date.UTC(2026, 0, 1), 'Mars/Olympus').time(0)).toBe('00:00:00');
  });
});
