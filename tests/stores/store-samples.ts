/** Events and operations rows for the tests of the stores: made from few choices, so that they collide. */
import fc from 'fast-check';
import type { OperationsRow } from '#core/effects.ts';
import type { StoreBatch } from '#core/messages.ts';
import type { VisitEvent } from '#core/visits/event.ts';

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

const eventIDs = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 40 }).map((n) => `e${n}`) },
  { weight: 1, arbitrary: fc.constantFrom(...AWKWARD_STRINGS) },
);
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

const events: fc.Arbitrary<VisitEvent> = fc
  .record({
    eventID: eventIDs,
    visitID: visitIDs,
    at: times,
    timestamp: times,
    eventName: fc.constantFrom('VisitStarted', 'PageEntered', 'PageExited', 'Custom', ''),
    title: fc.constantFrom(...AWKWARD_STRINGS),
    identity: fc.option(fc.constantFrom(...AWKWARD_STRINGS), { nil: undefined }),
    data: fc.dictionary(
      fc.string({ maxLength: 5 }).filter((key) => key !== '__proto__'),
      values,
      { maxKeys: 3 },
    ),
  })
  .map((drawn) => sampleEvent(drawn.eventID, drawn.visitID, drawn.at, drawn));

export const batches: fc.Arbitrary<StoreBatch> = fc
  .record({ visitID: visitIDs, events: fc.array(events, { maxLength: 6 }) })
  .map(({ visitID, events: drawn }) => sampleBatch('b', visitID, drawn));

const rowIDs = fc.constantFrom('1', '2', '3', ...AWKWARD_STRINGS.slice(0, 4));
export const rows: fc.Arbitrary<OperationsRow> = fc
  .tuple(fc.constantFrom('agent', 'chat', 'interaction'), rowIDs, times, fc.nat({ max: 2 }), fc.nat({ max: 2 }))
  .map(([kind, id, at, a, b]) => {
    if (kind === 'agent') return sampleAgent(id, at, a);
    return kind === 'chat' ? sampleChat(id, at, a) : sampleInteraction(id, at, a, b);
  });

export const claims = fc.record({
  key: fc.constantFrom('k1', 'k2', 'k3', '', '\0'),
  claimant: fc.constantFrom('a', 'b', 'c', ''),
});
