/** Events and operations rows for the tests of the stores: made from few choices, so that they collide. */
import fc from 'fast-check';
import type { OperationsRow } from '#core/effects.ts';
import type { StoreBatch } from '#core/messages.ts';
import type { AttemptTelling } from '#core/engagement/attempt-tellings.ts';
import { SYSTEM_EVENT_NAMES, type VisitEvent } from '#core/visits/event.ts';

/** Strings that a careless store mangles. */
export const AWKWARD_STRINGS = [
  '',
  ' ',
  '\0',
  'a\0b',
  "'; DROP TABLE events; --",
  'Zoë',
  '訪問者',
  '👩‍🚀',
  '\u{FFFF}',
  '\n',
  '%',
  '_',
];

export function sampleEvent(eventID: string, visitID: string, at: number, more: Partial<VisitEvent> = {}): VisitEvent {
  return {
    eventID,
    at,
    timestamp: at - 3,
    visitID,
    globalVisitID: `g-${visitID}`,
    pageID: 'p1',
    eventType: 'SYSTEM',
    eventName: 'PageEntered',
    url: 'https://shop.example/a?b=1',
    title: 'A page',
    category: 'Phones;Sale',
    languageCode: 'en-US',
    identity: undefined,
    data: {},
    ...more,
  };
}

/** A visit from `at` on, in which somebody signs in and looks at two pages; ids begin with the visit's. */
export function sampleVisit(visitID: string, identity: string, at: number): readonly VisitEvent[] {
  const data = { userAgent: 'Mozilla/5.0' };
  const event = (name: string, ms: number, more: Partial<VisitEvent>): VisitEvent =>
    sampleEvent(`${visitID}-${name}`, visitID, at + ms, more);
  return [
    event('started', 0, { eventName: 'VisitStarted', pageID: '', data }),
    event('entered', 0, {}),
    event('signIn', 10, { eventName: 'SignIn', identity, data: { firstName: 'Ann', location: 'Bern' } }),
    event('custom', 20, { eventName: 'Search', eventType: 'BUSINESS', identity }),
    event('left', 30, { eventName: 'PageExited', identity }),
    event('second', 30, { pageID: 'p2', identity }),
  ];
}

export function sampleAttempt(attemptId: string, visitId: string, identityId: string): AttemptTelling {
  return {
    kind: 'moved',
    attemptId,
    visitId,
    identityId,
    step: 0,
    at: 25,
    pageId: '',
    channel: null,
    rule: 'Search',
    attemptNumber: 1,
    createdAt: 25,
    state: 'qualified',
    since: 25,
    disposition: null,
  };
}

export function sampleBatch(batchId: string, visitID: string, events: readonly VisitEvent[]): StoreBatch {
  return { type: 'storeBatch', batchId, frontend: 'frontend-1', visitID, events, leads: undefined };
}

export function sampleAgent(id: string, at: number, served: number): OperationsRow {
  return {
    kind: 'agent',
    id,
    at,
    group: 'sales',
    capacity: 3,
    loggedIn: true,
    ready: served % 2 === 0,
    reason: served % 2 === 0 ? null : 'break',
    idleSince: at,
    served,
    via: 'backend-1',
  };
}

export function sampleChat(id: string, at: number, startedAt: number): OperationsRow {
  return {
    kind: 'chat',
    id,
    visitID: 'v1',
    at,
    state: startedAt > 0 ? 'talking' : 'waiting',
    group: 'sales',
    queuedAt: at,
    agentId: startedAt > 0 ? 'a1' : null,
    startedAt,
    via: 'backend-2',
    offers: 2,
    refusedBy: ['a2'],
    forAgent: null,
    transferred: false,
  };
}

export function sampleContact(id: string, at: number, interactions: number): OperationsRow {
  return { kind: 'contact', id, at, contactId: `contact-${id}`, createdAt: 1, phone: null, interactions };
}

export function sampleInteraction(id: string, at: number, step: number, attemptNumber = 1): OperationsRow {
  return {
    kind: 'interaction',
    id,
    visitID: 'v1',
    at,
    state: 'invited',
    lead: {
      id: `l-${id}`,
      at,
      visitID: 'v1',
      browserVisitID: 'v1',
      globalVisitID: 'g1',
      pageID: 'p1',
      url: 'https://shop.example/',
      title: 'Zoë\0👩‍🚀',
      firing: {
        at,
        rule: 'Search',
        package: 'sales',
        phase: 'default',
        salience: 0,
        action: 'hotLead',
        priority: 50,
        reason: null,
        visitID: 'v1',
        globalVisitID: 'g1',
        matchedEvents: ['e1'],
        matchedAt: [at],
        values: {},
        pageID: 'p1',
        url: 'https://shop.example/',
        category: '',
      },
      scope: 'anonymous',
      identity: undefined,
      onSite: true,
      frontend: 'frontend-1',
      rulesVersion: 0,
    },
    attemptNumber,
    step,
    group: 'sales',
    permitAt: at,
    channel: 'proactiveChat',
    dueAt: at + 60_000,
  };
}

/** Places of events: ids in the order of their times, which lie in many time slices and at their boundaries. */
const EVENT_PLACES: readonly { readonly eventID: string; readonly at: number }[] = [
  ...Array.from({ length: 40 }, (_, n) => ({ eventID: `e${n}`, at: (n % 13) * 1_799_999 })),
  ...AWKWARD_STRINGS.map((eventID, n) => ({ eventID, at: n * 3_600_000 - 7_200_000 })),
];
export const visitIDs = fc.constantFrom(
  'v',
  'v.2',
  'v.10',
  'v.x',
  'v.',
  'v-',
  'v/1',
  'w',
  '%',
  '',
  '.7',
  'a\0',
  'a\0.2',
);
const times = fc.oneof(
  fc.integer({ min: 0, max: 5 }),
  fc.constantFrom(-1, 2 ** 31, 2 ** 31 - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
);
const values = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => !Object.is(x, -0)),
  fc.boolean(),
  fc.constant(null),
);

