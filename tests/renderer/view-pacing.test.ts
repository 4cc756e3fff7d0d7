/** The Pacing screen's figures without a screen: which stretch is shown, what a row joins, which charts there are and what they read. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PacingInForce, PacingPoint, SeriesPoint, WhatIfMark } from '#protocol/run-feed.ts';
import { goalsOf, type ChartsContext } from '#renderer/view/pacing-chart.ts';
import { pacingCharts } from '#renderer/view/pacing-charts.ts';
import { formatRange } from '#renderer/view/pacing-charts-promise.ts';
import { decisionPointAt, pacingRows, rowAt, type PacingRow } from '#renderer/view/pacing-rows.ts';
import { answerWhatIf, changeBack, whatIfForm } from '#renderer/view/what-if-form.ts';
import { describeSilence, linesOfNotices } from '#renderer/view/pacing-words.ts';
import { spanOfChoice, zoomAround, zoomTo } from '#renderer/view/span-choice.ts';

const HOUR = 3_600_000;

const count = (atMs: number, more: Partial<SeriesPoint> = {}): SeriesPoint =>
  ({ atMs, bucketMs: 15_000, sent: 0, refused: 0, waiting: 0, ...more }) as SeriesPoint;

const point = (atMs: number, more: Partial<PacingPoint> = {}): PacingPoint => ({
  atMs,
  group: 'chat',
  allowed: 2,
  sent: 1,
  pending: 3,
  waiting: 0,
  slots: 10,
  busy: 8,
  slotIsAgent: false,
  releasesSoon: 0.4,
  acceptDelaySeconds: 8,
  risk: 0.0391,
  limit: 0.0288,
  idle: null,
  idleLimit: null,
  ledger: 1.5,
  hitShare: 0.29,
  binding: 'risk',
  reactive: null,
  abandonmentShare: 0.014,
  busyShare: 0.8,
  abandonmentRange: [0.006, 0.031],
  busyRange: null,
  sentence: '2 invites',
  ...more,
});

describe('the stretch that is shown', () => {
  it('follows the clock as a window, and stands still when it is zoomed into', () => {
    expect(spanOfChoice('5m', HOUR, 2 * HOUR, false)).toEqual({ fromMs: HOUR - 300_000, toMs: HOUR });
    const zoomed = { fromMs: 1_000, toMs: 61_000 };
    expect(spanOfChoice(zoomed, HOUR, 2 * HOUR, true)).toBe(zoomed);
  });

  it('is what was dragged over in either direction, half a minute at least, and all of the run as a window again', () => {
    expect(zoomTo(100_000, 200_000, HOUR)).toEqual({ fromMs: 100_000, toMs: 200_000 });
    expect(zoomTo(200_000, 100_000, HOUR)).toEqual({ fromMs: 100_000, toMs: 200_000 });
    expect(zoomTo(100_000, 101_000, HOUR)).toEqual({ fromMs: 85_500, toMs: 115_500 });
    expect(zoomTo(-HOUR, 2 * HOUR, HOUR)).toBe('all');
    expect(zoomTo(5_000, 6_000, 20_000)).toBe('all');
  });

  it('never leaves the run, and keeps the moment in it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: HOUR }),
        fc.integer({ min: 0, max: HOUR }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(0.5, 2),
        (first, second, share, factor) => {
          const span = spanOfChoice(zoomTo(first, second, HOUR), 0, HOUR, false);
          const at = span.fromMs + share * (span.toMs - span.fromMs);
          const next = spanOfChoice(zoomAround(span, at, factor, HOUR), 0, HOUR, false);
          expect(next.fromMs).toBeGreaterThanOrEqual(0);
          expect(next.toMs).toBeLessThanOrEqual(HOUR);
          expect(next.toMs - next.fromMs).toBeGreaterThanOrEqual(29_999);
          expect(at).toBeGreaterThanOrEqual(next.fromMs - 1);
          expect(at).toBeLessThanOrEqual(next.toMs + 1);
        },
      ),
    );
  });
});

describe('a row of the charts', () => {
  it('has its counts and the decision in force at its end, none where pacing was silent for a minute', () => {
    const rows = pacingRows(
      [15_000, 30_000, 45_000, 120_000].map((atMs) => count(atMs)),
      [point(10_000, { allowed: 1 }), point(14_000, { allowed: 2 }), point(44_000, { allowed: 3 })],
      [],
      [],
    );
    expect(rows.map((row) => row.point?.allowed ?? null)).toEqual([2, 2, 3, null]);
    expect(rows.every(({ beside }) => beside === null)).toBe(true);
  });

  it('has beside it what the counterpart counted at that time, whose buckets may be longer, and nothing beyond its end', () => {
    const rows = pacingRows(
      [15_000, 30_000, 45_000, 60_000, 75_000].map((atMs) => count(atMs)),
      [],
      [count(60_000, { bucketMs: 60_000, sent: 4 })],
      [point(59_000, { busyShare: 0.5 })],
    );
    expect(rows.map(({ beside }) => beside?.count.sent ?? null)).toEqual([4, 4, 4, 4, null]);
    expect(rows.map(({ beside }) => beside?.point?.busyShare ?? null)).toEqual([null, null, null, 0.5, null]);
  });

  it('is found by the moment pointed at, and so is the decision of that second and group', () => {
    const rows = pacingRows([count(15_000), count(30_000)], [], [], []);
    expect([null, 1, 15_000, 15_001, 99_000].map((at) => rowAt(rows, at)?.atMs)).toEqual([
      30_000, 15_000, 15_000, 30_000, 30_000,
    ]);
    const points = [point(1_000), point(1_000, { group: 'other' }), point(2_000), point(3_000, { group: 'other' })];
    expect([null, 0, 1_001, 2_500].map((at) => decisionPointAt(points, 'chat', at)?.atMs)).toEqual([
      2_000, 1_000, 2_000, 2_000,
    ]);
    expect(decisionPointAt(points, 'nobody', 5)).toBeUndefined();
  });
});

const CONTEXT: ChartsContext = {
  goal: { target: 'ABANDONMENT_RATE', share: 0.03 },
  goals: [{ fromMs: 0, goal: { target: 'ABANDONMENT_RATE', share: 0.03 } }],
  isDual: false,
  isPlain: false,
  isVoice: false,
  slotIsAgent: false,
  besideName: null,
};
const names = (more: Partial<ChartsContext> = {}): readonly string[] =>
  pacingCharts({ ...CONTEXT, ...more }).map(({ name }) => name);

const row: PacingRow = {
  atMs: 15_000,
  count: count(15_000, { sent: 2, refused: 1 }),
  point: point(15_000),
  beside: null,
};

function read(context: Partial<ChartsContext>, chart: string, at: PacingRow = row): Record<string, string> {
  const found = pacingCharts({ ...CONTEXT, ...context }).find(({ name }) => name === chart);
  return Object.fromEntries((found?.keys ?? []).map(({ name, value }) => [name, value(at)]));
}

describe('the charts of pacing', () => {
  it('stand in their order, by what is promised, weighed and looked at', () => {
    expect(names()).toEqual(['allowed', 'sent', 'slots', 'waiting', 'risk', 'ledger', 'abandonment', 'busy']);
    expect(names({ goal: { target: 'BUSY_FACTOR', share: 0.8 } })).toContain('idle');
    expect(names({ goal: { target: 'BUSY_FACTOR', share: 0.8 } })).not.toContain('ledger');
    expect(names({ isDual: true }).slice(-2)).toEqual(['reactive', 'price']);
    expect(names({ isPlain: true })).toEqual(['allowed', 'sent', 'slots', 'waiting', 'abandonment', 'busy']);
  });

  it('read rates a minute, slots free now and soon, and shares with their intervals', () => {
    expect(read({}, 'sent')).toEqual({ 'invites sent': '8.00', 'leads refused': '4.00' });
    expect(read({}, 'slots')).toEqual({ free: '2', 'free soon': '2.4', 'logged in': '10' });
    expect(read({}, 'risk')).toEqual({ 'of the next': '0.0391', limit: '0.0288' });
    expect(read({}, 'ledger')).toEqual({ credit: '+1.50' });
    expect(read({}, 'abandonment')).toEqual({ 'so far': '1.4\u202f%', interval: '0.6–3.1\u202f%' });
    expect(read({}, 'busy')).toEqual({ 'so far': '80\u202f%', interval: '–' });
    expect(formatRange([0, 0.2])).toBe('0.0–20\u202f%');
  });

  it('call what is lost by the name that it has on the channel', () => {
    const titled = (isVoice: boolean) => {
      const chart = pacingCharts({ ...CONTEXT, isVoice }).find(({ name }) => name === 'abandonment');
      return [chart?.title, chart?.unit, chart?.series.at(-1)?.name];
    };
    expect(titled(false)).toEqual(['Abandoned', 'goal ≤ 3.0\u202f%', 'abandoned']);
    expect(titled(true)).toEqual(['Late', 'goal ≤ 3.0\u202f%', 'late']);
  });

  it('say that all are allowed where a plain rule knows no bound', () => {
    const open = { ...row, point: point(15_000, { allowed: 1_000_000, binding: 'rule' }) };
    expect(read({ isPlain: true }, 'allowed', open)['allowed now']).toBe('all');
    const chart = pacingCharts({ ...CONTEXT, isPlain: true })[0];
    expect(chart?.top([open])).toBe(40);
  });

  it('show nothing where there is nothing to show', () => {
    const silent = { ...row, point: null };
    for (const { keys, series } of pacingCharts({ ...CONTEXT, isDual: true })) {
      for (const { value } of keys) expect(value(silent)).toMatch(/^(–|\d)/);
      for (const { value } of series) expect(() => value(silent)).not.toThrow();
    }
  });

  it('never hold more than six series, with the counterpart beside them', () => {
    for (const isDual of [true, false]) {
      for (const { series } of pacingCharts({ ...CONTEXT, isDual, besideName: 'progressive' }))
        expect(series.length).toBeLessThanOrEqual(6);
    }
    const beside = { count: count(15_000, { sent: 1 }), point: point(15_000, { busyShare: 0.7 }) };
    expect(read({ besideName: 'progressive' }, 'busy', { ...row, beside })['progressive']).toBe('70\u202f%');
    expect(read({ besideName: 'progressive' }, 'sent', { ...row, beside })['progressive']).toBe('4.00');
    expect(read({ besideName: 'progressive' }, 'busy')['progressive']).toBe('–');
  });

  it('draw the goal as one line, and as steps where pacing was told another', () => {
    const inForce = {
      algorithm: 'SUPER_PROGRESSIVE',
      target: 'ABANDONMENT_RATE',
      goalShare: 0.03,
      proactiveShare: 0,
      pacedBy: 'algorithm',
    } as const;
    const of = (context: Partial<ChartsContext>, chart: string): ReturnType<typeof pacingCharts>[number] | undefined =>
      pacingCharts({ ...CONTEXT, ...context }).find(({ name }) => name === chart);
    expect(of({}, 'abandonment')?.goal).toBe(0.03);
    expect(of({}, 'busy')?.goal).toBeNull();
    const marks = [
      { atMs: 20_000, before: inForce, after: { ...inForce, goalShare: 0.05 } },
      {
        atMs: 40_000,
        before: { ...inForce, goalShare: 0.05 },
        after: { ...inForce, target: 'BUSY_FACTOR', goalShare: 0.8 },
      },
    ] as unknown as readonly WhatIfMark[];
    const goal = { target: 'BUSY_FACTOR', share: 0.8 } as const;
    const goals = goalsOf({ goal, whatIfs: marks });
    const course = (chart: string): readonly unknown[] => {
      const line = of({ goal, goals }, chart)?.series.find(({ name }) => name === 'goal');
      return [10_000, 20_000, 30_000, 40_000, 50_000].map((atMs) => line?.value({ ...row, atMs }));
    };
    expect(course('abandonment')).toEqual([0.03, 0.05, 0.05, null, null]);
    expect(course('busy')).toEqual([null, null, null, 0.8, 0.8]);
    expect(of({ goal, goals }, 'busy')?.goal).toBeNull();
  });

  it('of a DUAL algorithm tell who is let in, what is kept, and the price of a slot', () => {
    const reactive = {
      askedPerSecond: 0.02,
      reactiveState: 0.8,
      busy: 3,
      queued: 0,
      reserved: 4,
      ledger: 0.5,
      wholeRisk: 0.031,
      wholeLimit: 0.04,
    };
    const dual = { ...row, point: point(15_000, { reactive }) };
    expect(read({ isDual: true }, 'reactive', dual)).toEqual({
      'let in': '80\u202f%',
      'kept for invited': '4 of 10',
      ask: '1.20\u202f/min',
    });
    expect(read({ isDual: true }, 'price', dual)).toEqual({ price: '0.0310', limit: '0.0400' });
    expect(read({ isDual: true }, 'ledger', dual)['of all chats']).toBe('+0.50');
  });
});

describe('the form of a what-if', () => {
  const inForce: PacingInForce = {
    algorithm: 'SUPER_PROGRESSIVE',
    target: 'ABANDONMENT_RATE',
    goalShare: 0.03,
    proactiveShare: 0.2,
    pacedBy: 'algorithm',
  };
  const form = whatIfForm(inForce);

  it('begins with what is in force, and then changes nothing', () => {
    expect(form).toEqual({ ...form, goal: 3, proactiveRatio: 20 });
    expect(answerWhatIf(inForce, form)).toEqual({ change: null, problems: {} });
  });

  it('tells what was changed and no more, a target always with its goal', () => {
    expect(answerWhatIf(inForce, { ...form, goal: 5 }).change).toEqual({ goalShare: 0.05 });
    expect(answerWhatIf(inForce, { ...form, target: 'BUSY_FACTOR' }).change).toEqual({
      target: 'BUSY_FACTOR',
      goalShare: 0.03,
    });
    expect(answerWhatIf(inForce, { ...form, pacedBy: 'ratio' }).change).toEqual({ pacedBy: 'ratio' });
    expect(answerWhatIf(inForce, { ...form, proactiveRatio: 40 }).change).toBeNull();
    expect(answerWhatIf(inForce, { ...form, algorithm: 'PREDICTIVE_B_DUAL', proactiveRatio: 40 }).change).toEqual({
      algorithm: 'PREDICTIVE_B_DUAL',
      proactiveShare: 0.4,
    });
  });

  it.each([null, 0, 100])('refuses a goal of %s', (goal) => {
    const { change, problems } = answerWhatIf(inForce, { ...form, goal });
    expect(change).toBeNull();
    expect(problems.goal).toBe('from 1 to 99 %');
  });

  it('goes back to all that was in force', () => {
    expect(changeBack(inForce)).toEqual(inForce);
  });
});

describe('what the screens say where there is no decision', () => {
  it('tells pacing that is off from pacing that has not spoken yet', () => {
    expect(describeSilence({ pacing: null })).toMatch(/^Pacing is off in this run: everybody is invited/);
    expect(describeSilence({ pacing: {} as PacingInForce })).toMatch(/^No decision yet/);
  });

  it('keeps alarms and notes apart, one a line', () => {
    const pacingNotices = [
      { tone: 'note', text: 'a' },
      { tone: 'alarm', text: 'b' },
      { tone: 'note', text: 'c' },
    ] as const;
    expect(linesOfNotices({ pacingNotices })).toEqual({ alarm: 'b', note: 'a\nc' });
    expect(linesOfNotices(null)).toEqual({ alarm: '', note: '' });
  });
});
