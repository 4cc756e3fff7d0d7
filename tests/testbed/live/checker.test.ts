/** The drills' checkers find nothing in a sound history, and each doctored one is caught by the invariant that it breaks. */
import { expect, test } from 'vitest';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import { checkHistory } from './drill-checkers.ts';
import type { ChatRow, ContactCenterStep, DrillHistory, InteractionRow } from './drill-history.ts';
import { DRILL_TIMES } from './drill-run.ts';

const LEFT_AT = 200_000;

function leadOf(id: string, visitID: string): HotLead {
  const page = { pageID: 'p', url: 'https://kiosk.example/cart' };
  const visit = { visitID, globalVisitID: `g-${visitID}` };
  const rule = {
    rule: 'r',
    package: 'k',
    phase: 'standard',
    salience: 0,
    action: 'hotLead' as const,
    priority: 50,
    reason: null,
  };
  const matched = { matchedEvents: ['e1'], matchedAt: [0], values: {}, category: 'cart' };
  return {
    id,
    at: 0,
    ...visit,
    browserVisitID: visitID,
    ...page,
    title: 'Cart',
    firing: { at: 0, ...rule, ...visit, ...matched, ...page },
    scope: 'anonymous',
    identity: undefined,
    onSite: true,
    frontend: 'frontend-1',
    rulesVersion: 0,
  };
}

function interaction(id: string, state: InteractionRow['state'], at: number, visitID = `v-${id}`): InteractionRow {
  return {
    kind: 'interaction',
    id,
    visitID,
    at,
    state,
    lead: leadOf(`l-${id}`, visitID),
    attemptNumber: 1,
    step: 0,
    group: null,
    permitAt: null,
    channel: null,
    dueAt: null,
  };
}

function chat(id: string, state: ChatRow['state'], at: number, visitID = `v-${id}`): ChatRow {
  const people = { group: 'g', agentId: 'agent-1', via: 'backend-1' };
  const offers = { offers: 1, refusedBy: [], forAgent: null, transferred: false };
  return { kind: 'chat', id: `c-${id}`, visitID, at, state, queuedAt: at, startedAt: 0, ...people, ...offers };
}

function step(
  at: number,
  rows: ContactCenterStep['rows'],
  changes: Partial<ContactCenterStep> = {},
): ContactCenterStep {
  return { life: 1, at, input: 'disposition', rows, told: true, inHand: [], ...changes };
}

/** One interaction to its chat, the contact center killed while they talk, and one more that fails at once. */
function soundSteps(): readonly ContactCenterStep[] {
  const life2 = { life: 2 };
  const talking = chat('a', 'talking', 3_500);
  return [
    step(1_000, [interaction('a', 'invited', 1_000)]),
    step(2_000, [interaction('a', 'form', 2_000)]),
    step(3_000, [interaction('a', 'accepted', 3_000), chat('a', 'offered', 3_000)]),
    step(3_500, [talking]),
    step(4_000, [interaction('b', 'failed', 4_000)]),
    // Asked for and not stored: nobody heard of it.
    step(4_900, [interaction('c', 'invited', 4_900)], { told: false }),
    step(5_000, [interaction('a', 'accepted', 3_000), talking, interaction('b', 'failed', 4_000)], {
      ...life2,
      input: 'recovered',
      told: false,
    }),
    step(5_200, [], { ...life2, input: 'login', inHand: ['c-a'] }),
    step(5_300, [interaction('c2', 'failed', 5_300, 'v-c')], life2),
    step(7_000, [chat('a', 'afterWork', 7_000)], life2),
    step(8_000, [chat('a', 'ended', 8_000)], life2),
  ];
}

function historyOf(changes: Partial<DrillHistory> = {}): DrillHistory {
  return {
    acknowledged: new Set(['e1', 'e2']),
    sent: new Set(['e1', 'e2', 'e3', 'e4']),
    stored: ['e1', 'e2', 'e3'],
    listed: ['e1', 'e2', 'e3', 'e4'],
    contactCenter: soundSteps(),
    leadsMade: new Set(['l-a', 'l-b', 'l-c', 'l-c2']),
    leadsStored: new Set(['l-a', 'l-b']),
    outages: [{ node: 'contact-center', backMs: 900, waitedFor: [] }],
    clientsLeftAt: LEFT_AT,
    refusedRequests: 0,
    ...changes,
  };
}

function violated(changes: Partial<DrillHistory>): readonly string[] {
  return [...new Set(checkHistory(historyOf(changes), DRILL_TIMES).map(({ invariant }) => invariant))];
}

/** The sound steps with those from `from` on replaced. */
function cut(from: number, ...steps: readonly ContactCenterStep[]): Partial<DrillHistory> {
  return { contactCenter: [...soundSteps().slice(0, from), ...steps] };
}

/** The sound steps with some more behind them. */
function more(...steps: readonly ContactCenterStep[]): Partial<DrillHistory> {
  return cut(soundSteps().length, ...steps);
}

const LIFE_2 = { life: 2 };

test('a sound history has no violation, though a kill took back what nobody had heard of', () => {
  expect(checkHistory(historyOf(), DRILL_TIMES)).toEqual([]);
});

