/**
 * The wire schema of an events body, by hand: four times as quick as its compiled schema, which took half of the time that
 * a batch takes. It may only let pass what the schema lets pass; whatever it does not, the schema decides about.
 */
import { BATCH_EVENTS_MAX, type EventsBody } from '#protocol/wire-events.ts';

const TIME_MS_MAX = 8_640_000_000_000_000;
const REQUIRED_FIELDS = 11;
const DATA_VALUES_MAX = 50;
const DATA_CHARS_MAX = 2_048;

/** By character code: whether it may be in an id. */
const ID_CHARACTERS = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-') {
  ID_CHARACTERS[character.charCodeAt(0)] = 1;
}

/**
 * Whether a parsed body surely is one of `eventsBodySchema`; false: it may be one nevertheless. `plain`: it is known that
 * no text in it holds NUL or half of a surrogate pair, and nobody has looked for names that poison prototypes.
 */
export function isEventsBody(body: unknown, plain = false): body is EventsBody {
  if (Array.isArray(body)) return areEvents(body, plain);
  if (!isRecord(body)) return false;
  for (const name in body) {
    if (name === 'events') continue;
    if (name !== 'sentAt' || !isClockMs(body[name])) return false;
  }
  return areEvents(body['events'], plain);
}

/**
 * The events body that a well-formed text surely holds; undefined: it may hold one nevertheless. A text without escapes by
 * number can hide no NUL and no half of a surrogate pair. Names that poison prototypes are fields that no event has, and
 * none of its data.
 */
export function parsePlainEvents(text: string): EventsBody | undefined {
  if (text.includes('\\u')) return undefined;
  try {
    const body: unknown = JSON.parse(text);
    return isEventsBody(body, true) ? body : undefined;
  } catch {
    return undefined;
  }
}

function areEvents(events: unknown, plain: boolean): boolean {
  if (!Array.isArray(events) || events.length === 0 || events.length > BATCH_EVENTS_MAX) return false;
  for (const event of events) if (!isEvent(event, plain)) return false;
  return true;
}

/** Field by field, in the order of most clients: events of a few shapes are read without a search for each name. */
function isEvent(event: unknown, plain: boolean): boolean {
  if (!isRecord(event)) return false;
  const { eventID, timestamp, visitID, globalVisitID, pageID, eventType, eventName } = event;
  const { url, title, category, languageCode, identity, data } = event;
  let fields = REQUIRED_FIELDS;
  if (category !== undefined) fields += 1;
  if (identity !== undefined) fields += 1;
  return (
    isId(eventID, 1) &&
    isClockMs(timestamp) &&
    isId(visitID, 1) &&
    isId(globalVisitID, 1) &&
    isId(pageID, 0) &&
    (eventType === 'SYSTEM' || eventType === 'BUSINESS') &&
    isText(eventName, 1, 100, plain) &&
    isText(url, 0, 2_048, plain) &&
    isText(title, 0, 512, plain) &&
    (category === undefined || isText(category, 0, 2_048, plain)) &&
    isText(languageCode, 0, 100, plain) &&
    (identity === undefined || isText(identity, 1, 256, plain)) &&
    isData(data, plain) &&
    // As many as it must have: then there is none that it may not have.
    Object.keys(event).length === fields
  );
}

/** Whether it is an id, or so long as an id may be. */
export function isId(value: unknown, charsMin: number): value is string {
  if (typeof value !== 'string' || value.length < charsMin || value.length > 64) return false;
  for (let at = 0; at < value.length; at += 1) if (ID_CHARACTERS[value.charCodeAt(at)] !== 1) return false;
  return true;
}

function isText(value: unknown, charsMin: number, charsMax: number, plain: boolean): boolean {
  if (typeof value !== 'string' || value.length < charsMin || value.length > charsMax) return false;
  return plain || (value.isWellFormed() && !value.includes('\0'));
}

function isClockMs(value: unknown): boolean {
  return typeof value === 'number' && value >= -TIME_MS_MAX && value <= TIME_MS_MAX;
}

function isData(data: unknown, plain: boolean): boolean {
  if (!isRecord(data)) return false;
  let values = 0;
  for (const name in data) {
    values += 1;
    if (
      values > DATA_VALUES_MAX ||
      (plain && name === '__proto__') ||
      !isText(name, 1, 100, plain) ||
      !isDataValue(data[name], plain)
    )
      return false;
  }
  return true;
}

function isDataValue(value: unknown, plain: boolean): boolean {
  if (typeof value === 'string') return isText(value, 0, DATA_CHARS_MAX, plain);
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || typeof value === 'boolean';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
