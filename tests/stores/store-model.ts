/** The store ports as plain maps, written from the port's words alone: what every store is compared with. */
import type { OperationsRow } from '#core/effects.ts';
import type { StoreBatch } from '#core/messages.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import type { HistoryCounts, Stores } from '#ports/stores.ts';

export type StoreOperation =
  | { readonly op: 'putHistory'; readonly batches: readonly StoreBatch[] }
  | { readonly op: 'putOperations'; readonly rows: readonly OperationsRow[] }
  | { readonly op: 'claim'; readonly key: string; readonly claimant: string }
  | { readonly op: 'past'; readonly visitID: string }
  | { readonly op: 'eventIDs'; readonly after: string | null; readonly limit: number }
  | { readonly op: 'recover' }
  | { readonly op: 'counts' }
  | { readonly op: 'reopen' };

/** All that a store can be asked for. */
export interface StoreDump {
  readonly eventIDs: readonly string[];
  readonly counts: HistoryCounts;
  readonly pasts: Readonly<Record<string, readonly VisitEvent[]>>;
  readonly rows: readonly OperationsRow[];
}

export class StoreModel {
  readonly #events: VisitEvent[] = [];
  /** In order of storing. */
  #rows: OperationsRow[] = [];
  readonly #claims: Record<string, string> = Object.create(null) as Record<string, string>;

  answer(asked: StoreOperation): unknown {
    switch (asked.op) {
      case 'putHistory':
        for (const event of asked.batches.flatMap((batch) => batch.events))
          if (!this.#events.some((known) => known.eventID === event.eventID)) this.#events.push(event);
        return undefined;
      case 'putOperations':
        for (const row of asked.rows) this.#putRow(row);
        return undefined;
      case 'claim':
        return (this.#claims[asked.key] ??= asked.claimant) === asked.claimant ? 'won' : 'lost';
      case 'past':
        return this.#events
          .filter(({ visitID }) => visitID === asked.visitID || isCrossing(visitID, asked.visitID))
          .toSorted((a, b) => a.at - b.at);
      case 'eventIDs':
        return this.#ids()
          .filter((id) => asked.after === null || Buffer.compare(Buffer.from(id), Buffer.from(asked.after)) > 0)
          .slice(0, asked.limit);
      case 'recover':
        return this.#rows.toSorted((a, b) => a.at - b.at);
      case 'counts':
        return {
          events: this.#events.length,
          visits: new Set(this.#events.map(({ visitID }) => visitID)).size,
          pages: this.#events.filter(({ eventName }) => eventName === 'PageEntered').length,
        };
      default:
        return undefined;
    }
  }

  #ids(): string[] {
    return this.#events
      .map(({ eventID }) => eventID)
      .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
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
    case 'eventIDs':
      return history.eventIDs(asked.after, asked.limit);
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
  const eventIDs: string[] = [];
  for (;;) {
    const page = await stores.history.eventIDs(eventIDs.at(-1) ?? null, pageSize);
    eventIDs.push(...page);
    if (page.length < pageSize) break;
  }
  const pasts: Record<string, readonly VisitEvent[]> = {};
  for (const visitID of visitIDs) pasts[visitID] = await stores.history.pastOf(visitID);
  return { eventIDs, counts: await stores.history.counts(), pasts, rows: await stores.operations.recover() };
}