test.each<readonly [string, Partial<DrillHistory>, string]>([
  ['an acknowledged event is missing', { stored: ['e1', 'e3'] }, 'I1 no acknowledged event lost'],
  ['an event was never sent', { stored: ['e1', 'e2', 'e9'] }, 'I2 nothing that was never sent'],
  ['an acknowledged event is in no visit', { listed: ['e1', 'e3'] }, 'I1 no acknowledged event lost'],
  ['an event that was never sent is in a visit', { listed: ['e1', 'e2', 'e9'] }, 'I2 nothing that was never sent'],
  ['an event is in two visits', { listed: ['e1', 'e2', 'e3', 'e1'] }, 'I3 no doubles'],
  ['a hot lead was never made', { leadsMade: new Set(['l-a', 'l-c2']) }, 'I2 nothing that was never sent'],
  ['an event is listed twice', { stored: ['e1', 'e2', 'e2'] }, 'I3 no doubles'],
  [
    'a hot lead has two interactions',
    more(step(9_000, [{ ...interaction('d', 'failed', 9_000), lead: leadOf('l-b', 'v-b') }], LIFE_2)),
    'I3 no doubles',
  ],
  [
    'a visit has two open invites',
    more(
      step(9_000, [interaction('b2', 'invited', 9_000, 'v-z')], LIFE_2),
      step(9_100, [interaction('c3', 'invited', 9_100, 'v-z')], LIFE_2),
      step(9_200, [interaction('b2', 'failed', 9_200, 'v-z'), interaction('c3', 'failed', 9_200, 'v-z')], LIFE_2),
    ),
    'I5 no visit engaged twice at one time',
  ],
  [
    'a visit is invited during its chat',
    cut(
      4,
      step(3_600, [interaction('b', 'invited', 3_600, 'v-a')]),
      step(3_700, [interaction('b', 'rejected', 3_700, 'v-a')]),
      step(3_800, [chat('a', 'ended', 3_800)]),
    ),
    'I5 no visit engaged twice at one time',
  ],
  [
    'a terminal queue is left',
    more(
      step(9_000, [interaction('b', 'invited', 9_000)], LIFE_2),
      step(9_100, [interaction('b', 'failed', 9_100)], LIFE_2),
    ),
    'I6 one terminal queue in time',
  ],
  [
    'an interaction goes from one terminal queue into another',
    more(step(9_000, [interaction('b', 'rejected', 9_000)], LIFE_2)),
    'I6 one terminal queue in time',
  ],
  [
    'an interaction takes too long',
    more(
      step(9_000, [interaction('d', 'invited', 9_000)], LIFE_2),
      step(90_000, [interaction('d', 'failed', 90_000)], LIFE_2),
    ),
    'I6 one terminal queue in time',
  ],
  ['a hot lead is forgotten', { leadsStored: new Set(['l-a', 'l-q']) }, 'I6 every hot lead answered'],
  [
    'an interaction is open at rest',
    more(step(9_000, [interaction('d', 'shown', 9_000)], LIFE_2)),
    'I7 conservation at rest',
  ],
  ['a visitor waits for ever', more(step(9_000, [chat('d', 'waiting', 9_000)], LIFE_2)), 'I7 conservation at rest'],
  ['a chat rings for ever', more(step(LEFT_AT, [chat('d', 'offered', LEFT_AT)], LIFE_2)), 'I7 conservation at rest'],
  ['service is away for too long', { outages: [{ node: 'store', backMs: 5_001, waitedFor: [] }] }, 'I11 service back'],
  [
    'a row that was told is not there after the kill',
    cut(5, step(5_000, [interaction('a', 'accepted', 3_000)], { life: 2, input: 'recovered' })),
    'stored rows are kept',
  ],
  [
    'a row comes back older than it was told',
    cut(2, step(5_000, [interaction('a', 'invited', 1_000)], { life: 2, input: 'recovered' })),
    'stored rows are kept',
  ],
  [
    'a row comes back that nobody had asked for',
    cut(2, step(5_000, [interaction('a', 'rejected', 2_000)], { life: 2, input: 'recovered' })),
    'stored rows are kept',
  ],
  [
    'a row comes back that was never there',
    more(step(9_000, [interaction('z', 'failed', 1_000)], { life: 3, input: 'recovered' })),
    'stored rows are kept',
  ],
  [
    'a row that has survived one kill is gone after the next',
    cut(
      6,
      step(5_000, [interaction('c', 'invited', 4_900)], { life: 2, input: 'recovered', told: false }),
      step(6_000, [], { life: 3, input: 'recovered', told: false }),
    ),
    'stored rows are kept',
  ],
  [
    'an agent does not take his chat up again',
    { contactCenter: soundSteps().filter(({ input, life }) => input === 'recovered' || life === 1) },
    'chats restored',
  ],
  [
    'a chat is given up while its people are there',
    more(step(9_000, [chat('a', 'ended', 9_000)], { life: 2, input: 'restoreOverdue' })),
    'chats restored',
  ],
  ['a request is refused', { refusedRequests: 1 }, 'no request refused'],
])('is caught: %s', (_what, changes, invariant) => {
  expect(violated(changes)).toContain(invariant);
});

test('what ends for want of its people after they have left is no violation', () => {
  const late = LEFT_AT + 30_000;
  const history = more(
    step(LEFT_AT - 1_000, [chat('d', 'waiting', LEFT_AT - 1_000)], LIFE_2),
    step(late, [chat('e', 'ended', late)], { life: 2, input: 'restoreOverdue' }),
  );
  expect(violated(history)).toEqual([]);
});
