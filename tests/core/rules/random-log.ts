/** Random logs for the comparison of rule engines: events of a few visits, and now and then the word that time has come. */
import fc from 'fast-check';
import type { EventData, VisitEvent } from '#core/visits/event.ts';
import { isTold, type Log, type Told } from './oracle-log.ts';
import { personAt } from './oracle-visit.ts';
import { createEvent } from './visit-events.ts';

const PAGES = ['p1', 'p2', 'p3'];
const DAY_MS = 24 * 3_600_000;
const SYSTEM_NAMES = ['VisitStarted', 'PageEntered', 'PageExited', 'UserInfo', 'SignIn', 'SignOut'];
const NAMES = [...Array.from({ length: 7 }, () => 'PageEntered'), 'Search', 'PageExited', 'Other'];
const IDENTITY_NAMES = ['UserInfo', 'SignIn', 'SignOut'];

const steps = fc.record({
  kind: fc.oneof({ weight: 7, arbitrary: fc.constant('event' as const) }, fc.constant('told' as const)),
  name: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...NAMES) },
    { weight: 1, arbitrary: fc.constantFrom(...IDENTITY_NAMES) },
  ),
  /** Which visit, of as many as there are. */
  visit: fc.nat(2),
  category: fc.constantFrom('', 'A', 'A', 'B', 'A;B', 'B;C', 'AB'),
  afterMs: fc.oneof(
    { weight: 14, arbitrary: fc.integer({ min: 0, max: 3 }) },
    { weight: 2, arbitrary: fc.constantFrom(-2, 8, 20) },
  ),
  pauses: fc.oneof({ weight: 99, arbitrary: fc.constant(false) }, fc.constant(true)),
  pageID: fc.constantFrom(...PAGES),
  languageCode: fc.constantFrom('en', 'de'),
  identity: fc.constantFrom<(string | undefined)[]>(undefined, 'u1', 'u1', 'u2'),
  referrer: fc.constantFrom(undefined, '', 'https://news.example/'),
  n: fc.constantFrom<(number | string | null | undefined)[]>(undefined, 1, 2, 3, '2', null),
  /** Comes again: so many events before. */
  again: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 40 })),
});

type Step = typeof steps extends fc.Arbitrary<infer T> ? T : never;

/**
 * A log that begins at one of `begins`, of up to `visits` visits of up to two browsers. No time is told that a later event
 * lies before, and from one visit to another none goes back.
 */
export function createRandomLog(begins: readonly number[], visits: number): fc.Arbitrary<Log> {
  return fc
    .record({
      begin: fc.constantFrom(...begins),
      starts: fc.constantFrom<(number | null)[]>(null, 1, 2),
      list: fc.array(steps, { minLength: 4, maxLength: 34, size: 'max' }),
    })
    .map(({ begin, starts, list }) => layOut(list, begin, starts, visits));
}

/** `starts`: the visit number that each visit begins with; null: they begin without VisitStarted. */
function layOut(list: readonly Step[], begin: number, starts: number | null, visits: number): Log {
  const log: (VisitEvent | Told)[] = [];
  let now = begin;
  let told = begin;
  list.forEach((step, i) => {
    now += Math.max(0, step.afterMs) + (step.pauses ? DAY_MS + 3_600_000 : 0);
    const visit = step.visit % visits;
    const visitID = `v${visit}`;
    const before = log.filter((item): item is VisitEvent => !isTold(item) && item.visitID === visitID);
    const at = visits === 1 ? Math.max(told, now + Math.min(0, step.afterMs)) : now;
    if (before.length === 0 && starts !== null) log.push(startOf(visit, at, step, starts));
    if (step.kind === 'told' && before.length > 0) {
      told = now;
      log.push({ visitID, told });
      return;
    }
    const id = before.at(-step.again)?.eventID;
    // A site that knows who has signed in does not tell of somebody else.
    const identity = step.name === 'UserInfo' ? (personAt(before) ?? step.identity) : step.identity;
    log.push(createStep({ ...step, identity }, visit, at, step.again > 0 && id !== undefined ? id : `e${i}`));
  });
  return log;
}

function startOf(visit: number, at: number, step: Step, visitNumber: number): VisitEvent {
  const { referrer } = step;
  const data: EventData = { visitNumber, ...(referrer === undefined ? {} : { referrer }) };
  return { ...createStep({ ...step, name: 'VisitStarted', category: '' }, visit, at, `start ${visit}`), data };
}

function createStep(step: Step, visit: number, at: number, id: string): VisitEvent {
  const { name, category, pageID, languageCode, identity, referrer, n } = step;
  const isIdentified = name === 'UserInfo' || name === 'SignIn';
  const data: EventData = {
    ...(n === undefined ? {} : { n }),
    ...(referrer === undefined ? {} : { referrer }),
  };
  return {
    ...createEvent({ id, at, name, category, data }),
    visitID: `v${visit}`,
    globalVisitID: `g${visit % 2}`,
    eventType: SYSTEM_NAMES.includes(name) ? 'SYSTEM' : 'BUSINESS',
    pageID,
    languageCode,
    identity: isIdentified ? identity : undefined,
  };
}
