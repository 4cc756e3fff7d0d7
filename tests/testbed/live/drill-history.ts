/**
 * What the drills judge by: the history of one hurt run, from its clients' own records, the nodes' journals and the read
 * back store. Plain data, so that the checkers can be shown doctored ones.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Effect, OperationsRow } from '#core/effects.ts';
import type { StoreBatch } from '#core/messages.ts';
import { readJournal, type JournalHead, type JournalRecord } from '#node/journal.ts';

export type InteractionRow = Extract<OperationsRow, { kind: 'interaction' }>;
export type ChatRow = Extract<OperationsRow, { kind: 'chat' }>;

/** One input of the contact center that says something about interactions and chats. */
export interface ContactCenterStep {
  /** Which life of the contact center, 1 being the first. */
  readonly life: number;
  /** Domain time, epoch ms. */
  readonly at: number;
  /** `recovered`: the rows are those that it came back with; else those that it asked to be stored. */
  readonly input: string;
  readonly rows: readonly (InteractionRow | ChatRow)[];
  /** Somebody heard what had to wait for these rows: they were stored. */
  readonly told: boolean;
  /** Of a `login`: the chats that the desk has in hand. */
  readonly inHand: readonly string[];
}

/** A node that was killed, and how long it took until a fresh request was acknowledged, wall ms. */
export interface Outage {
  readonly node: string;
  readonly backMs: number;
  /** What was not well meanwhile. */
  readonly waitedFor: readonly string[];
}

export interface DrillHistory {
  /** Ids that clients were told are stored. */
  readonly acknowledged: ReadonlySet<string>;
  /** Ids that clients sent: those of the crowd as Frontends took them in, and what the store was filled with. */
  readonly sent: ReadonlySet<string>;
  /** Ids as the store lists them, all in a row, and those of the events that it lists visit by visit. */
  readonly stored: readonly string[];
  readonly listed: readonly string[];
  readonly contactCenter: readonly ContactCenterStep[];
  /** Hot leads that Frontends made, and those of them whose batch they heard to be stored. */
  readonly leadsMade: ReadonlySet<string>;
  readonly leadsStored: ReadonlySet<string>;
  readonly outages: readonly Outage[];
  /** Domain time, epoch ms, at which the clients left: what ends later ends for want of them. */
  readonly clientsLeftAt: number;
  readonly refusedRequests: number;
}

type Lines = Iterable<JournalHead | JournalRecord>;

/** Journals of one run in their order: each node's lives one after the other. */
export interface JournalReading {
  readonly sent: Set<string>;
  /** Of the stamped events on their way to the store. */
  readonly visits: Set<string>;
  readonly leadsMade: Set<string>;
  readonly leadsStored: Set<string>;
  readonly contactCenter: ContactCenterStep[];
}

export function readJournals(folder: string): JournalReading {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.ndjson'))
    .sort((a, b) => lifeOf(a) - lifeOf(b))
    .map((name) => join(folder, name));
  const reading: JournalReading = {
    sent: new Set(),
    visits: new Set(),
    leadsMade: new Set(),
    leadsStored: new Set(),
    contactCenter: [],
  };
  const heard = new Set<string>();
  for (const file of files.filter((name) => !/contact-center~\d+\.ndjson$/.test(name))) {
    readNode(readJournal(file), heard, reading);
  }
  for (const file of files.filter((name) => /contact-center~\d+\.ndjson$/.test(name))) {
    readContactCenter(readJournal(file), heard, reading.contactCenter);
  }
  return reading;
}

export function readIds(file: string): readonly string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function lifeOf(name: string): number {
  return Number(/~(\d+)\.ndjson$/.exec(name)?.[1] ?? 0);
}

function readNode(lines: Lines, heard: Set<string>, reading: JournalReading): void {
  const leads = new Map<string, readonly string[]>();
  for (const line of lines) {
    if (!('effects' in line)) continue;
    if (line.from !== null) heard.add(line.from);
    const input = line.input as { type: string; batchId?: string; events?: { eventID: string }[] };
    if (input.type === 'intake') for (const { eventID } of input.events ?? []) reading.sent.add(eventID);
    if (input.type === 'batchStored') {
      for (const id of leads.get(input.batchId ?? '') ?? []) reading.leadsStored.add(id);
    }
    for (const effect of line.effects) {
      const batch = batchOf(effect);
      for (const { visitID } of batch?.events ?? []) reading.visits.add(visitID);
      if (batch?.leads === undefined) continue;
      const ids = batch.leads.map(({ id }) => id);
      leads.set(batch.batchId, ids);
      for (const id of ids) reading.leadsMade.add(id);
    }
  }
}

function batchOf(effect: Effect): StoreBatch | undefined {
  return effect.type === 'toBackend' && effect.message.type === 'storeBatch' ? effect.message : undefined;
}

function readContactCenter(lines: Lines, heard: ReadonlySet<string>, steps: ContactCenterStep[]): void {
  let life = '';
  let incarnation = 0;
  let sends = 0;
  for (const line of lines) {
    if (!('effects' in line)) {
      incarnation = line.incarnation;
      life = `${line.node}~${line.incarnation}#`;
      continue;
    }
    const rows: (InteractionRow | ChatRow)[] = [];
    let gated = false;
    let told = false;
    for (const effect of line.effects) {
      if (effect.type === 'commit') gated = true;
      if (effect.type === 'commit' && effect.group.store === 'operations') rows.push(...followed(effect.group.rows));
      if (effect.type !== 'toBackend') continue;
      sends += 1;
      told ||= gated && heard.has(`${life}${sends}`);
    }
    const input = line.input as {
      type: string;
      rows?: OperationsRow[];
      chats?: { chatId: string }[];
      timer?: { kind: string };
    };
    const step = { life: incarnation, at: line.at, rows, told };
    if (input.type === 'recovered') {
      steps.push({ ...step, input: 'recovered', rows: followed(input.rows ?? []), told: false, inHand: [] });
      if (rows.length > 0) steps.push({ ...step, input: 'resumed', inHand: [] });
      continue;
    }
    const inHand = input.type === 'login' ? (input.chats ?? []).map(({ chatId }) => chatId) : [];
    // What failed to be stored is asked for again: nothing new.
    if (input.type === 'storeFailed' || (rows.length === 0 && inHand.length === 0)) continue;
    steps.push({ ...step, input: input.timer?.kind ?? input.type, inHand });
  }
}

function followed(rows: readonly OperationsRow[]): (InteractionRow | ChatRow)[] {
  return rows.filter((row): row is InteractionRow | ChatRow => row.kind === 'interaction' || row.kind === 'chat');
}
