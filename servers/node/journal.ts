/**
 * A node's journal: each input of its machine with the effects that it had, written before any of them leaves the
 * process. It is for audit and replay (the parity law), not for recovery.
 *
 * The file is NDJSON: a head, then a record a line. A record counts once its newline is there: effects leave only after
 * the whole line is with the operating system, so what a SIGKILL tears off had no effect.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { assert, present } from '#core/assert.ts';
import type { Effect } from '#core/effects.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { NodeRole } from './node-ipc.ts';

/** Enough to build the machine again; holds no secret. */
export interface JournalHead {
  readonly type: 'head';
  readonly version: 1;
  readonly node: string;
  readonly role: NodeRole;
  readonly incarnation: number;
  /** Of a simulated run, which ends in the middle of what is under way; absent: of a live one, which waits for that. */
  readonly mode?: 'sim';
  /** Prefix of the ids that the machine makes. */
  readonly idPrefix: string;
  /** The scenario and what else the machine was made from. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** What a machine was given and what came of it, as JSON keeps it: members that were `undefined` are absent. */
export interface JournalRecord {
  /** 1, 2, 3, ... */
  readonly n: number;
  /** The domain time that the machine was told, ms. */
  readonly at: number;
  /** Id of the message that the input came in; null: a wake-up, a client's request, an outcome of the store. */
  readonly from: string | null;
  readonly input: unknown;
  readonly effects: readonly Effect[];
}

export class Journal {
  readonly #descriptor: number;
  #count = 0;
  #closed = false;

  /** Makes the file; throws where there is one: a journal is evidence, and an incarnation writes one. */
  constructor(file: string, head: JournalHead) {
    this.#descriptor = openSync(file, 'ax');
    this.#writeLine(JSON.stringify(head));
  }

  /** Writes one record, numbered in order; when this returns, the operating system has it. */
  write(record: Omit<JournalRecord, 'n'>): void {
    this.#count += 1;
    this.#writeLine(describeRecord(this.#count, record));
  }

  close(): void {
    assert(!this.#closed, 'a journal is closed once');
    this.#closed = true;
    closeSync(this.#descriptor);
  }

  /** One write, unless the system takes less than all of it. */
  #writeLine(line: string): void {
    // The number of a closed file soon stands for another file or a socket.
    assert(!this.#closed, 'a journal that is closed is not written to');
    const bytes = Buffer.from(`${line}\n`);
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written);
  }
}

/** A record as its line says it. */
export function describeRecord(n: number, { at, from, input, effects }: Omit<JournalRecord, 'n'>): string {
  return `{"n":${n},"at":${at},"from":${JSON.stringify(from)},"input":${JSON.stringify(input)},"effects":${JSON.stringify(effects)}}`;
}

const headSchema: z.ZodType<JournalHead> = z.object({
  type: z.literal('head'),
  version: z.literal(1),
  node: z.string(),
  role: z.enum(['frontend', 'backend', 'contactCenter', 'store', 'balancer', 'crowd']),
  incarnation: z.number().int(),
  mode: z.literal('sim').exactOptional(),
  idPrefix: z.string(),
  config: z.record(z.string(), z.unknown()),
});

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;

/**
 * The head of the journal in `file`, then its records in order. A last line without its newline is left out; the
 * generator's result tells how many bytes that were. OperatingError INVALID_INPUT for any other line that isn't what it should be.
 */
export function* readJournal(file: string): Generator<JournalHead | JournalRecord, number> {
  const lines = readLines(file);
  let count = 0;
  for (;;) {
    const { value, done } = lines.next();
    if (done === true) return value;
    yield count === 0 ? parseHead(value, file) : parseRecord(value, count, file);
    count += 1;
  }
}

function parseHead(line: string, file: string): JournalHead {
  const head = headSchema.safeParse(parseLine(line, 0, file));
  if (head.success) return head.data;
  throw new OperatingError('INVALID_INPUT', `${file} does not begin as a journal of version 1`);
}

function parseRecord(line: string, n: number, file: string): JournalRecord {
  const record = parseLine(line, n, file) as JournalRecord;
  if (record.n !== n || !Array.isArray(record.effects))
    throw new OperatingError('INVALID_INPUT', `${file}: record ${n} is missing or damaged`);
  return record;
}

function parseLine(line: string, n: number, file: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    throw new OperatingError('INVALID_INPUT', `${file}: line ${n + 1} is no JSON`);
  }
  throw new OperatingError('INVALID_INPUT', `${file}: line ${n + 1} is no object`);
}

/** Whole lines of a file of any size; gives back the number of bytes after the last newline. */
function* readLines(file: string): Generator<string, number> {
  const descriptor = openSync(file, 'r');
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let begun: Buffer[] = [];
    for (;;) {
      const size = readSync(descriptor, chunk);
      if (size === 0) return begun.reduce((sum, { length }) => sum + length, 0);
      const filled = chunk.subarray(0, size);
      let start = 0;
      for (let end = filled.indexOf(NEWLINE); end >= 0; end = filled.indexOf(NEWLINE, start)) {
        begun.push(filled.subarray(start, end));
        yield begun.length === 1 ? present(begun[0], 'line').toString() : Buffer.concat(begun).toString();
        begun = [];
        start = end + 1;
      }
      if (start < size) begun.push(Buffer.from(filled.subarray(start)));
    }
  } finally {
    closeSync(descriptor);
  }
}
