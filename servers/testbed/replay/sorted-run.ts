/** A run of lines sorted by (at, line) in a temporary file, one `at line text` a line. */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

export interface TimedLine {
  /** Integer ms. */
  readonly at: number;
  /** From 1. */
  readonly line: number;
  /** Without a line end. */
  readonly text: string;
}

const CHUNK_BYTES = 1 << 18;
const NEWLINE = 10;

export function writeSortedRun(file: string, batches: Iterable<readonly TimedLine[]>): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    let pieces: string[] = [];
    let chars = 0;
    const flush = (): void => {
      if (pieces.length > 0) writeWhole(descriptor, Buffer.from(pieces.join('')));
      pieces = [];
      chars = 0;
    };
    for (const batch of batches) {
      for (const { at, line, text } of batch) {
        const piece = `${at} ${line} ${text}\n`;
        pieces.push(piece);
        chars += piece.length;
        if (chars >= CHUNK_BYTES) flush();
      }
    }
    flush();
  } finally {
    closeSync(descriptor);
  }
}

/** A write may take less than it was given. */
function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
}

/** Reads a run from its begin; `head` is the next line, undefined after the last. */
export class SortedRunReader {
  head: TimedLine | undefined;
  readonly #descriptor: number;
  #bytes = Buffer.alloc(0);
  #index = 0;

  constructor(file: string) {
    this.#descriptor = openSync(file, 'r');
    this.advance();
  }

  advance(): void {
    let end = this.#bytes.indexOf(NEWLINE, this.#index);
    while (end < 0) {
      if (!this.#readMore()) {
        this.head = undefined;
        return;
      }
      end = this.#bytes.indexOf(NEWLINE, this.#index);
    }
    // Made one by one: parts of a larger text would keep all of it in memory.
    this.head = parseTimedLine(this.#bytes.toString('utf8', this.#index, end));
    this.#index = end + 1;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** False at the file's end, which is always a line's end. */
  #readMore(): boolean {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const read = readSync(this.#descriptor, chunk, 0, CHUNK_BYTES, null);
    if (read === 0) return false;
    this.#bytes = Buffer.concat([this.#bytes.subarray(this.#index), chunk.subarray(0, read)]);
    this.#index = 0;
    return true;
  }
}

function parseTimedLine(text: string): TimedLine {
  const first = text.indexOf(' ');
  const second = text.indexOf(' ', first + 1);
  return {
    at: Number(text.slice(0, first)),
    line: Number(text.slice(first + 1, second)),
    text: text.slice(second + 1),
  };
}
