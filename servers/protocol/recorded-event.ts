/**
 * Recorded events: one JSON object a line, as `engage export` writes and `engage replay` reads them. Strict, with limits, every
 * fault of a line told at once; nothing is repaired.
 */
import { z } from 'zod';
import { fail, succeed, type Result } from '#core/result.ts';
import type { BrowserEvent, EventData, SYSTEM_EVENT_NAMES } from '#core/visits/event.ts';
import { describeWrong, isRecord, listFaults, numberField, sectionField, wordField } from './scenario-file-fields.ts';

/** A line of a recording. `category` undefined: categories are to be applied. */
export interface RecordedEvent {
  /** The server's time in integer ms, on which rules run. */
  readonly at: number;
  /** The browser's clock when the batch was sent, where the recording has it. */
  readonly sentAt: number | undefined;
  /** Without a `timestamp` in the recording its `at` stands for it. */
  readonly event: BrowserEvent;
  /** The recording had a `timestamp`. */
  readonly hasTimestamp: boolean;
}

/** What is wrong with a line, in words, and where in it: a column from 1. */
export interface LineFault {
  readonly column: number;
  readonly why: string;
}

/** An event that was older than this when it was sent (an offline queue) is stored but not matched, ms. */
export const MATCHED_AGE_MS_MAX = 30_000;

/** Too old when it was sent to be matched by rules: by the browser's own clock, however wrong that is. */
export function isTooOldToMatch({ sentAt, hasTimestamp, event }: RecordedEvent): boolean {
  return sentAt !== undefined && hasTimestamp && sentAt - event.timestamp > MATCHED_AGE_MS_MAX;
}

const ID_CHARS_MAX = 256;
const URL_CHARS_MAX = 8_192;
const TEXT_CHARS_MAX = 4_096;
const NAME_CHARS_MAX = 100;
const DATA_FIELDS_MAX = 100;
const VALUE_CHARS_MAX = 8_192;
/** The largest time that a Date can hold, ms. */
const TIME_MS_MAX = 8_640_000_000_000_000;

// Those of core/visits/event.ts, of which this room may take only types; the type keeps them equal.
const SYSTEM_EVENTS: Readonly<Record<(typeof SYSTEM_EVENT_NAMES)[number], true>> = {
  VisitStarted: true,
  PageEntered: true,
  PageExited: true,
  SignIn: true,
  SignOut: true,
  UserInfo: true,
};

function idField(what: string): z.ZodType<string> {
  const expected = `expected ${what} of 1 to ${ID_CHARS_MAX} characters`;
  return z.custom<string>((given) => typeof given === 'string' && given !== '' && given.length <= ID_CHARS_MAX, {
    error: (issue) => describeWrong(expected, issue.input),
  });
}

function charsField(what: string, charsMax: number): z.ZodType<string> {
  return z.custom<string>((given) => typeof given === 'string' && given.length <= charsMax, {
    error: (issue) => describeWrong(`expected ${what} of at most ${charsMax} characters`, issue.input),
  });
}

const clockField = numberField({ what: "a time of the browser's clock in ms", min: -TIME_MS_MAX, max: TIME_MS_MAX });

const recordedEventSchema = sectionField({
  eventID: idField('an id'),
  at: numberField({ what: 'a time in whole ms', whole: true, min: 0, max: TIME_MS_MAX }),
  timestamp: clockField.optional(),
  sentAt: clockField.optional(),
  visitID: idField('an id'),
  globalVisitID: idField('an id'),
  // Empty before the visit's first page, as browsers send it.
  pageID: charsField('an id', ID_CHARS_MAX),
  eventType: wordField(['SYSTEM', 'BUSINESS']),
  eventName: z.custom<string>((given) => typeof given === 'string' && given !== '' && given.length <= NAME_CHARS_MAX, {
    error: (issue) => describeWrong(`expected a name of 1 to ${NAME_CHARS_MAX} characters`, issue.input),
  }),
  url: charsField('a URL', URL_CHARS_MAX),
  title: charsField('a title', TEXT_CHARS_MAX),
  category: charsField('category names joined by ";"', TEXT_CHARS_MAX).optional(),
  languageCode: charsField('a language code', NAME_CHARS_MAX),
  identity: idField('an identity').optional(),
  data: z.custom<EventData>((given) => describeDataFault(given) === null, {
    error: (issue) => describeDataFault(issue.input) ?? 'wrong',
  }),
});

