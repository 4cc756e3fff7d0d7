/** One contract for all stores: whatever is asked in whatever order, they answer as plain maps would. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OperationsRow } from '#core/effects.ts';
import { pageIdOf } from '#core/visits/history-observations.ts';
import { HISTORY_ENTITIES } from '#core/visits/history-records.ts';
import type { HistoryClock, HistoryRange, HistoryScope, HistorySettings } from '#ports/history.ts';
import type { Stores } from '#ports/stores.ts';
import { askStores, StoreModel, type StoreOperation } from './store-model.ts';
import {
  AWKWARD_STRINGS,
  batches,
  claims,
  eventIDs,
  eventTimes,
  identities,
  rows,
  sampleAgent,
  sampleBatch,
  sampleChat,
  sampleContact,
  sampleEvent,
  sampleInteraction,
  tellings,
  visitIDs,
} from './store-samples.ts';
import { storeSettings, ToldClock } from './store-settings.ts';

export interface StoreKind {
  /** Histories of questions that the comparison with plain maps tries. */
  readonly runs: number;
  readonly open: (settings?: HistorySettings) => Opened;
}

export interface Opened {
  readonly stores: Stores;
  /** The same stores after their process has come back; memory has no afterwards. */
  readonly reopen: () => Opened;
}

export function close(stores: Stores): void {
  stores.history.close();
  stores.operations.close();
}

/** When some of the sampled visits have been silent for long enough to be over, and others have not. */
const SILENT_AT = 5 * 3_600_000;

function at(domain: number): HistoryClock {
  const clock = new ToldClock();
  clock.domain = domain;
  return clock;
}

const entities = fc.constantFrom(...HISTORY_ENTITIES);
const pageIds = fc.tuple(visitIDs, fc.constantFrom('p1', 'p2', '')).map(([visit, page]) => pageIdOf(visit, page));
const scopes: fc.Arbitrary<HistoryScope> = fc.oneof(
  visitIDs.map((visit) => ({ visit })),
  identities.map((identity) => ({ identity })),
  fc.constant({ all: true as const }),
);
const ranges: fc.Arbitrary<HistoryRange> = fc.record(
  {
    limit: fc.integer({ min: 1, max: 5 }),
    since: eventTimes,
    after: fc.record({ at: eventTimes, id: fc.oneof(eventIDs, visitIDs, pageIds) }),
  },
  { requiredKeys: ['limit'] },
);

export const asked: fc.Arbitrary<StoreOperation> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(batches, { maxLength: 3 }).map((drawn) => ({ op: 'putHistory' as const, batches: drawn })),
  },
  {
    weight: 6,
    arbitrary: fc.array(rows, { maxLength: 4 }).map((drawn) => ({ op: 'putOperations' as const, rows: drawn })),
  },
  { weight: 3, arbitrary: claims.map((claim) => ({ op: 'claim' as const, ...claim })) },
  { weight: 3, arbitrary: visitIDs.map((visitID) => ({ op: 'past' as const, visitID })) },
  {
    weight: 3,
    arbitrary: fc.array(tellings, { maxLength: 4 }).map((drawn) => ({ op: 'putAttempts' as const, tellings: drawn })),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 9 }).map((limit) => ({ op: 'eventIDs' as const, limit })) },
  {
    weight: 8,
    arbitrary: fc.record({
      op: fc.constant('get' as const),
      entity: entities,
      id: fc.oneof(eventIDs, visitIDs, pageIds, identities, fc.constantFrom('1', '2', 'e9d6a1deead2b4a2b6aebbd2d1')),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.oneof(
      fc.record({ op: fc.constant('list' as const), entity: entities, scope: scopes, range: ranges }),
      fc.record({
        op: fc.constant('list' as const),
        entity: fc.constant('event' as const),
        scope: pageIds.map((page) => ({ page })),
        range: ranges,
      }),
    ),
  },
  { weight: 1, arbitrary: identities.map((identity) => ({ op: 'erase' as const, identity })) },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant('eraseRows' as const),
      identityId: identities,
      visits: fc.array(visitIDs, { maxLength: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ op: 'recover' as const }) },
  { weight: 1, arbitrary: fc.constant({ op: 'counts' as const }) },
  { weight: 1, arbitrary: fc.constant({ op: 'sweep' as const }) },
  { weight: 1, arbitrary: fc.constant({ op: 'reopen' as const }) },
);

interface Answers {
  readonly store: readonly unknown[];
  readonly model: readonly unknown[];
}

/** What a store and the model answer to the same questions; `reopens`: after opening the store again for each. */
export async function ask(
  kind: Pick<StoreKind, 'open'>,
  questions: readonly StoreOperation[],
  { reopens = false, settings = storeSettings() } = {},
): Promise<Answers> {
  const model = new StoreModel(settings);
  const answers: { store: unknown[]; model: unknown[] } = { store: [], model: [] };
  let opened = kind.open(settings);
  try {
    for (const question of [...questions, { op: 'recover' } as const, { op: 'counts' } as const]) {
      if (reopens || question.op === 'reopen') opened = opened.reopen();
      answers.store.push(await askStores(opened.stores, question));
      answers.model.push(model.answer(question));
    }
    return answers;
  } finally {
    close(opened.stores);
  }
}

/** An interaction of a visit that has come to its end. */
function ended(id: string, visitID: string, identity: string): OperationsRow {
  const row = sampleInteraction(id, 5, 2);
  if (row.kind !== 'interaction') return row;
  return { ...row, visitID, state: 'accepted', lead: { ...row.lead, visitID, browserVisitID: visitID, identity } };
}

function chatOf(id: string, visitID: string, state: 'talking' | 'ended', since = 6): OperationsRow {
  const row = sampleChat(`c-${id}`, since, 5);
  return row.kind === 'chat' ? { ...row, visitID, state } : row;
}

