/** The store ports as plain maps, written from the port's words alone: what every store is compared with. */
import type { OperationsRow } from '#core/effects.ts';
import type { AttemptTelling } from '#core/engagement/attempt-tellings.ts';
import type { StoreBatch } from '#core/messages.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { HISTORY_ENTITIES } from '#core/visits/history-records.ts';
import type {
  Erasure,
  HistoryEntity,
  HistoryListing,
  HistoryPlace,
  HistoryRange,
  HistoryRecords,
  HistoryScope,
  HistorySettings,
  RowCounts,
} from '#ports/history.ts';
import type { HistoryCounts, HistoryStore, StoreFault, Stores } from '#ports/stores.ts';
import { HistoryModel } from './history-model.ts';

export type StoreOperation =
  | { readonly op: 'putHistory'; readonly batches: readonly StoreBatch[] }
  | { readonly op: 'putAttempts'; readonly tellings: readonly AttemptTelling[] }
  | { readonly op: 'putOperations'; readonly rows: readonly OperationsRow[] }
  | { readonly op: 'claim'; readonly key: string; readonly claimant: string }
  | { readonly op: 'past'; readonly visitID: string }
  /** All of them, page by page. */
  | { readonly op: 'eventIDs'; readonly limit: number }
  | { readonly op: 'get'; readonly entity: HistoryEntity; readonly id: string }
  | {
      readonly op: 'list';
      readonly entity: HistoryEntity;
      readonly scope: HistoryScope;
      readonly range: HistoryRange;
    }
  | { readonly op: 'erase'; readonly identity: string }
  | { readonly op: 'eraseRows'; readonly identityId: string; readonly visits: readonly string[] }
  | { readonly op: 'sweep' }
  | { readonly op: 'recover' }
  | { readonly op: 'counts' }
  | { readonly op: 'reopen' };

/** All that a store can be asked for. */
export interface StoreDump {
  readonly eventIDs: readonly string[];
  readonly counts: HistoryCounts;
  readonly pasts: Readonly<Record<string, readonly VisitEvent[]>>;
  readonly records: Readonly<Record<string, readonly unknown[]>>;
  readonly rows: readonly OperationsRow[];
}

export class StoreModel {
  readonly #history: HistoryModel;
  /** In order of storing. */
  #rows: OperationsRow[] = [];
  readonly #claims: Record<string, string> = Object.create(null) as Record<string, string>;

  constructor(settings: HistorySettings) {
    this.#history = new HistoryModel(settings);
  }

  answer(asked: StoreOperation): unknown {
    switch (asked.op) {
      case 'putHistory':
        for (const event of asked.batches.flatMap((batch) => batch.events)) this.#history.put(event);
        return undefined;
      case 'putAttempts':
        for (const telling of asked.tellings) this.#history.tell(telling);
        return undefined;
      case 'get':
        return this.#history.get(asked.entity, asked.id);
      case 'list':
        return this.#history.list(asked.entity, asked.scope, asked.range);
      case 'erase':
        return this.#history.erase(asked.identity);
      case 'eraseRows':
        return this.#eraseRows(asked.identityId, asked.visits);
      case 'putOperations':
        for (const row of asked.rows) this.#putRow(row);
        return undefined;
      case 'claim':
        return (this.#claims[asked.key] ??= asked.claimant) === asked.claimant ? 'won' : 'lost';
      case 'past':
        return this.#history
          .events()
          .filter(({ visitID }) => visitID === asked.visitID || isCrossing(visitID, asked.visitID))
          .toSorted((a, b) => a.at - b.at);
      case 'eventIDs':
        return this.#history
          .events()
          .map(({ eventID }) => eventID)
          .toSorted();
      case 'recover':
        return this.#rows.toSorted((a, b) => a.at - b.at);
      case 'counts': {
        const events = this.#history.events();
        return {
          events: events.length,
          visits: new Set(events.map(({ visitID }) => visitID)).size,
          pages: events.filter((event) => event.eventType === 'SYSTEM' && event.eventName === 'PageEntered').length,
        };
      }
      default:
        return undefined;
    }
  }

  /** Visit by visit: each goes with all of its rows, or stays with them. */
  #eraseRows(identityId: string, visits: readonly string[]): Erasure {
    const known = visits.map((visit) => visit.replace(/(?<=[^])\.[0-9]+$/, ''));
    const taken: OperationsRow[] = this.#rows.filter((row) => row.kind === 'contact' && row.id === identityId);
    const left: OperationsRow[] = [];
    for (const [visit, rows] of Map.groupBy(this.#rows, browserVisitOf)) {
      if (visit === null) continue;
      const isNamed = rows.some((row) => row.kind === 'interaction' && row.lead.identity === identityId);
      if (isNamed || known.includes(visit)) (rows.every(isOver) ? taken : left).push(...rows);
    }
    this.#rows = this.#rows.filter((row) => !taken.includes(row));
    return { erased: countKinds(taken), inProgress: countKinds(left) };
  }

  #putRow(row: OperationsRow): void {
    const known = this.#rows.find(({ kind, id }) => kind === row.kind && id === row.id);
    if (known !== undefined) {
      if (row.at < known.at) return;
      const earlierStep = 'step' in row && 'step' in known && row.step < known.step;
      if (row.at === known.at && earlierStep) return;
      if (JSON.stringify(row) === JSON.stringify(known)) return;
    }
    this.#rows = [...this.#rows.filter((each) => each !== known), row];
  }
}