/** What is wrong with `data`, or null: flat, with few fields of limited length. */
function describeDataFault(given: unknown): string | null {
  if (!isRecord(given)) return describeWrong('expected an object with the fields of the event, {} for none', given);
  let fields = 0;
  for (const name in given) {
    const value = given[name];
    fields += 1;
    if (name.length > NAME_CHARS_MAX)
      return `expected names of at most ${NAME_CHARS_MAX} characters, got ${name.length}`;
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) continue;
    if (typeof value === 'string' && value.length <= VALUE_CHARS_MAX) continue;
    return typeof value === 'string'
      ? `expected texts of at most ${VALUE_CHARS_MAX} characters, got ${value.length} in "${name}"`
      : describeWrong(`expected "${name}" to be a text, a number, true, false or null`, value);
  }
  return fields > DATA_FIELDS_MAX ? `expected at most ${DATA_FIELDS_MAX} fields, got ${fields}` : null;
}

/** Parses one line. */
export function parseRecordedEvent(text: string): Result<RecordedEvent, LineFault> {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    return fail([describeSyntax(error)]);
  }
  if (!isRecord(given)) return wrong([describeWrong('expected one JSON object a line', given)]);
  const parsed = recordedEventSchema.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.flatMap(listFaults);
    return wrong(faults.map(({ path, message }) => (path.length === 0 ? message : `${path.join('/')}: ${message}`)));
  }
  const { data: recorded } = parsed;
  const nameFault = describeNameFault(recorded.eventType, recorded.eventName);
  if (nameFault !== null) return wrong([nameFault]);
  return succeed({
    at: recorded.at,
    sentAt: recorded.sentAt,
    hasTimestamp: recorded.timestamp !== undefined,
    // Field by field: all events of one shape make what reads them twice as fast as a copy of the rest would.
    event: {
      eventID: recorded.eventID,
      timestamp: recorded.timestamp ?? recorded.at,
      visitID: recorded.visitID,
      globalVisitID: recorded.globalVisitID,
      pageID: recorded.pageID,
      eventType: recorded.eventType,
      eventName: recorded.eventName,
      url: recorded.url,
      title: recorded.title,
      category: recorded.category,
      languageCode: recorded.languageCode,
      identity: recorded.identity,
      data: recorded.data,
    },
  });
}

/** Rules know events by their name alone, so a name must not stand for two kinds. */
function describeNameFault(eventType: BrowserEvent['eventType'], eventName: string): string | null {
  const isSystem = Object.hasOwn(SYSTEM_EVENTS, eventName);
  if (eventType === 'SYSTEM' && !isSystem) {
    const names = Object.keys(SYSTEM_EVENTS).join(', ');
    return `eventName: expected one of ${names} for a SYSTEM event, got "${eventName}"`;
  }
  return eventType === 'BUSINESS' && isSystem
    ? `eventName: expected another name for a BUSINESS event, ${eventName} is a SYSTEM event`
    : null;
}

function wrong(faults: readonly string[]): { readonly ok: false; readonly problems: readonly LineFault[] } {
  return fail([{ column: 1, why: faults.join('; ') }]);
}

/** V8 tells the place as `... in JSON at position 41 (line 1 column 42)`, or not at all. */
function describeSyntax(error: unknown): LineFault {
  const message = error instanceof Error ? error.message : String(error);
  const column = Number(/\bat position (\d+)/.exec(message)?.[1] ?? 0) + 1;
  return { column, why: `expected JSON: ${message.replace(/ in JSON at position \d+.*$/, '')}` };
}
