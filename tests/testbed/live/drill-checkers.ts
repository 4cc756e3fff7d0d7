/**
 * The invariants of the drills, each a pure function of a history that names its violations (none: it holds). The
 * numbers are those of the reliability goals.
 */
import type { InteractionState } from '#core/engagement/interaction.ts';
import { keepBooks, type BookRow, type Books } from './drill-books.ts';
import type { DrillHistory } from './drill-history.ts';

export interface DrillTimes {
  /** Longest life of an interaction from its lead to its terminal queue, domain ms. */
  readonly interactionMsMax: number;
  /** Longest time that a visitor waits for an agent, domain ms. */
  readonly waitMsMax: number;
  /** chatSessionRestoreTimeout, domain ms. */
  readonly restoreMs: number;
  /** From a kill until a fresh request is acknowledged, wall ms. */
  readonly backMsMax: number;
}

export interface Violation {
  readonly invariant: string;
  readonly text: string;
}

/** All of them. */
export function checkHistory(history: DrillHistory, times: DrillTimes): readonly Violation[] {
  const books = keepBooks(history.contactCenter);
  const all: Readonly<Record<string, readonly string[]>> = {
    'I1 no acknowledged event lost': findLost(history),
    'I2 nothing that was never sent': findInvented(history, books),
    'I3 no doubles': findDoubles(history, books),
    'I5 no visit engaged twice at one time': findDoubleEngagements(books),
    'I6 one terminal queue in time': findWrongWays(books, times.interactionMsMax),
    'I6 every hot lead answered': findLostLeads(history, books),
    'I7 conservation at rest': findOpen(history, books, times.waitMsMax),
    'I11 service back': findLongOutages(history, times.backMsMax),
    'stored rows are kept': books.problems,
    'chats restored': findChatsNotRestored(history, times.restoreMs),
    'no request refused': history.refusedRequests === 0 ? [] : [`${history.refusedRequests} requests`],
  };
  return Object.entries(all).flatMap(([invariant, texts]) => texts.map((text) => ({ invariant, text })));
}

export function findLost({ acknowledged, stored, listed }: DrillHistory): readonly string[] {
  const [ids, ofVisits] = [new Set(stored), new Set(listed)];
  return [...acknowledged].flatMap((id) => {
    if (!ids.has(id)) return [`event ${id}`];
    return ofVisits.has(id) ? [] : [`event ${id}, in no visit`];
  });
}

/** Of what was not acknowledged, either listing may know and the other not. */
export function findInvented({ sent, stored, listed, leadsMade }: DrillHistory, books: Books): readonly string[] {
  const events = [...new Set([...stored, ...listed])].filter((id) => !sent.has(id)).map((id) => `event ${id}`);
  const leads = leadsOf(books).filter((id) => !leadsMade.has(id));
  return [...events, ...leads.map((id) => `hot lead ${id}`)];
}

export function findDoubles({ stored, listed }: DrillHistory, books: Books): readonly string[] {
  return [
    ...doublesOf(stored).map((id) => `event ${id}`),
    ...doublesOf(listed).map((id) => `event ${id}, in its visits`),
    ...doublesOf(leadsOf(books)).map((id) => `hot lead ${id}`),
  ];
}

function doublesOf(ids: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(id).size);
}

/** The hot lead of each interaction. */
function leadsOf(books: Books): readonly string[] {
  const leads: string[] = [];
  for (const [first] of books.rows.values()) if (first?.row.kind === 'interaction') leads.push(first.row.lead.id);
  return leads;
}

/** At most one open invite or chat of a visit after each step. */
export function findDoubleEngagements(books: Books): readonly string[] {
  const steps = new Map<number, { readonly key: string; readonly row: BookRow['row'] }[]>();
  for (const [key, kept] of books.rows) {
    for (const { row, step } of kept) steps.set(step, [...(steps.get(step) ?? []), { key, row }]);
  }
  const open = new Map<string, Set<string>>();
  const problems: string[] = [];
  for (const [, rows] of [...steps].sort(([a], [b]) => a - b)) {
    for (const { key, row } of rows) {
      const engaged = open.get(visitOf(row)) ?? new Set();
      open.set(visitOf(row), engaged);
      if (isEngaging(row)) engaged.add(key);
      else engaged.delete(key);
    }
    for (const visit of new Set(rows.map(({ row }) => visitOf(row)))) {
      const engaged = open.get(visit) ?? new Set();
      if (engaged.size > 1) problems.push(`visit ${visit} at ${rows[0]?.row.at}: ${[...engaged].join(' and ')}`);
    }
  }
  return problems;
}

