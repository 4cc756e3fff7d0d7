/** The events of a run from its folder: of a simulated one from `events.ndjson`, of a live one from its history in SQLite. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { OperatingError } from '#protocol/operating-error.ts';
import { parseRecordedEvent } from '#protocol/recorded-event.ts';
import { HISTORY_FILE, readEvents } from '#stores/sqlite/read-events.ts';
import { SqliteFault } from '#stores/sqlite/sqlite-fault.ts';
import { readLines } from '#testbed/replay/read-lines.ts';
import { describeRecordedEvent, EVENTS_NAME, type RecordableEvent } from './recorded-events-file.ts';

export interface ExportOrder {
  /** The folder of one run. */
  readonly folder: string;
  /** A visit, by the id that its browser knows: what came after it crossed to another domain belongs to it. */
  readonly visitID: string | undefined;
  /** Leaves the categories out, so that a replay gives its own. */
  readonly withoutCategories: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lines of recorded events without their ends, in the order in which the run kept them. Throws OperatingError where the folder
 * keeps none, or none of the visit.
 */
export async function* exportRun(order: ExportOrder): AsyncGenerator<string> {
  const { visitID, withoutCategories } = order;
  let events = 0;
  for await (const event of openEvents(order)) {
    if (visitID !== undefined && !isOfVisit(event.visitID, visitID)) continue;
    events += 1;
    yield describeRecordedEvent(withoutCategories ? { ...event, category: undefined } : event);
  }
  if (events > 0) return;
  const what = visitID === undefined ? 'no event' : `no event of visit ${visitID}`;
  throw new OperatingError('INVALID_INPUT', `${order.folder} holds ${what}: there is nothing to export`);
}

function openEvents({ folder, signal }: ExportOrder): AsyncGenerator<RecordableEvent> {
  const recorded = join(folder, `${EVENTS_NAME}.ndjson`);
  const history = join(folder, HISTORY_FILE);
  if (existsSync(recorded)) return readRecorded(recorded, signal);
  if (existsSync(history)) return readHistory(history, signal);
  throw new OperatingError('INVALID_INPUT', describeNothing(folder));
}

async function* readRecorded(file: string, signal: AbortSignal | undefined): AsyncGenerator<RecordableEvent> {
  for await (const { lines } of readLines(file, signal)) {
    for (const { line, text, fault } of lines) {
      const parsed = fault === null ? parseRecordedEvent(text) : { ok: false as const, problems: [{ why: fault }] };
      if (!parsed.ok) {
        const why = parsed.problems[0]?.why ?? 'it can not be read';
        throw new OperatingError('INVALID_INPUT', `${file}:${line} is no recorded event: ${why}`);
      }
      yield { ...parsed.value.event, at: parsed.value.at };
    }
  }
}

async function* readHistory(file: string, signal: AbortSignal | undefined): AsyncGenerator<RecordableEvent> {
  try {
    for (const event of readEvents(file)) {
      signal?.throwIfAborted();
      yield event;
    }
  } catch (error) {
    if (error instanceof SqliteFault) throw new OperatingError('UNAVAILABLE', error.message);
    throw error;
  }
}

/** `v1.2` is what the visit `v1` went on as on another domain. */
function isOfVisit(visitID: string, browserVisitID: string): boolean {
  return (
    visitID === browserVisitID ||
    (visitID.startsWith(`${browserVisitID}.`) && /^\.\d+$/.test(visitID.slice(browserVisitID.length)))
  );
}

/** Says how a run keeps its events, and where the runs are if `folder` is the one above them. */
function describeNothing(folder: string): string {
  if (!existsSync(folder)) return `${folder}: no such folder`;
  const inside = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && keepsEvents(join(folder, entry.name)))
    .map(({ name }) => join(folder, name));
  if (inside.length > 0) return `${folder} is not the folder of one run, expected one of ${inside.join(', ')}`;
  return `${folder} keeps no events: run it with --events, or live with --store sqlite, and --out`;
}

function keepsEvents(folder: string): boolean {
  return existsSync(join(folder, `${EVENTS_NAME}.ndjson`)) || existsSync(join(folder, HISTORY_FILE));
}
