/**
 * What the store node and its clients say to each other: JSON requests, each a line and answered under its id, as many
 * a frame as one turn of the event loop brings. A listing comes in several replies, of which all but the last say `more`.
 */
import type { CommitGroup } from '#core/effects.ts';
import { HISTORY_ENTITIES } from '#core/visits/history-records.ts';
import type { Erasure, HistoryEntity, HistoryPlace, HistoryRange, HistoryScope } from '#ports/history.ts';
import type { ClaimOutcome, OperationsKind, StoreFaultCode } from '#ports/stores.ts';

export const STORE_PATH = '/store';
/** Who asks: one id for each client, through all of its connections. */
export const STORE_CLIENT_HEADER = 'x-store-client';
/** Largest frame in either direction. */
export const STORE_FRAME_BYTES_MAX = 64 * 1024 * 1024;
/** Records of one listing of the history. */
export const HISTORY_LIMIT_MAX = 10_000;

/** What is asked, without the id that it is answered under. */
export type StoreQuestion =
  | { readonly op: 'put'; readonly group: CommitGroup }
  | { readonly op: 'past'; readonly visitID: string }
  /** Rows of these kinds; absent: of all. */
  | { readonly op: 'recover'; readonly kinds?: readonly OperationsKind[] }
  | { readonly op: 'claim'; readonly key: string; readonly claimant: string }
  | { readonly op: 'eventIDs'; readonly after: string | null; readonly limit: number }
  /** Answered by one item, or none. */
  | { readonly op: 'get'; readonly entity: HistoryEntity; readonly recordId: string }
  | {
      readonly op: 'list';
      readonly entity: HistoryEntity;
      readonly scope: HistoryScope;
      /** `limit`: at most HISTORY_LIMIT_MAX. */
      readonly range: HistoryRange;
    }
  | { readonly op: 'erase'; readonly identityId: string };

export type StoreRequest = StoreQuestion & { readonly id: number };

export type StoreReply =
  | {
      readonly id: number;
      readonly ok: true;
      /** Part of a listing. */
      readonly items?: readonly unknown[];
      readonly more?: true;
      /** Of a claim. */
      readonly outcome?: ClaimOutcome;
      /** With the last items of `list`: where it goes on. */
      readonly next?: HistoryPlace | null;
      /** Of `erase`. */
      readonly erasure?: Erasure;
    }
  /** Nothing of it is stored. `full`: too much is waiting; otherwise the store's `fault`. */
  | { readonly id: number; readonly ok: false; readonly full: true }
  | { readonly id: number; readonly ok: false; readonly fault: StoreFaultCode; readonly message: string };

/** Response header of an upgrade: which file of operations answers (`StoreKeeper`); absent where none can be replaced. */
export const STORE_LINEAGE_HEADER = 'x-store-lineage';

/** What the store node says unasked, to every client. */
export type StoreNotice =
  /** First on each connection where it is not null, and whenever it changes: what is wrong with a store that serves. */
  | { readonly notice: 'degraded'; readonly reason: string | null }
  /** The moment of a backup: what was acknowledged before this is in it, if it becomes good. */
  | { readonly notice: 'backupBegun'; readonly mark: number }
  | { readonly notice: 'backupGood'; readonly mark: number };

/** JSON has no line breaks of its own. */
export const STORE_LINE_END = '\n';

/** A line from a client; null where it is no request. */
export function parseStoreRequest(text: string): StoreRequest | null {
  const frame = parseRecord(text);
  if (frame === null || !Number.isSafeInteger(frame['id'])) return null;
  return isQuestion(frame) ? (frame as unknown as StoreRequest) : null;
}

/** A line from the store node; null where it is no reply. */
export function parseStoreReply(text: string): StoreReply | null {
  const frame = parseRecord(text);
  if (frame === null || !Number.isSafeInteger(frame['id'])) return null;
  const { ok, full, fault, items } = frame;
  if (items !== undefined && !Array.isArray(items)) return null;
  const isReply = ok === true || (ok === false && (full === true || typeof fault === 'string'));
  return isReply ? (frame as unknown as StoreReply) : null;
}

/** A line from the store node; null where it is no notice. */
export function parseStoreNotice(text: string): StoreNotice | null {
  const frame = parseRecord(text);
  if (frame === null) return null;
  const { notice, reason, mark } = frame;
  const isNotice =
    notice === 'degraded'
      ? reason === null || typeof reason === 'string'
      : (notice === 'backupBegun' || notice === 'backupGood') && Number.isSafeInteger(mark);
  return isNotice ? (frame as unknown as StoreNotice) : null;
}

function parseRecord(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isQuestion(frame: Record<string, unknown>): boolean {
  switch (frame['op']) {
    case 'put':
      return isGroup(frame['group']);
    case 'past':
      return typeof frame['visitID'] === 'string';
    case 'recover':
      return frame['kinds'] === undefined || isTextList(frame['kinds']);
    case 'claim':
      return typeof frame['key'] === 'string' && typeof frame['claimant'] === 'string';
    case 'eventIDs':
      return (frame['after'] === null || typeof frame['after'] === 'string') && isLimit(frame['limit']);
    case 'get':
      return isEntity(frame['entity']) && typeof frame['recordId'] === 'string';
    case 'list':
      return isEntity(frame['entity']) && isScope(frame['scope'], frame['entity']) && isRange(frame['range']);
    case 'erase':
      return typeof frame['identityId'] === 'string';
    default:
      return false;
  }
}

function isEntity(entity: unknown): boolean {
  return HISTORY_ENTITIES.some((each) => each === entity);
}

function isScope(scope: unknown, entity: unknown): boolean {
  if (!isRecord(scope) || Object.keys(scope).length !== 1) return false;
  const { visit, identity, page, all } = scope;
  if (typeof page === 'string') return entity === 'event';
  return typeof visit === 'string' || typeof identity === 'string' || all === true;
}

function isRange(range: unknown): boolean {
  if (!isRecord(range)) return false;
  const { since, after, limit } = range;
  if (since !== undefined && !Number.isSafeInteger(since)) return false;
  if (after !== undefined && !isPlace(after)) return false;
  return isLimit(limit) && limit !== 0 && Number(limit) <= HISTORY_LIMIT_MAX;
}

function isPlace(place: unknown): boolean {
  return isRecord(place) && Number.isSafeInteger(place['at']) && typeof place['id'] === 'string';
}

function isTextList(list: unknown): boolean {
  return Array.isArray(list) && list.every((item) => typeof item === 'string');
}

function isLimit(limit: unknown): boolean {
  return typeof limit === 'number' && Number.isSafeInteger(limit) && limit >= 0;
}

function isGroup(group: unknown): boolean {
  if (!isRecord(group)) return false;
  const { store, batch, rows } = group;
  if (store === 'operations') return Array.isArray(rows) && rows.every(isRow);
  return store === 'history' && isRecord(batch) && Array.isArray(batch['events']) && batch['events'].every(isEvent);
}

function isRow(row: unknown): boolean {
  if (!isRecord(row) || typeof row['kind'] !== 'string' || typeof row['id'] !== 'string') return false;
  return Number.isSafeInteger(row['at']) && (row['kind'] !== 'interaction' || Number.isSafeInteger(row['step']));
}

function isEvent(event: unknown): boolean {
  if (!isRecord(event) || !Number.isSafeInteger(event['at'])) return false;
  return (
    typeof event['eventID'] === 'string' &&
    typeof event['visitID'] === 'string' &&
    typeof event['eventName'] === 'string'
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
