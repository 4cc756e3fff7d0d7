/**
 * What the crowd can swear to: the ids of events that the system said it had stored, one a line, written to the file
 * before they are counted. Read back against the store after the run, they show what was lost.
 */
import { closeSync, openSync, writeSync } from 'node:fs';

/** A list of ids in a file, one a line, on disk (page cache) when `add` returns. */
export class IdFile {
  readonly #fd: number;
  #closed = false;
  count = 0;

  /** Begins an empty file. */
  constructor(path: string) {
    this.#fd = openSync(path, 'w');
  }

  add(ids: readonly string[]): void {
    if (ids.length === 0 || this.#closed) return;
    writeAll(this.#fd, `${ids.join('\n')}\n`);
    this.count += ids.length;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
  }
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written);
}

/** Requests of one kind. Always sent = stored + refused + unsent + those still under way. */
export interface RequestCounts {
  sent: number;
  stored: number;
  /** Refused for good. */
  refused: number;
  /** Attempts beyond the first. */
  retried: number;
  /** Given up after the stated time without an answer that counts. */
  unsent: number;
}

export function createRequestCounts(): RequestCounts {
  return { sent: 0, stored: 0, refused: 0, retried: 0, unsent: 0 };
}
