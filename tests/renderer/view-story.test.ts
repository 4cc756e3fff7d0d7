/** The story of a visit as the History screen tells and draws it: marks, words, filters, the zoom of its timeline, its lanes. */
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { filterMarks } from '#renderer/view/history-filter.ts';
import { besideMark, layOut } from '#renderer/view/history-lanes.ts';
import { marksOf, marksOfVisits, outcomeOf, refOf, visitKey } from '#renderer/view/history-marks.ts';
import { clampSpan, showMoment, wholeSpan, zoomSpan } from '#renderer/view/history-span.ts';
import { describeMark } from '#renderer/view/history-words.ts';
import { attempt, event, marks, page, T0, visit } from '#tests/renderer/history-records.ts';

const context = { time: (atMs: number): string => `${(atMs - T0) / 1_000} s` };

describe('a story', () => {
  it('is told newest first, with lengths, categories and who was signed in', () => {
    expect(marks().map(({ key, title, tone, isOpen, isDetail }) => [key, title, tone, isOpen, isDetail])).toEqual([
      ['attempt/A1.i1', 'Invite to a chat: accepted', 'invite', false, false],
      ['event/e4', 'Search', 'business', false, false],
      ['page/A1:P2', 'Page P2', 'page', true, false],
      ['event/e3', 'SignIn', 'identity', false, false],
      ['session/e3', 'Signed in as ada', 'identity', true, false],
      ['event/e2', 'PageEntered', 'page', false, true],
      ['page/A1:P1', 'Page P1', 'page', false, false],
      ['event/e1', 'VisitStarted', 'visit', false, false],
    ]);
    expect(marks()[2]?.categories).toEqual(['cart', 'product']);
    expect(marks()[1]?.text).toBe('searchString boots, on Home');
    expect(marks().map(refOf)[0]).toEqual({ kind: 'attempt', id: 'A1.i1' });
  });

  it('begins with the beginning of the visit, also where its first page was entered by the same request', () => {
    const records = { sessions: [], attempts: [], pages: [page('P1', 0, null)] };
    const events = [event('e2', 0), event('e1', 0, { eventName: 'VisitStarted' })];
    expect(marksOf({ ...records, events }).map(({ title }) => title)).toEqual([
      'PageEntered',
      'Page P1',
      'VisitStarted',
    ]);
  });

  it.each([
    [{ state: 'qualified', disposition: null, invitedAt: null }, 'being decided'],
    [{ state: 'invited', disposition: null }, 'on its way'],
    [{ state: 'shown', disposition: 'shown' as const }, 'shown'],
    [{ state: 'form' }, 'form open'],
    [{}, 'accepted'],
    [{ state: 'rejected', disposition: 'reject' as const }, 'rejected'],
    [{ state: 'timeout', disposition: 'timeout' as const }, 'not answered'],
    [{ state: 'failed', disposition: 'formAbandoned' as const }, 'form abandoned'],
    [{ state: 'failed', disposition: 'shown' as const }, 'shown, then silence'],
    [{ state: 'failed', disposition: null }, 'not shown'],
    [{ state: 'failed', disposition: null, invitedAt: null }, 'not invited'],
  ])('calls an attempt %j %s', (more, words) => expect(outcomeOf(attempt(more))).toBe(words));

  it('tells records in words first, figures second', () => {
    const words = marks().map((mark) => describeMark(mark, context).sentences);
    expect(words[0]).toEqual([
      'The rule “Left the basket” found the visitor worth talking to at 60 s.',
      'An invite to a chat was sent 1.0\u202fs later.',
      'It is accepted, 5.0\u202fs after the invite.',
      'It led to the conversation c-A1.i1.',
    ]);
    expect(words[1]).toEqual(['The page told of Search on “Home”.', 'It stands in the category cart.']);
    expect(words[2]?.slice(0, 2)).toEqual([
      'The visitor has been on “Page P2” since 30 s, and is still there.',
      'The page is in the categories cart and product.',
    ]);
    expect(words[3]).toEqual(['The visitor signed in as ada.']);
    expect(words[4]).toEqual(['ada signed in at 20 s, and still is.']);
    expect(words[6]?.[0]).toBe('The visitor was on “Page P1” for 29\u202fs.');
    const search = marks()[1];
    expect(search && describeMark(search, context).figures).toContainEqual({ name: 'searchString', value: 'boots' });
  });

  it("says when the browser's clock was wrong, and not for what the network takes", () => {
    const says = (offMs: number): string | undefined => {
      const [mark] = marksOf({
        pages: [],
        sessions: [],
        attempts: [],
        events: [event('e', 0, { timestamp: T0 - offMs })],
      });
      return mark && describeMark(mark, context).sentences.at(-1);
    };
    expect(says(3_600_000)).toBe("The browser's clock said 1\u202fh earlier.");
    expect(says(-90_000)).toBe("The browser's clock said 1\u202fmin 30\u202fs later.");
    expect(says(800)).toBe('The visitor opened “Home”.');
  });

  it('is filtered by kind and words, and leaves out the coming and going of pages unless asked', () => {
    const keys = (filter: Parameters<typeof filterMarks>[1]): readonly string[] =>
      filterMarks(marks(), filter).map(({ key }) => key);
    const all = { kinds: new Set<never>(), text: '', withDetail: false };
    expect(keys(all)).toHaveLength(7);
    expect(keys({ ...all, withDetail: true })).toHaveLength(8);
    expect(keys({ ...all, kinds: new Set(['page'] as const) })).toEqual(['page/A1:P2', 'page/A1:P1']);
    expect(keys({ ...all, text: 'CART boots' })).toEqual(['event/e4']);
    expect(keys({ ...all, text: 'nowhere' })).toEqual([]);
  });
});

