/**
 * Puts the past of the visits that are under way when a run begins into the history, so that each Frontend finds it when
 * it meets the visit, as it would for a visit that comes from another node.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { compileCategories } from '#core/categories/category-matcher.ts';
import type { Category } from '#core/categories/category.ts';
import type { CommitGroup } from '#core/effects.ts';
import type { BrowserEvent, VisitEvent } from '#core/visits/event.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { IdFile } from './crowd-ledger.ts';

/** The store client of #node as far as the past needs it. */
export interface PastStore {
  commit(group: CommitGroup, onStored: (ok: boolean) => void): void;
}

export interface PastParts {
  readonly store: PastStore;
  readonly categories: readonly Category[];
  /** What was stored, written after it was. */
  readonly seeded: IdFile;
}

/** Visits on their way at once. */
const UNDER_WAY = 32;
/** A batch may hold no more, so that it fits a message. */
const BATCH_EVENTS_MAX = 200;
const ATTEMPTS_MAX = 8;
const RETRY_MS = 250;

/** Resolves when every visit's past is stored; OperatingError UNAVAILABLE when the store does not take it. */
export async function storePasts(pasts: readonly (readonly BrowserEvent[])[], parts: PastParts): Promise<void> {
  const { categoriesOf } = compileCategories(parts.categories);
  const stamp = (event: BrowserEvent): VisitEvent => ({
    ...event,
    at: event.timestamp,
    category: event.category ?? categoriesOf(event.url, event.title, event.languageCode),
  });
  const left = pasts.values();
  const storeNext = async (): Promise<void> => {
    for (const past of left) await storePast(past.map(stamp), parts);
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, storeNext));
}

async function storePast(events: readonly VisitEvent[], { store, seeded }: PastParts): Promise<void> {
  for (let from = 0; from < events.length; from += BATCH_EVENTS_MAX) {
    const part = events.slice(from, from + BATCH_EVENTS_MAX);
    await commit(store, part, `past~${part[0]?.visitID ?? ''}~${from}`);
    seeded.add(part.map(({ eventID }) => eventID));
  }
}

async function commit(store: PastStore, events: readonly VisitEvent[], batchId: string): Promise<void> {
  const visitID = events[0]?.visitID ?? '';
  const batch = { type: 'storeBatch', batchId, frontend: 'crowd', visitID, events, leads: undefined } as const;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const ok = await new Promise<boolean>((resolve) => store.commit({ store: 'history', batch }, resolve));
    if (ok) return;
    await sleep(RETRY_MS);
  }
  throw new OperatingError('UNAVAILABLE', `the store does not take the past of visit ${visitID}`);
}
