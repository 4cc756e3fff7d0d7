/**
 * How much of the time that a log spans it has lines for: a sample with gaps makes visits look shorter than they were, and
 * rules with long windows find little in it.
 */
import { describeCount } from '#testbed/report/figure-text.ts';

export interface Coverage {
  /** Time of the first and of the last record, ms. */
  readonly from: number;
  readonly to: number;
  /** Minutes of the clock from the first to the last, both included. */
  readonly minutesSpanned: number;
  readonly minutesWithRecords: number;
  /** Of the hours that have records at all. */
  readonly hoursWithRecords: number;
  readonly recordsPerMinute: number;
  /** So many records in so few minutes can be no quiet site: the log is a sample of its time. */
  readonly isSample: boolean;
}

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
/** Busier than this a minute, a site has no quiet minutes in between: chance leaves one in e^5 = 148 empty. */
const SAMPLE_RECORDS_PER_MINUTE = 5;
const SAMPLE_SHARE = 0.5;

export class CoverageCounter {
  readonly #minutes = new Set<number>();
  #records = 0;
  #from = Infinity;
  #to = -Infinity;
  #lastMinute = Number.NaN;

  add(at: number): void {
    this.#records += 1;
    if (at < this.#from) this.#from = at;
    if (at > this.#to) this.#to = at;
    const minute = Math.floor(at / MINUTE_MS);
    if (minute === this.#lastMinute) return;
    this.#lastMinute = minute;
    this.#minutes.add(minute);
  }

  /** Null where there were no records. */
  cover(): Coverage | null {
    if (this.#records === 0) return null;
    const hours = new Set([...this.#minutes].map((minute) => Math.floor(minute / HOUR_MINUTES)));
    const minutesSpanned = Math.floor(this.#to / MINUTE_MS) - Math.floor(this.#from / MINUTE_MS) + 1;
    const minutesWithRecords = this.#minutes.size;
    const recordsPerMinute = this.#records / minutesWithRecords;
    return {
      from: this.#from,
      to: this.#to,
      minutesSpanned,
      minutesWithRecords,
      hoursWithRecords: hours.size,
      recordsPerMinute,
      isSample: recordsPerMinute >= SAMPLE_RECORDS_PER_MINUTE && minutesWithRecords / minutesSpanned < SAMPLE_SHARE,
    };
  }
}

/** What to bear in mind, where the log is a sample; else null. */
export function describeSample(coverage: Coverage): string | null {
  if (!coverage.isSample) return null;
  const { minutesWithRecords, minutesSpanned, hoursWithRecords } = coverage;
  const perHour = minutesWithRecords / hoursWithRecords;
  const pattern =
    perHour === 1 ? 'one minute in each hour' : `${perHour.toFixed(1)} minutes in each of ${hoursWithRecords} hours`;
  return (
    `This is a sample: ${describeCount(minutesWithRecords)} of the ${describeCount(minutesSpanned)} minutes that it spans have ` +
    `anything in them, ${pattern}. So visits look shorter than they were, and rules with long windows or dwell times have ` +
    'little to bite on.'
  );
}