function visitOf(row: BookRow['row']): string {
  return row.kind === 'chat' ? row.visitID : row.lead.browserVisitID;
}

function isEngaging(row: BookRow['row']): boolean {
  return row.kind === 'chat'
    ? row.state === 'waiting' || row.state === 'offered' || row.state === 'talking'
    : row.state === 'invited' || row.state === 'shown' || row.state === 'form';
}

const WAYS: Readonly<Record<InteractionState, readonly InteractionState[]>> = {
  qualified: ['invited', 'failed'],
  invited: ['shown', 'form', 'accepted', 'rejected', 'timeout', 'failed'],
  shown: ['form', 'accepted', 'rejected', 'timeout', 'failed'],
  form: ['accepted', 'rejected', 'timeout', 'failed'],
  accepted: [],
  rejected: [],
  timeout: [],
  failed: [],
  // Waits for agents, whom no drill has.
  followUp: [],
};

/** Each interaction begins as qualified, goes no way that there is not, and comes to its end in time. */
export function findWrongWays(books: Books, msMax: number): readonly string[] {
  const problems: string[] = [];
  for (const [key, kept] of books.rows) {
    let before: InteractionState | undefined;
    for (const { row } of kept) {
      if (row.kind !== 'interaction' || row.state === before) continue;
      const isWay = before === undefined ? isFirst(row.state) : WAYS[before].includes(row.state);
      if (!isWay) problems.push(`${key} went from ${before ?? 'nowhere'} to ${row.state}`);
      before = row.state;
    }
    const took = (kept.at(-1)?.row.at ?? 0) - (kept[0]?.row.at ?? 0);
    if (before !== undefined && took > msMax) problems.push(`${key} took ${took} ms`);
  }
  return problems;
}

/** Decided within one step, a lead shows its last state alone. */
function isFirst(state: InteractionState): boolean {
  return state === 'qualified' || state === 'followUp' || WAYS.qualified.includes(state);
}

/** The visitor was told that the events are stored: what they lead to must not be forgotten. */
export function findLostLeads({ leadsStored }: DrillHistory, books: Books): readonly string[] {
  const known = new Set(leadsOf(books));
  return [...leadsStored].filter((id) => !known.has(id)).map((id) => `hot lead ${id} has no interaction`);
}

/**
 * Nothing is open at rest, but for visitors who left while they waited: there is nobody left to serve them. One who had
 * waited for long before is stuck.
 */
export function findOpen({ clientsLeftAt }: DrillHistory, books: Books, waitMsMax: number): readonly string[] {
  const problems: string[] = [];
  for (const [key, kept] of books.rows) {
    const row = kept.at(-1)?.row;
    if (row !== undefined && !isOver(row, clientsLeftAt - waitMsMax)) problems.push(`${key} is still ${row.state}`);
  }
  return problems;
}

function isOver(row: BookRow['row'], waitingSince: number): boolean {
  if (row.kind === 'interaction') return WAYS[row.state].length === 0;
  return row.state === 'ended' || row.state === 'abandoned' || (row.state === 'waiting' && row.at > waitingSince);
}

export function findLongOutages({ outages }: DrillHistory, msMax: number): readonly string[] {
  return outages
    .filter(({ backMs }) => backMs > msMax)
    .map(({ node, backMs, waitedFor }) => `${node}: ${Math.round(backMs)} ms, waited for ${waitedFor.join('; ')}`);
}

/**
 * While clients are there, no conversation is given up for want of its agent, and each that was going on when the contact
 * center was killed is in its agent's hand again, or over, within the time.
 */
export function findChatsNotRestored(
  { contactCenter: steps, clientsLeftAt }: DrillHistory,
  restoreMs: number,
): readonly string[] {
  const problems: string[] = [];
  for (const [index, step] of steps.entries()) {
    if (step.at >= clientsLeftAt) break;
    if (step.input === 'restoreOverdue') {
      for (const { kind, id } of step.rows) if (kind === 'chat') problems.push(`${id} was given up`);
    }
    if (step.input !== 'recovered') continue;
    const until = Math.min(step.at + restoreMs, clientsLeftAt);
    const later = steps
      .slice(index + 1)
      .filter(({ at, life, input }) => at <= until && (life > step.life || input !== 'resumed'));
    for (const row of step.rows) {
      if (row.kind !== 'chat' || row.state !== 'talking') continue;
      const isBack = later.some(({ inHand, rows }) => inHand.includes(row.id) || rows.some(({ id }) => id === row.id));
      if (!isBack) problems.push(`${row.id} was not taken up in life ${step.life}`);
    }
  }
  return problems;
}
