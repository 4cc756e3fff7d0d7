/**
 * Which rows of the contact center an erased identity takes with it. What is over goes; of a visit in which anything still runs
 * every row stays, so that a contact center that comes back takes it up as it was: whoever erases is told, and erases again later.
 */
import { assertNever } from '#core/assert.ts';
import type { OperationsRow } from '#core/effects.ts';
import { isTerminal } from '#core/engagement/interaction.ts';

/** Kinds of rows that tell of visitors. */
export const VISITOR_KINDS = ['interaction', 'chat', 'reactive', 'contact'] as const;
type VisitorKind = (typeof VISITOR_KINDS)[number];
export type VisitorRow = Extract<OperationsRow, { readonly kind: VisitorKind }>;

/** Whose rows are asked for. */
export interface ErasedIdentity {
  readonly identityId: string;
  /** Visits that name it, as far as the history knows them: ids as the history has them. */
  readonly visits: readonly string[];
}

export interface ErasableRows {
  /** What is over. */
  readonly gone: readonly VisitorRow[];
  /** What belongs to visits in which something still runs. */
  readonly left: readonly VisitorRow[];
}

const CROSSING = /^(.+)\.[0-9]+$/s;

export function isVisitorRow(row: OperationsRow): row is VisitorRow {
  return VISITOR_KINDS.some((kind) => kind === row.kind);
}

/** A visit as its browser calls it, through all crossings to other domains. */
function browserVisitOf(visitId: string): string {
  return CROSSING.exec(visitId)?.[1] ?? visitId;
}

/** The browser's visit that a row belongs to; null: to none, as a contact outlives its visits. */
export function visitOfRow(row: OperationsRow): string | null {
  switch (row.kind) {
    case 'interaction':
      return row.lead.browserVisitID;
    case 'chat':
    case 'reactive':
      return row.visitID;
    default:
      return null;
  }
}

/**
 * Whether the row itself says whom it is about. A chat's user data comes of its interaction's lead; what else stands in it may be
 * alike by chance. A contact without an identity is known by its phone.
 */
function namesIdentity(row: VisitorRow, identityId: string): boolean {
  switch (row.kind) {
    case 'interaction':
      return row.lead.identity === identityId;
    case 'chat':
      return row.callback?.phone === identityId;
    case 'reactive':
      return false;
    case 'contact':
      return row.id === identityId;
    default:
      return assertNever(row, 'row of a visitor');
  }
}

/** All of the browser's visits whose rows an erasure is about: those that the history knows, and those whose rows name it. */
export function visitsToErase(
  { identityId, visits }: ErasedIdentity,
  rows: readonly VisitorRow[],
): ReadonlySet<string> {
  const all = new Set(visits.map(browserVisitOf));
  for (const row of rows) {
    const visit = visitOfRow(row);
    if (visit !== null && namesIdentity(row, identityId)) all.add(visit);
  }
  return all;
}

/** `rows`: at least those of `visitsToErase` and those that name the identity; others are left alone. */
export function decideErasure(whom: ErasedIdentity, rows: readonly VisitorRow[]): ErasableRows {
  const visits = visitsToErase(whom, rows);
  const running = new Set<string | null>(rows.filter(isRunning).map(visitOfRow));
  const gone: VisitorRow[] = [];
  const left: VisitorRow[] = [];
  for (const row of rows) {
    const visit = visitOfRow(row);
    if (visit === null ? !namesIdentity(row, whom.identityId) : !visits.has(visit)) continue;
    (running.has(visit) ? left : gone).push(row);
  }
  return { gone, left };
}

/** So many of each kind; none of a kind is 0. */
export function countRows(rows: readonly VisitorRow[]): Readonly<Record<string, number>> {
  const count = (kind: VisitorKind): number => rows.filter((row) => row.kind === kind).length;
  return {
    interactions: count('interaction'),
    chats: count('chat'),
    reactive: count('reactive'),
    contacts: count('contact'),
  };
}

/** The contact center would put it again, or has to take it up when it comes back. */
function isRunning(row: VisitorRow): boolean {
  switch (row.kind) {
    case 'interaction':
      // In rows of before there was `stopped`, what has ended has left its queue.
      return !isTerminal(row.state) || row.stopped === false;
    case 'chat':
      return row.state !== 'ended' && row.state !== 'abandoned';
    case 'reactive':
    case 'contact':
      return false;
    default:
      return assertNever(row, 'row of a visitor');
  }
}
