/** The order of a visit's requests, whose past is fetched first, and what they are told. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Intake } from '#core/messages.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { IntakeRequests } from '#frontend/intake-requests.ts';

/** Fetches that the test answers, by visit, in order. */
let asked: { visitID: string; resolve: (past: readonly VisitEvent[]) => void; reject: (error: Error) => void }[];
let delivered: Intake[];
let requests: IntakeRequests;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  delivered = [];
  requests = new IntakeRequests({
    limits: { waitingMax: 10, answerMsMax: 5_000 },
    deliver: (intake) => delivered.push(intake),
    pastOf: (visitID) => new Promise((resolve, reject) => asked.push({ visitID, resolve, reject })),
  });
});

afterEach(() => {
  vi.useRealTimers();
});

const PAST: readonly VisitEvent[] = [
  {
    eventID: 'e0',
    at: 1,
    timestamp: 1,
    visitID: 'v1',
    globalVisitID: 'g1',
    pageID: 'p1',
    eventType: 'SYSTEM',
    eventName: 'PageEntered',
    url: 'https://shop.example/',
    title: '',
    category: '',
    languageCode: 'en',
    identity: undefined,
    data: {},
  },
];

/** Lets fulfilled promises be seen. */
async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

it('gives a visit its past with the first request and keeps the others behind it, in order', async () => {
  for (const sentAt of [1, 2, 3]) void requests.take('v1', [], sentAt);
  void requests.take('v2', [], 4);
  expect(asked.map(({ visitID }) => visitID)).toEqual(['v1', 'v2']);
  asked[1]?.resolve([]);
  await settle();
  expect(
    delivered.map(({ sentAt }) => sentAt),
    'another visit does not wait',
  ).toEqual([4]);
  asked[0]?.resolve(PAST);
  await settle();
  void requests.take('v1', [], 5);
  expect(delivered.map(({ sentAt }) => sentAt)).toEqual([4, 1, 2, 3, 5]);
  expect(delivered.map(({ past }) => past)).toEqual([undefined, PAST, undefined, undefined, undefined]);
});

it('refuses a visit whose past can not be had, and asks again for the next request', async () => {
  const outcomes = [requests.take('v1', [], 1), requests.take('v1', [], 2)];
  asked[0]?.reject(new Error('the store is away'));
  expect(await Promise.all(outcomes)).toEqual(['refused', 'refused']);
  void requests.take('v1', [], 3);
  expect(asked).toHaveLength(2);
  expect(delivered).toEqual([]);
});

it('tells who waits too long to try again, and gives the machine nothing that nobody waits for', async () => {
  const late = requests.take('v1', [], 1);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await late).toBe('late');
  const second = requests.take('v1', [], 2);
  asked[0]?.resolve(PAST);
  await settle();
  expect(delivered.map(({ sentAt, past }) => [sentAt, past])).toEqual([[2, PAST]]);
  requests.answered(delivered[0]?.requestId ?? 0, true);
  expect(await second).toBe('stored');
  expect(requests.waiting).toBe(0);
});

it('fetches the past anew once the machine has let go of the visit, also under its name after a crossing', async () => {
  void requests.take('v1', [], 1);
  asked[0]?.resolve([]);
  await settle();
  requests.visitEnded('v1.2');
  void requests.take('v1', [], 2);
  expect(asked).toHaveLength(2);
});

it('is full when as many wait as may, and not when they are answered', async () => {
  const outcomes = Array.from({ length: 10 }, (_, n) => requests.take(`v${n}`, [], n));
  expect(requests.full).toBe(true);
  requests.close();
  expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['late']));
  expect(requests.full).toBe(false);
});