describe('a person', () => {
  it('has his visits and the attempts to engage him on one axis, each with what came of it', () => {
    const all = marksOfVisits(
      [visit('A1', T0, 0), visit('A0', T0 - 86_400_000, T0 - 86_000_000)],
      [attempt({ disposition: 'reject', state: 'rejected' })],
    );
    expect(all.map(({ key, isOpen, ended }) => [key, isOpen, ended])).toEqual([
      ['attempt/A1.i1', false, 'reject'],
      [visitKey('A1'), true, null],
      [visitKey('A0'), false, null],
    ]);
    expect(layOut(all, { fromMs: T0 - 86_400_000, toMs: T0 }, 864, T0).map(({ name }) => name)).toEqual([
      'visit',
      'attempt',
    ]);
  });
});

describe('the span of a timeline', () => {
  const whole = { fromMs: 0, toMs: 100_000 };

  it('is the whole story with air at both ends; what goes on ends now', () => {
    const span = wholeSpan(marks(), T0 + 100_000);
    expect(span).toEqual({ fromMs: T0 - 2_000, toMs: T0 + 102_000 });
    expect(wholeSpan([], T0)).toBeNull();
  });

  it('zooms around a moment, stays inside the whole, and is the whole again in the end', () => {
    expect(zoomSpan(whole, 25_000, 0.5, whole)).toEqual({ fromMs: 12_500, toMs: 62_500 });
    expect(zoomSpan({ fromMs: 0, toMs: 10_000 }, 0, 2, whole)).toEqual({ fromMs: 0, toMs: 20_000 });
    expect(zoomSpan({ fromMs: 10_000, toMs: 90_000 }, 50_000, 2, whole)).toBeNull();
    expect(clampSpan({ fromMs: 99_900, toMs: 99_901 }, whole)).toEqual({ fromMs: 99_000, toMs: 100_000 });
  });

  it('never leaves the whole and never turns around (any zoom)', () => {
    const moments = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(moments, moments, fc.double({ min: 0.01, max: 4, noNaN: true }), (from, at, factor) => {
        const span = clampSpan({ fromMs: from, toMs: from + 5_000 }, whole) ?? whole;
        const zoomed = zoomSpan(span, at, factor, whole) ?? whole;
        expect(zoomed.fromMs).toBeGreaterThanOrEqual(whole.fromMs - 1e-6);
        expect(zoomed.toMs).toBeLessThanOrEqual(whole.toMs + 1e-6);
        expect(zoomed.toMs - zoomed.fromMs).toBeGreaterThanOrEqual(999.999);
      }),
    );
  });

  it('goes to a mark that is out of sight, and stays where it is in sight', () => {
    const span = { fromMs: 10_000, toMs: 20_000 };
    expect(showMoment(span, 15_000, whole)).toEqual(span);
    expect(showMoment(span, 50_000, whole)).toEqual({ fromMs: 45_000, toMs: 55_000 });
  });
});

describe('lanes', () => {
  it('hold spans of what lasts and marks of what happens, in pixels', () => {
    const lanes = layOut(marks(), { fromMs: T0, toMs: T0 + 100_000 }, 1_000, T0 + 90_000);
    expect(lanes.map(({ name }) => name)).toEqual(['page', 'session', 'event', 'attempt']);
    expect(lanes[0]?.spans.map(({ key, x, width }) => [key, x, width])).toEqual([
      ['page/A1:P2', 300, 600],
      ['page/A1:P1', 10, 290],
    ]);
    expect(lanes[2]?.marks.map(({ key, x }) => [key, x])).toEqual([
      ['event/e4', 400],
      ['event/e3', 200],
      ['event/e1', 0],
    ]);
    expect(lanes[3]?.spans.map(({ x, width }) => [x, width])).toEqual([[600, 60]]);
  });

  it('count marks that would lie on each other, and tell them apart when zoomed', () => {
    const crowd = marksOf({
      pages: [],
      sessions: [],
      attempts: [],
      events: Array.from({ length: 5_000 }, (_, index) =>
        event(`e${index}`, index / 10, { eventType: 'BUSINESS', eventName: 'Scroll' }),
      ),
    });
    const all = layOut(crowd, { fromMs: T0, toMs: T0 + 500_000 }, 1_000, T0)[0]?.marks ?? [];
    expect(all.length).toBeLessThan(80);
    expect(all.reduce((sum, { marks: together }) => sum + together.length, 0)).toBe(5_000);
    const near = layOut(crowd, { fromMs: T0, toMs: T0 + 1_000 }, 1_000, T0)[0]?.marks ?? [];
    expect(near.every(({ marks: together }) => together.length === 1)).toBe(true);
  });

  it('lead from mark to mark in the order of time, and over those that are not drawn', () => {
    const step = (key: string | null, way: 1 | -1): string | undefined => besideMark(marks(), key, way)?.key;
    expect(step('event/e1', 1)).toBe('page/A1:P1');
    expect(step('page/A1:P1', 1)).toBe('session/e3');
    expect(step('attempt/A1.i1', 1)).toBeUndefined();
    expect(step(null, 1)).toBe('event/e1');
    expect(step(null, -1)).toBe('attempt/A1.i1');
  });
});
