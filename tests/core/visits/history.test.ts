/** What the history is folded from: ids, order, observations, and what single cases come to. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossedVisitId, foldVisit } from '#core/visits/history-fold.ts';
import {
  observationsOf,
  pageIdOf,
  parsePageId,
  userAgentIdOf,
  type Observation,
} from '#core/visits/history-observations.ts';
import { compareCodePoints } from '#core/visits/history-order.ts';
import { sampleEvent, sampleVisit } from '#tests/stores/store-samples.ts';

const text = fc.string({ unit: 'binary' }).filter((each) => each.isWellFormed());
const MOMENT = { now: 100, crossedAt: null };

describe('ids of the history', () => {
  it('of a page holds visit and page, whatever they are called', () => {
    fc.assert(
      fc.property(text, text, (visitId, browserPageID) => {
        expect(parsePageId(pageIdOf(visitId, browserPageID))).toEqual({ visitId, browserPageID });
      }),
    );
  });

  it.each(['', 'v', 'v:p:q', 'v%:p', '%zz:p', 'v p:q', '%41:p'])('"%s" is no page', (id) => {
    expect(parsePageId(id)).toBeNull();
  });

  it('of user agents have 26 digits, always the same for the same text', () => {
    expect(userAgentIdOf('Mozilla/5.0')).toBe('e9d6a1deead2b4a2b6aebbd2d1');
    const ids = new Set(Array.from({ length: 20_000 }, (_, i) => userAgentIdOf(`Mozilla/5.0 (${i})`)));
    expect(ids.size).toBe(20_000);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{26}$/);
  });

  it.each([
    ['v', 'v.2'],
    ['v.2', 'v.3'],
    ['v.x', 'v.x.2'],
    ['a.b.9', 'a.b.10'],
  ])('the visit %s crosses into %s', (visitId, next) => {
    expect(crossedVisitId(visitId)).toBe(next);
  });

  it('are ordered as their bytes are', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareCodePoints(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
    );
  });
});

describe('a folded visit', () => {
  const visit = sampleVisit('v', 'ann', 0);
  const told = visit.flatMap(observationsOf);

  it('is the same in whatever order, and however often, it was told', () => {
    const folded = foldVisit(told, MOMENT);
    fc.assert(
      fc.property(fc.shuffledSubarray([...told, ...told], { minLength: 2 * told.length }), (shuffled) => {
        expect(foldVisit(shuffled, MOMENT)).toEqual(folded);
      }),
    );
  });

  it('is over after 30 minutes of silence, or 4 hours where a page is still open', () => {
    const endDate = (events: readonly Observation[], now: number): number | undefined =>
      foldVisit(events, { now, crossedAt: null }).visit?.endDate;
    expect([30 + 4 * 3_600_000 - 1, 30 + 4 * 3_600_000].map((now) => endDate(told, now))).toEqual([0, 30]);
    const left = sampleEvent('gone', 'v', 40, { eventName: 'PageExited', pageID: 'p2' });
    const closed = [...told, ...observationsOf(left)];
    expect([40 + 1_800_000 - 1, 40 + 1_800_000].map((now) => endDate(closed, now))).toEqual([0, 40]);
  });

  it('has a session for each who signs in, one after the other, and pages know theirs', () => {
    const events = [
      ...visit,
      sampleEvent('again', 'v', 35, { eventName: 'SignIn', identity: 'ann' }),
      sampleEvent('bob', 'v', 40, { eventName: 'SignIn', identity: 'bob' }),
      sampleEvent('p3', 'v', 45, { pageID: 'p3', identity: 'bob' }),
      sampleEvent('out', 'v', 50, { eventName: 'SignOut', identity: 'bob' }),
      sampleEvent('p4', 'v', 60, { pageID: 'p4' }),
    ];
    const { visit: record, pages, sessions } = foldVisit(events.flatMap(observationsOf), MOMENT);
    expect(
      sessions.map(({ sessionId, identityId, startDate, endDate }) => [sessionId, identityId, startDate, endDate]),
    ).toEqual([
      ['v-signIn', 'ann', 10, 40],
      ['bob', 'bob', 40, 50],
    ]);
    expect(pages.map(({ record: page }) => [page.browserPageID, page.sessionId])).toEqual([
      ['p1', null],
      ['p2', 'v-signIn'],
      ['p3', 'bob'],
      ['p4', null],
    ]);
    expect(record?.activeSessionId).toBeNull();
  });

  it('is nothing without its beginning', () => {
    const later = visit.slice(1).flatMap(observationsOf);
    expect(foldVisit(later, MOMENT).visit).toBeNull();
    expect(foldVisit([], MOMENT)).toEqual({ visit: null, pages: [], sessions: [], userAgents: [], identified: [] });
  });
});
