/**
 * Lines of a file, plain or gzipped, in batches and in bounded memory, however long the file or a line of it is. What can not be
 * read as a line is told in its place.
 */
import { isUtf8 } from 'node:buffer';
import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { OperatingError } from '#protocol/operating-error.ts';

export interface ReadLine {
  /** From 1; blank lines count, but are not told. */
  readonly line: number;
  /** Without its end; '' where `fault` says why there is none. */
  readonly text: string;
  readonly fault: string | null;
}

export interface LineBatch {
  readonly lines: readonly ReadLine[];
  readonly blank: number;
  /** Bytes of the file read so far, of `bytesTotal`. */
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

export const LINE_BYTES_MAX = 1 << 20;

const CHUNK_BYTES = 1 << 18;
const NEWLINE = 10;

/**
 * Reads `file` from its begin. Throws OperatingError where there is no such file, it is no file that can be read again (a pipe,
 * a folder) or its gzip stream is damaged; `signal`'s reason where that is aborted.
 */
export async function* readLines(file: string, signal?: AbortSignal): AsyncGenerator<LineBatch> {
  const { bytesTotal, isGzip } = inspectFile(file);
  const source = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  // The error comes out of the stream that is read below.
  const stream = isGzip ? pipeline(source, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined) : source;
  const splitter = new LineSplitter();
  try {
    for await (const chunk of stream) {
      signal?.throwIfAborted();
      const bytes: Buffer = chunk;
      yield { ...splitter.take(bytes), bytesRead: source.bytesRead, bytesTotal };
      // Lets an interrupt in.
      await nextTurn();
    }
  } catch (error) {
    throw describeReadError(error, file, splitter.linesSeen);
  } finally {
    source.destroy();
  }
  yield { ...splitter.end(), bytesRead: source.bytesRead, bytesTotal };
}

function inspectFile(file: string): { readonly bytesTotal: number; readonly isGzip: boolean } {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    throw describeReadError(error, file, 0);
  }
  try {
    const stat = fstatSync(descriptor);
    if (stat.isDirectory()) throw new OperatingError('INVALID_INPUT', `${file}: expected a file, found a folder`);
    if (!stat.isFile()) {
      throw new OperatingError(
        'INVALID_INPUT',
        `${file}: expected a file, which may be read twice, found a pipe or a device`,
      );
    }
    const head = Buffer.alloc(2);
    readSync(descriptor, head, 0, 2, 0);
    return { bytesTotal: stat.size, isGzip: head[0] === 0x1f && head[1] === 0x8b };
  } finally {
    closeSync(descriptor);
  }
}

function describeReadError(error: unknown, file: string, linesSeen: number): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return new OperatingError('FILE_NOT_FOUND', `there is no file ${file}`);
  if (code === 'EACCES' || code === 'EPERM') return new OperatingError('INVALID_INPUT', `${file} may not be read`);
  if (!code.startsWith('Z_')) return error;
  const why = error instanceof Error ? error.message : '';
  return new OperatingError('INVALID_INPUT', `${file}: its gzip stream is damaged after line ${linesSeen}: ${why}`);
}

type Split = Pick<LineBatch, 'lines' | 'blank'>;

class LineSplitter {
  /** Lines begun so far. */
  linesSeen = 0;
  /** The begin of a line whose end has not come. */
  #rest: Buffer[] = [];
  #restBytes = 0;
  /** The line is too long: its bytes go until its end. */
  #isSkipping = false;

  take(chunk: Buffer): Split {
    const last = chunk.lastIndexOf(NEWLINE);
    if (last < 0) {
      this.#keep(chunk);
      return { lines: [], blank: 0 };
    }
    const first = chunk.indexOf(NEWLINE);
    const split: { lines: ReadLine[]; blank: number } = { lines: [], blank: 0 };
    this.#keep(chunk.subarray(0, first));
    this.#finish(split);
    if (last > first) this.#splitWhole(chunk.subarray(first + 1, last), split);
    this.#keep(chunk.subarray(last + 1));
    return split;
  }

  /** What stands after the last line end. */
  end(): Split {
    const split: { lines: ReadLine[]; blank: number } = { lines: [], blank: 0 };
    if (this.#restBytes > 0 || this.#isSkipping) this.#finish(split);
    return split;
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0 || this.#isSkipping) return;
    this.#rest.push(bytes);
    this.#restBytes += bytes.length;
    if (this.#restBytes <= LINE_BYTES_MAX) return;
    this.#isSkipping = true;
    this.#clear();
  }

  #clear(): void {
    this.#rest = [];
    this.#restBytes = 0;
  }

  #finish(split: { lines: ReadLine[]; blank: number }): void {
    if (this.#isSkipping) {
      this.#isSkipping = false;
      this.linesSeen += 1;
      split.lines.push({ line: this.linesSeen, text: '', fault: `longer than ${LINE_BYTES_MAX} bytes` });
      return;
    }
    const bytes = this.#rest.length === 1 ? this.#rest[0] : Buffer.concat(this.#rest);
    this.#clear();
    this.#add(bytes ?? Buffer.alloc(0), split);
  }

  /** Whole lines, all but the last with their ends. */
  #splitWhole(bytes: Buffer, split: { lines: ReadLine[]; blank: number }): void {
    const isClean = isUtf8(bytes);
    for (let start = 0; start <= bytes.length;) {
      const found = bytes.indexOf(NEWLINE, start);
      const end = found < 0 ? bytes.length : found;
      // Made one by one: parts of a larger text would keep all of it in memory.
      if (isClean) this.#addText(bytes.toString('utf8', start, end), split);
      else this.#add(bytes.subarray(start, end), split);
      start = end + 1;
    }
  }

  #add(bytes: Buffer, split: { lines: ReadLine[]; blank: number }): void {
    if (isUtf8(bytes)) {
      this.#addText(bytes.toString('utf8'), split);
      return;
    }
    this.linesSeen += 1;
    split.lines.push({ line: this.linesSeen, text: '', fault: 'expected UTF-8, got other bytes' });
  }

  #addText(given: string, split: { lines: ReadLine[]; blank: number }): void {
    let text = given.endsWith('\r') ? given.slice(0, -1) : given;
    if (this.linesSeen === 0 && text.startsWith('\ufeff')) text = text.slice(1);
    this.linesSeen += 1;
    if (text.trim() === '') split.blank += 1;
    else split.lines.push({ line: this.linesSeen, text, fault: null });
  }
}