export const identities = fc.constantFrom('ann', 'bob', ...AWKWARD_STRINGS);

/** What is sent again may have been stamped anew, a little later. */
const events: fc.Arbitrary<VisitEvent> = fc
  .record({
    place: fc.constantFrom(...EVENT_PLACES),
    restampedMs: fc.constantFrom(0, 0, 0, 1, 599_999),
    visitID: visitIDs,
    pageID: fc.constantFrom('p1', 'p1', 'p2', ''),
    timestamp: times,
    eventName: fc.constantFrom(...SYSTEM_EVENT_NAMES, ...SYSTEM_EVENT_NAMES, 'Custom', ''),
    eventType: fc.constantFrom('SYSTEM', 'SYSTEM', 'SYSTEM', 'BUSINESS'),
    title: fc.constantFrom(...AWKWARD_STRINGS),
    identity: fc.option(identities, { nil: undefined }),
    data: fc.oneof(
      fc.dictionary(
        fc.string({ maxLength: 5 }).filter((key) => key !== '__proto__'),
        values,
        { maxKeys: 3 },
      ),
      fc.record(
        {
          userAgent: fc.constantFrom('Mozilla/5.0', 'curl/8', ''),
          name: fc.constantFrom('Ann', ''),
          firstName: fc.constantFrom('Bo', ''),
          lastName: fc.constantFrom('Li', ''),
          location: fc.constantFrom('Bern', 7),
        },
        { requiredKeys: [] },
      ),
    ),
  })
  .map(({ place, restampedMs, ...drawn }) =>
    sampleEvent(place.eventID, drawn.visitID, place.at + restampedMs, drawn as Partial<VisitEvent>),
  );

export const eventIDs = fc.constantFrom(...EVENT_PLACES.map(({ eventID }) => eventID));
/** Of the listings: those of events, and such as no event has. */
export const eventTimes = fc.constantFrom(...EVENT_PLACES.map(({ at }) => at), 1, -Infinity, Infinity);

export const batches: fc.Arbitrary<StoreBatch> = fc
  .record({ visitID: visitIDs, events: fc.array(events, { maxLength: 6 }) })
  .map(({ visitID, events: drawn }) => sampleBatch('b', visitID, drawn));

const rowIDs = fc.constantFrom('1', '2', '3', ...AWKWARD_STRINGS.slice(0, 4));
export const rows: fc.Arbitrary<OperationsRow> = fc
  .tuple(
    fc.constantFrom('agent', 'chat', 'interaction', 'reactive', 'contact'),
    rowIDs,
    times,
    fc.nat({ max: 2 }),
    fc.nat({ max: 2 }),
  )
  .map(([kind, id, at, a, b]) => {
    if (kind === 'agent') return sampleAgent(id, at, a);
    if (kind === 'contact') return sampleContact(id === '1' ? 'ann' : id, at, a);
    return ofVisit(kind === 'chat' ? sampleChat(id, at, a) : sampleInteraction(id, at, a, b), kind, b);
  });

/** Whose a row is never changes, so its id tells; its state does. */
function ofVisit(row: OperationsRow, kind: 'chat' | 'interaction' | 'reactive', state: number): OperationsRow {
  const visitID = row.id === '1' || row.id === '2' ? 'v' : row.id === '3' ? 'a\0' : 'w';
  if (kind === 'reactive') return { kind, id: row.id, visitID, at: row.at, letIn: state > 0 };
  if (row.kind === 'chat') return state === 0 ? { ...row, visitID } : { ...row, visitID, state: 'ended' };
  if (row.kind !== 'interaction') return row;
  const identity = row.id === '1' ? 'ann' : row.id === '3' ? 'bob' : undefined;
  const lead = { ...row.lead, visitID: `${visitID}.2`, browserVisitID: visitID, identity };
  const whole = { ...row, visitID: lead.visitID, lead };
  if (state === 0) return whole;
  return state === 1 ? { ...whole, state: 'rejected' } : { ...whole, state: 'timeout', stopped: row.step > 0 };
}

export const tellings: fc.Arbitrary<AttemptTelling> = fc
  .record({
    attemptId: fc.constantFrom('1', '2', ...AWKWARD_STRINGS.slice(0, 4)),
    step: fc.integer({ min: -1, max: 3 }),
    at: fc.nat({ max: 5 }),
    state: fc.constantFrom('qualified', 'invited', 'shown', 'rejected'),
  })
  .map(({ attemptId, step, at, state }): AttemptTelling => {
    const visitId = attemptId === '1' ? 'v' : 'w';
    const identityId = attemptId === '2' ? 'ann' : null;
    if (step === -1) return { kind: 'ledTo', attemptId, step, at, mediaInteractionId: `c-${attemptId}` };
    return {
      kind: 'moved',
      attemptId,
      step,
      at,
      visitId,
      identityId,
      state,
      pageId: '',
      channel: 'proactiveChat',
      rule: 'Search',
      attemptNumber: 1,
      createdAt: 100 * attemptId.length,
      since: at,
      disposition: state === 'shown' ? 'shown' : state === 'rejected' ? 'reject' : null,
    };
  });

export const claims = fc.record({
  key: fc.constantFrom('k1', 'k2', 'k3', '', '\0'),
  claimant: fc.constantFrom('a', 'b', 'c', ''),
});