/** The tests of the contract, for inside a `describe` that names the stores. */
export function testStoreContract(kind: StoreKind): void {
  it('answer as plain maps would, whatever is asked in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(asked, { maxLength: 40 }), fc.boolean(), async (questions, limitIndexing) => {
        const answers = await ask(kind, questions, {
          settings: storeSettings({ limitIndexing, clock: at(SILENT_AT) }),
        });
        expect(answers.store).toEqual(answers.model);
      }),
      { numRuns: kind.runs },
    );
  });

  it('hand back exactly the strings and numbers that were put', async () => {
    const { stores } = kind.open();
    const data = {
      zero: 0,
      big: Number.MAX_SAFE_INTEGER,
      small: 5e-324,
      huge: 1.7976931348623157e308,
      yes: true,
      no: null,
    };
    const events = AWKWARD_STRINGS.map((text, i) =>
      sampleEvent(text, 'v', Number.MAX_SAFE_INTEGER - i, {
        title: text,
        identity: text,
        data: { ...data, [text]: text },
      }),
    );
    await stores.history.put([sampleBatch('b', 'v', events)]);
    expect(await stores.history.pastOf('v')).toEqual(events.toReversed());
    close(stores);
  });

  it('leave an event as it was first put, also within one put', async () => {
    const { stores } = kind.open();
    const first = sampleEvent('e1', 'v', 10);
    await stores.history.put([sampleBatch('b1', 'v', [first, sampleEvent('e1', 'v', 11)])]);
    await stores.history.put([sampleBatch('b2', 'v.2', [sampleEvent('e1', 'v.2', 12)])]);
    expect(await stores.history.pastOf('v')).toEqual([first]);
    expect(await stores.history.counts()).toEqual({ events: 1, visits: 1, pages: 1 });
    close(stores);
  });

  it('give the past of a visit through its crossings to other domains, and of no other visit', async () => {
    const { stores } = kind.open();
    const mine = [sampleEvent('e1', 'v', 1), sampleEvent('e2', 'v.2', 2), sampleEvent('e3', 'v.10', 2)];
    const others = ['v.x', 'v.2x', 'v2', 'vv', 'v.2.y', 'w.2'].map((visitID, i) => sampleEvent(`o${i}`, visitID, 1));
    await stores.history.put([...mine, ...others].map((event) => sampleBatch(event.eventID, event.visitID, [event])));
    expect(await stores.history.pastOf('v')).toEqual(mine);
    close(stores);
  });

  it('let no row that is sent again late replace a newer one', async () => {
    const { stores } = kind.open();
    const { operations } = stores;
    await operations.put([sampleChat('c', 5, 5), sampleAgent('a', 5, 2), sampleInteraction('i', 5, 2)]);
    await operations.put([sampleChat('c', 4, 0), sampleAgent('a', 3, 1), sampleInteraction('i', 5, 1)]);
    expect(await operations.recover()).toEqual([
      sampleChat('c', 5, 5),
      sampleAgent('a', 5, 2),
      sampleInteraction('i', 5, 2),
    ]);
    await operations.put([sampleChat('c', 5, 0)]);
    expect((await operations.recover()).at(-1)).toEqual(sampleChat('c', 5, 0));
    await operations.put([sampleContact('ann@example', 6, 2)]);
    await operations.put([sampleContact('ann@example', 4, 1)]);
    expect(await operations.recover(['contact'])).toEqual([sampleContact('ann@example', 6, 2)]);
    close(stores);
  });

  it('take the rows of an erased identity away, but for visits in which something still runs, and count both', async () => {
    const { stores } = kind.open();
    const { operations } = stores;
    const over = [ended('1', 'v1', 'ann'), sampleContact('ann', 9, 2), chatOf('1', 'v1', 'ended')];
    const running = [ended('2', 'v2', 'ann'), chatOf('2', 'v2', 'talking')];
    const others = [ended('3', 'v3', 'bob'), sampleContact('bob', 9, 1), sampleAgent('ann', 9, 1)];
    await operations.put([...over, ...running, ...others]);
    const erased = { interactions: 1, chats: 1, reactive: 0, contacts: 1 };
    const none = { interactions: 0, chats: 0, reactive: 0, contacts: 0 };
    const inProgress = { ...none, interactions: 1, chats: 1 };
    expect(await operations.erase({ identityId: 'ann', visits: [] })).toEqual({ erased, inProgress });
    expect(await operations.erase({ identityId: 'ann', visits: [] })).toEqual({ erased: none, inProgress });
    expect((await operations.recover()).map(({ id }) => id).toSorted()).toEqual(
      [...running, ...others].map(({ id }) => id).toSorted(),
    );
    await operations.put([chatOf('2', 'v2', 'ended', 10), sampleContact('ann', 1, 1)]);
    const rest = { ...erased, contacts: 1 };
    expect(await operations.erase({ identityId: 'ann', visits: [] })).toEqual({ erased: rest, inProgress: none });
    expect((await operations.recover()).map(({ id }) => id).toSorted()).toEqual(others.map(({ id }) => id).toSorted());
    close(stores);
  });

  it('let one of 100 claimants win, who wins whenever he asks again', async () => {
    const { stores } = kind.open();
    const names = Array.from({ length: 100 }, (_, i) => `claimant-${i}`);
    const claimAll = (): Promise<string[]> =>
      Promise.all(names.map((name) => stores.operations.claim('visit-1', name)));
    const first = await claimAll();
    expect(first.filter((outcome) => outcome === 'won')).toHaveLength(1);
    expect(await claimAll()).toEqual(first);
    close(stores);
  });
}
