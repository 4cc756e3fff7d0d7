/** `<name>.ndjson` in a folder: the journal of each life of a node, or events; written in large pieces since there are millions of lines. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '#core/assert.ts';

const PIECE_CHARS = 1 << 18;

interface JournalFile {
  readonly descriptor: number;
  lines: string[];
  chars: number;
}

export class JournalFiles {
  readonly #folder: string;
  readonly #files = new Map<string, JournalFile>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Adds a line (without its end). */
  write(name: string, line: string): void {
    const file = this.#files.get(name) ?? this.#open(name);
    file.lines.push(line);
    file.chars += line.length;
    if (file.chars >= PIECE_CHARS) flush(file);
  }

  close(): void {
    for (const file of this.#files.values()) {
      flush(file);
      closeSync(file.descriptor);
    }
    this.#files.clear();
  }

  #open(name: string): JournalFile {
    assert(/^[\w.~-]+$/.test(name), `a life's name is a file's name, got ${name}`);
    const file = { descriptor: openSync(join(this.#folder, `${name}.ndjson`), 'w'), lines: [], chars: 0 };
    this.#files.set(name, file);
    return file;
  }
}

function flush(file: JournalFile): void {
  if (file.lines.length === 0) return;
  writeSync(file.descriptor, `${file.lines.join('\n')}\n`);
  file.lines = [];
  file.chars = 0;
}
