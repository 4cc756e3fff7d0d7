/** Visits, sessions, identities and domains by their events. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { domainOf, hostOf, isInDomain, isSameAuthority } from '#core/visits/domain.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { applyEvent, createVisit, endVisit, silenceEndsAt, type Visit } from '#core/visits/visit.ts';

function event(eventName: string, at: number, changes: Partial<VisitEvent> = {}): VisitEvent {
  return {
    eventID: `e${at}`,
    at,
    timestamp: at,
    visitID: 'v1',
    globalVisitID: 'g1',
    pageID: 'p1',
    eventType: 'SYSTEM',
    eventName,
    url: 'https://shop.example/',
    title: 'Home',
    category: '',
    languageCode: 'en',
    identity: undefined,
    data: {},
    ...changes,
  };
}

function after(...events: readonly VisitEvent[]): Visit {
  const visit = createVisit('v1', 'g1', 0);
  for (const given of events) applyEvent(visit, given);
  return visit;
}

describe('who a visitor is', () => {
  test('anonymous until the site says otherwise', () => {
    expect(after(event('VisitStarted', 0), event('PageEntered', 1)).scope).toBe('anonymous');
  });

  test('UserInfo makes a visitor recognized, SignIn authenticated with a session', () => {
    const recognized = after(event('UserInfo', 1, { identity: 'ann@x' }));
    expect([recognized.scope, recognized.session]).toEqual(['recognized', undefined]);
    const authenticated = after(event('UserInfo', 1, { identity: 'ann@x' }), event('SignIn', 2, { identity: 'ann@x' }));
    expect([authenticated.scope, authenticated.session?.startedAt]).toEqual(['authenticated', 2]);
  });

  test('SignOut closes the session and leaves the visitor recognized', () => {
    const visit = after(event('SignIn', 1, { identity: 'ann@x' }), event('SignOut', 2));
    expect([visit.scope, visit.session, visit.identity]).toEqual(['recognized', undefined, 'ann@x']);
  });

  test('somebody else signing in on the same browser closes the old session and opens another', () => {
    const visit = after(event('SignIn', 1, { identity: 'ann@x' }), event('SignIn', 5, { identity: 'bob@x' }));
    expect([visit.identity, visit.sessionsOpened, visit.session?.startedAt]).toEqual(['bob@x', 2, 5]);
  });

  test('UserInfo of a signed-in visitor changes nothing, nor does SignIn without an identity or a second one of the same', () => {
    const visit = after(
      event('SignIn', 1, { identity: 'ann@x' }),
      event('UserInfo', 2, { identity: 'bob@x' }),
      event('SignIn', 3),
      event('SignIn', 4, { identity: 'ann@x' }),
    );
    expect([visit.scope, visit.identity, visit.sessionsOpened]).toEqual(['authenticated', 'ann@x', 1]);
  });
});

describe('where a visitor is', () => {
  test('a page is open from PageEntered to its own PageExited', () => {
    expect(after(event('PageEntered', 1)).pageID).toBe('p1');
    expect(after(event('PageEntered', 1), event('PageExited', 2)).pageID).toBeUndefined();
    const other = after(event('PageEntered', 1, { pageID: 'p2' }), event('PageExited', 2, { pageID: 'p1' }));
    expect(other.pageID).toBe('p2');
  });

  test('silence ends a visit after 30 minutes, or four hours while a page is open', () => {
    expect(silenceEndsAt(after(event('PageEntered', 1), event('PageExited', 1_000)))).toBe(1_801_000);
    expect(silenceEndsAt(after(event('PageEntered', 1_000)))).toBe(14_401_000);
  });

  test('an ended visit has no session and no page', () => {
    const visit = after(event('PageEntered', 1), event('SignIn', 2, { identity: 'ann@x' }));
    endVisit(visit, 3);
    expect([visit.session, visit.pageID, visit.endedAt]).toEqual([undefined, undefined, 3]);
  });
});

describe('domains', () => {
  test.each([
    ['https://Shop.Example:8443/a?b#c', 'shop.example'],
    ['http://user@docs.genesys.com/x', 'docs.genesys.com'],
    ['https://shop.example?q=http://evil.example/', 'shop.example'],
    ['/relative', ''],
  ])('the host of %s is %s', (url, host) => {
    expect(hostOf(url)).toBe(host);
  });

  test('a sub-domain lies in its domain, a name that only ends alike does not', () => {
    expect(isInDomain('docs.genesys.com', 'genesys.com')).toBe(true);
    expect(isInDomain('notgenesys.com', 'genesys.com')).toBe(false);
  });

  test('two URLs that are equal to the end of their authority have one host', () => {
    const part = fc.constantFrom(
      'https://',
      'http://',
      'shop.example',
      'other.example',
      ':80',
      '/',
      '?',
      '#',
      'a@',
      '://',
      'x',
    );
    const url = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));
    let same = 0;
    fc.assert(
      fc.property(url, url, (a, b) => {
        if (!isSameAuthority(a, b)) return;
        same += 1;
        expect(hostOf(a)).toBe(hostOf(b));
      }),
      { numRuns: 2_000 },
    );
    expect(same).toBeGreaterThan(20);
    expect(isSameAuthority('https://shop.example/cart', 'https://shop.example/help')).toBe(true);
    expect(isSameAuthority('https://shop.example/', 'https://shop.example.other/')).toBe(false);
  });

  test('the configured domain wins over the last two labels', () => {
    expect(domainOf('a.shop.co.uk', ['shop.co.uk'])).toBe('shop.co.uk');
    expect(domainOf('docs.genesys.com', [])).toBe('genesys.com');
    expect(domainOf('127.0.0.1', [])).toBe('127.0.0.1');
  });
});
