/** Places of pages, patterns, user agents and insight, each by itself. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from '#backend/history-filters.ts';
import { formatPlace, parsePlace } from '#backend/history-place.ts';
import { describeUserAgent } from '#backend/user-agent.ts';
import { computeInsight } from '#backend/visitor-insight.ts';
import type { EngagementAttemptRecord, PageRecord, VisitRecord } from '#core/visits/history-records.ts';

describe('the place where a page ends', () => {
  it('comes back from a header as it was, whatever the ids hold', () => {
    const id = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.constantFrom('\u0000\n', 'a#b', '%', 'Zoë#1', 'a,b', ' '),
    );
    fc.assert(
      fc.property(id, id, fc.integer(), (identity, recordId, at) => {
        const text = formatPlace({ identity }, { at, id: recordId });
        expect(text).toMatch(/^[\x21-\x7e]+$/);
        expect(parsePlace(text, { identity })).toEqual({ ok: true, value: { at, id: recordId } });
      }),
      { numRuns: 300 },
    );
  });

  it('looks as the original’s does', () => {
    const id = 'c2994560-3fa3-11e2-aee5-00505625a04f';
    const place = formatPlace({ identity: 'user@genesyslab.com' }, { at: 1_354_798_334_842, id });
    expect(place).toBe(`user@genesyslab.com#1354798334842#${id}`);
  });

  it.each([
    '',
    'v1',
    'v1#1',
    'v1#x#e1',
    'v1#1#e1#2',
    '#1#e1',
    'v1#1#',
    'v1#99999999999999999#e1',
    'v1#1#%zz',
    'v2#1#e1',
  ])('is refused where it is none of this listing: %j', (text) => {
    expect(parsePlace(text, { visit: 'v1' }).ok).toBe(false);
  });
});

describe('a pattern', () => {
  it('fits what a regular expression of the same meaning fits', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '(') });
    fc.assert(
      fc.property(text, text, (pattern, candidate) => {
        const parts = pattern.split('*').map((part) => part.replaceAll(/[.(]/g, String.raw`\$&`));
        expect(compilePattern(pattern)(candidate)).toBe(new RegExp(`^${parts.join('.*')}$`, 's').test(candidate));
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes time in proportion to the text, not more', () => {
    const fits = compilePattern(`${'*a'.repeat(500)}*b`);
    expect(fits('a'.repeat(100_000))).toBe(false);
  });
});

describe('a user agent', () => {
  const webKit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
  it.each([
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webKit} Chrome/126.0.0.0 Safari/537.36`,
      'Chrome 126',
      'Windows',
      'desktop',
    ],
    [`Mozilla/5.0 (Windows NT 10.0) ${webKit} Chrome/126.0 Safari/537.36 Edg/126.0`, 'Edge 126', 'Windows', 'desktop'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      'Safari 17',
      'iOS',
      'phone',
    ],
    [
      `Mozilla/5.0 (Linux; Android 14; Pixel 8) ${webKit} Chrome/125.0 Mobile Safari/537.36`,
      'Chrome 125',
      'Android',
      'phone',
    ],
    [
      `Mozilla/5.0 (Linux; Android 13; SM-X700) ${webKit} Chrome/125.0 Safari/537.36`,
      'Chrome 125',
      'Android',
      'tablet',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:130.0) Gecko/20100101 Firefox/130.0',
      'Firefox 130',
      'macOS',
      'desktop',
    ],
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', null, null, 'robot'],
    ['Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)', 'Internet Explorer 8', 'Windows', 'desktop'],
    ['', null, null, null],
  ])('%j is %s on %s, %s', (raw, browser, os, device) => {
    expect(describeUserAgent(raw)).toEqual({ browser, os, device });
  });
});

describe('insight', () => {
  const DAY = 86_400_000;
  const identity = {
    identityId: 'ada',
    name: null,
    location: null,
    visitScope: 'Recognized' as const,
    firstSeen: 5 * DAY,
    lastSeen: 45 * DAY,
  };

  function visit(day: number): VisitRecord {
    const startDate = day * DAY;
    return { visitId: `v${day}`, startDate, endDate: 0, globalVisitID: 'g', activeSessionId: null, userAgentID: null };
  }

  function page(day: number, category: string): PageRecord {
    const where = { pageId: 'p', browserPageID: 'p', visitId: `v${day}`, sessionId: null, url: '', title: '' };
    return { ...where, category, startDate: day * DAY + 1, endDate: 0 };
  }

  function attempt(changes: Partial<EngagementAttemptRecord>): EngagementAttemptRecord {
    return {
      engagementAttemptId: 'a',
      visitId: 'v5',
      identityId: 'ada',
      pageId: 'p',
      interactionId: 'i',
      channel: 'proactiveChat',
      rule: 'r',
      attemptNumber: 1,
      createdAt: 0,
      invitedAt: null,
      disposition: null,
      dispositionAt: null,
      mediaInteractionId: null,
      state: 'Failed',
      ...changes,
    };
  }

  it('counts by hand-worked example: three visits in forty days, two outcomes, three attempts', () => {
    const insight = computeInsight(
      {
        identity,
        visits: [visit(45), visit(25), visit(5)],
        pages: [page(45, 'cart;paid'), page(45, ''), page(25, 'cart;cart'), page(5, 'cart')],
        attempts: [
          attempt({ state: 'Accepted', invitedAt: 1, disposition: 'acceptCall', mediaInteractionId: 'm' }),
          attempt({ state: 'Rejected', invitedAt: 1, disposition: 'reject' }),
          attempt({}),
        ],
        complete: true,
      },
      new Map([['paid', 'outcome']]),
      50 * DAY,
    );
    expect(insight).toEqual({
      identityId: 'ada',
      visitScope: 'Recognized',
      complete: true,
      firstSeen: 5 * DAY,
      lastSeen: 45 * DAY,
      secondsSinceLastSeen: 5 * 86_400,
      visits: 3,
      visitsInLast30Days: 2,
      daysBetweenVisits: 20,
      pages: 4,
      pagesPerVisit: 4 / 3,
      categories: [
        { name: 'cart', as: null, pages: 3, visits: 3, lastReached: 45 * DAY + 1 },
        { name: 'paid', as: 'outcome', pages: 1, visits: 1, lastReached: 45 * DAY + 1 },
      ],
      engagementAttempts: {
        all: 3,
        invited: 2,
        engaged: 1,
        byState: { Accepted: 1, Rejected: 1, Failed: 1 },
        byDisposition: { acceptCall: 1, reject: 1 },
      },
    });
  });

  it('says null where there is nothing to divide by', () => {
    const nothing = { identity, visits: [], pages: [], attempts: [], complete: false };
    expect(computeInsight(nothing, new Map(), 0)).toMatchObject({
      visits: 0,
      daysBetweenVisits: null,
      pagesPerVisit: null,
      complete: false,
      secondsSinceLastSeen: 0,
    });
  });
});
