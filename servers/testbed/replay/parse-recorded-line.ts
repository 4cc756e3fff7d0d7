/**
 * A recorded event read by hand: several times as quick as its schema, which took half of the time of a replay. It may only let pass what
 * the schema (protocol/recorded-event.ts) lets pass; about whatever it does not, the schema decides and names the faults.
 */
import { SYSTEM_EVENT_NAMES } from '#core/visits/event.ts';
import type { BrowserEvent, EventData } from '#core/visits/event.ts';
import { succeed, type Result } from '#core/result.ts';
import { parseRecordedEvent, type LineFault, type RecordedEvent } from '#protocol/recorded-event.ts';

/** Of the schema. */
const ID_CHARS_MAX = 256;
const URL_CHARS_MAX = 8_192;
const TEXT_CHARS_MAX = 4_096;
const NAME_CHARS_MAX = 100;
const DATA_FIELDS_MAX = 100;
const VALUE_CHARS_MAX = 8_192;
const TIME_MS_MAX = 8_640_000_000_000_000;

const SYSTEM_EVENTS: ReadonlySet<string> = new Set(SYSTEM_EVENT_NAMES);

/** What a line of JSON may hold: a value of any kind in each field. */
type Given = { readonly [Field in keyof BrowserEvent | 'at' | 'sentAt']?: unknown };

/** Fields that every event has. */
const REQUIRED_FIELDS = 11;

/** Parses one line, with the faults of the schema. */
export function parseRecordedLine(text: string): Result<RecordedEvent, LineFault> {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return parseRecordedEvent(text);
  }
  const recorded = isGiven(given) ? readRecordedEvent(given) : null;
  return recorded === null ? parseRecordedEvent(text) : succeed(recorded);
}

function isGiven(given: unknown): given is Given {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

/** Null: the schema decides. Each field is read once, from its place in the object. */
function readRecordedEvent(given: Given): RecordedEvent | null {
  const { eventID, at, timestamp, sentAt, visitID, globalVisitID, pageID } = given;
  const { eventType, eventName, url, title, category, languageCode, identity, data } = given;
  if (!isId(eventID) || !isId(visitID) || !isId(globalVisitID) || !isId(pageID)) return null;
  if (!isClockMs(at) || !Number.isInteger(at) || at < 0) return null;
  if (timestamp !== undefined && !isClockMs(timestamp)) return null;
  if (sentAt !== undefined && !isClockMs(sentAt)) return null;
  if (eventType !== 'SYSTEM' && eventType !== 'BUSINESS') return null;
  if (!isText(eventName, NAME_CHARS_MAX) || eventName === '') return null;
  if (SYSTEM_EVENTS.has(eventName) !== (eventType === 'SYSTEM')) return null;
  if (!isText(url, URL_CHARS_MAX) || !isText(title, TEXT_CHARS_MAX) || !isText(languageCode, NAME_CHARS_MAX))
    return null;
  if (category !== undefined && !isText(category, TEXT_CHARS_MAX)) return null;
  if (identity !== undefined && !isId(identity)) return null;
  if (
    !isData(data) ||
    Object.keys(given).length !== REQUIRED_FIELDS + countGiven(timestamp, sentAt, category, identity)
  ) {
    return null;
  }
  return {
    at,
    sentAt,
    hasTimestamp: timestamp !== undefined,
    event: {
      eventID,
      timestamp: timestamp ?? at,
      visitID,
      globalVisitID,
      pageID,
      eventType,
      eventName,
      url,
      title,
      category,
      languageCode,
      identity,
      data,
    },
  };
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= ID_CHARS_MAX;
}

function isText(value: unknown, charsMax: number): value is string {
  return typeof value === 'string' && value.length <= charsMax;
}

function isClockMs(value: unknown): value is number {
  return typeof value === 'number' && value >= -TIME_MS_MAX && value <= TIME_MS_MAX;
}

function isData(data: unknown): data is EventData {
  if (!isGiven(data)) return false;
  let fields = 0;
  const record: Readonly<Record<string, unknown>> = data;
  for (const name in record) {
    fields += 1;
    if (fields > DATA_FIELDS_MAX || name.length > NAME_CHARS_MAX) return false;
    const value = record[name];
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) continue;
    if (!isText(value, VALUE_CHARS_MAX)) return false;
  }
  return true;
}

/** How many of the fields that may be left out are there. */
function countGiven(...optional: readonly unknown[]): number {
  let count = 0;
  for (const value of optional) if (value !== undefined) count += 1;
  return count;
}
