/** A file that is either there whole or not at all: written beside its place under another name, then renamed. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const PIECE_CHARS = 1 << 18;

export class WholeFile {
  readonly path: string;
  readonly #draft: string;
  #descriptor: number | undefined;
  #pieces: string[] = [];
  #chars = 0;

  /** Opens the draft in the folder of `path`, which must be there. Throws Node's error where it can not be written. */
  constructor(path: string) {
    this.path = path;
    this.#draft = join(dirname(path), `.${basename(path)}.${process.pid}`);
    this.#descriptor = openSync(this.#draft, 'w');
  }

  write(text: string): void {
    this.#pieces.push(text);
    this.#chars += text.length;
    if (this.#chars >= PIECE_CHARS) this.#flush();
  }

  /** Takes back all that was written. */
  restart(): void {
    this.discard();
    this.#descriptor = openSync(this.#draft, 'w');
  }

  /** Puts the file into its place, over one that is there. */
  commit(): void {
    this.#flush();
    if (this.#descriptor === undefined) return;
    fsyncSync(this.#descriptor);
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    renameSync(this.#draft, this.path);
  }

  /** Leaves nothing behind; what was committed stays. */
  discard(): void {
    this.#pieces = [];
    this.#chars = 0;
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    rmSync(this.#draft, { force: true });
  }

  #flush(): void {
    const bytes = Buffer.from(this.#pieces.join(''));
    this.#pieces = [];
    this.#chars = 0;
    if (this.#descriptor === undefined) return;
    for (let written = 0; written < bytes.length;) written += writeSync(this.#descriptor, bytes, written);
  }
}