function browserVisitOf(row: OperationsRow): string | null {
  if (row.kind === 'interaction') return row.lead.browserVisitID;
  return row.kind === 'chat' || row.kind === 'reactive' ? row.visitID : null;
}

function isOver(row: OperationsRow): boolean {
  if (row.kind === 'chat') return ['ended', 'abandoned'].includes(row.state);
  if (row.kind !== 'interaction') return true;
  return ['accepted', 'rejected', 'timeout', 'failed'].includes(row.state) && row.stopped !== false;
}

function countKinds(rows: readonly OperationsRow[]): RowCounts {
  const names = { interaction: 'interactions', chat: 'chats', reactive: 'reactive', contact: 'contacts' };
  return Object.fromEntries(
    Object.entries(names).map(([kind, name]) => [name, rows.filter((row) => row.kind === kind).length]),
  );
}

function isCrossing(visitID: string, browserVisitID: string): boolean {
  return visitID.startsWith(`${browserVisitID}.`) && /^\d+$/.test(visitID.slice(browserVisitID.length + 1));
}

/** Asks a store what the model was asked. */
export async function askStores({ history, operations }: Stores, asked: StoreOperation): Promise<unknown> {
  switch (asked.op) {
    case 'putHistory':
      return history.put(asked.batches);
    case 'putOperations':
      return operations.put(asked.rows);
    case 'claim':
      return operations.claim(asked.key, asked.claimant);
    case 'past':
      return history.pastOf(asked.visitID);
    case 'putAttempts':
      return history.putAttempts(asked.tellings);
    case 'eventIDs':
      return (await allEventIDs(history, asked.limit)).toSorted();
    case 'get':
      return history.get(asked.entity, asked.id);
    case 'list':
      return history.list(asked.entity, asked.scope, asked.range).catch((thrown: StoreFault) => thrown.fault);
    case 'erase':
      await history.erase(asked.identity);
      return undefined;
    case 'eraseRows':
      return operations.erase(asked);
    case 'sweep':
      while (history.sweep());
      return undefined;
    case 'recover':
      return operations.recover();
    case 'counts':
      return history.counts();
    default:
      return undefined;
  }
}

/** Everything in the stores, read page by page; `visitIDs`: of which visits the past is asked. */
export async function dumpStores(stores: Stores, visitIDs: readonly string[], pageSize = 7): Promise<StoreDump> {
  const { history, operations } = stores;
  const pasts: Record<string, readonly VisitEvent[]> = {};
  for (const visitID of visitIDs) pasts[visitID] = await history.pastOf(visitID);
  const records: Record<string, readonly unknown[]> = {};
  for (const entity of HISTORY_ENTITIES) records[entity] = await allRecords(history, entity, { all: true }, pageSize);
  return {
    eventIDs: (await allEventIDs(history, pageSize)).toSorted(),
    counts: await history.counts(),
    pasts,
    records,
    rows: await operations.recover(),
  };
}

/** A listing to its end; `between` is called after each page. */
export async function allRecords<E extends HistoryEntity>(
  history: HistoryStore,
  entity: E,
  scope: HistoryScope,
  pageSize: number,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<readonly HistoryRecords[E][]> {
  const records: HistoryRecords[E][] = [];
  let after: HistoryPlace | null = null;
  do {
    const range: HistoryRange = after === null ? { limit: pageSize } : { limit: pageSize, after };
    const page: HistoryListing<HistoryRecords[E]> = await history.list(entity, scope, range);
    records.push(...page.records);
    after = page.next;
    await between();
  } while (after !== null);
  return records;
}

async function allEventIDs(history: HistoryStore, pageSize: number): Promise<readonly string[]> {
  const found: string[] = [];
  for (;;) {
    const page = await history.eventIDs(found.at(-1) ?? null, pageSize);
    found.push(...page);
    if (page.length < pageSize) return found;
  }
}
