/**
 * Takes out of a slice what is past where retentions differ: rows of which nothing is kept are deleted, and of an event that is past
 * only what its other observations are made of is left. A pass over a slice, a step at a time; one that is interrupted begins anew.
 */
import type { VisitEvent } from '#core/visits/event.ts';
import { observationsOf } from '#core/visits/history-observations.ts';
import type { HistoryEntity } from '#core/visits/history-records.ts';
import type { EventSlice } from './event-slice.ts';
import type { EventSlices } from './event-slices.ts';
import { bodyOf, parseEvent, type EventRow } from './history-rows.ts';
import { OTHER_EVENT } from './history-schema.ts';
import type { RetentionTerms } from './retention-terms.ts';

const STEP_ROWS = 500;
/** What observations take from an event's own data. */
const TOLD_KEYS = ['userAgent', 'name', 'firstName', 'lastName', 'location'];

export class SliceThinning {
  readonly #slices: EventSlices;
  readonly #terms: RetentionTerms;
  #pass: { readonly slice: EventSlice; readonly begunAt: number; seq: number } | undefined;

  constructor(slices: EventSlices, terms: RetentionTerms) {
    this.#slices = slices;
    this.#terms = terms;
  }

  /** One step, inside a transaction of the caller's; true: there is more to do. */
  step(now: number): boolean {
    // It may have left, or been opened anew.
    if (this.#pass !== undefined && !this.#slices.all().includes(this.#pass.slice)) this.#pass = undefined;
    if (this.#pass === undefined) {
      const slice = this.#slices.all().find((each) => this.#isDue(each, now));
      if (slice === undefined) return false;
      this.#pass = { slice, begunAt: now, seq: 0 };
    }
    const pass = this.#pass;
    const rows = pass.slice.inOrder(pass.seq, STEP_ROWS);
    for (const row of rows) this.#thin(row, pass.slice, now);
    pass.seq = rows.at(-1)?.seq ?? pass.seq;
    if (rows.length < STEP_ROWS) {
      this.#slices.thinned(pass.slice, pass.begunAt);
      this.#pass = undefined;
    }
    return true;
  }

  /** Whether one of the retentions has run out for all of its rows since the last pass. */
  #isDue({ writtenAt, thinnedAt, expiresAt }: EventSlice, now: number): boolean {
    return this.#terms.lengths.some((ms) => {
      const over = writtenAt + ms;
      return over > thinnedAt && over <= now && over < expiresAt;
    });
  }

  #thin(row: EventRow, slice: EventSlice, now: number): void {
    if (this.#terms.isKept('event', row, now)) return;
    const event = row.kind === OTHER_EVENT ? null : parseEvent(row, slice.start);
    const told: readonly HistoryEntity[] =
      event === null ? ['visit'] : observationsOf(event).map(({ entity }) => entity);
    if (!told.some((entity) => this.#terms.isKept(entity, row, now))) slice.remove(row.seq);
    else if (!isThinned(row)) slice.replace(row.seq, -row.terms, event === null ? '' : bodyOf(thinnedEvent(event)));
  }
}

/** A row of which the event has been taken. */
function isThinned(row: EventRow): boolean {
  return row.terms < 0;
}

function thinnedEvent(event: VisitEvent): VisitEvent {
  const isPage = event.eventName === 'PageEntered';
  const data = Object.fromEntries(Object.entries(event.data).filter(([key]) => TOLD_KEYS.includes(key)));
  const { url, title, category } = event;
  return {
    ...event,
    languageCode: '',
    data,
    ...(isPage ? { url, title, category } : { url: '', title: '', category: '' }),
  };
}
