/** What a load has sent and what it was told of it, in a file that only grows: all that the checker of a drill knows of the load. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** `fail`: refused, so that nothing of it may be stored. `unknown`: it may be stored, or not. */
const WORDS = ['sent', 'ok', 'fail', 'unknown'] as const;
export type JournalWord = (typeof WORDS)[number];

export interface JournalLine {
  readonly word: JournalWord;
  readonly id: string;
}

export class LoadJournal {
  readonly #path: string;
  readonly #file: number;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'a');
  }

  /** Written before it returns: what was told is in the journal before anything else is sent. */
  write(word: JournalWord, ids: readonly string[]): void {
    writeSync(this.#file, ids.map((id) => `${word} ${id}\n`).join(''));
  }

  read(): readonly JournalLine[] {
    return readFileSync(this.#path, 'utf8').trimEnd().split('\n').map(parseLine);
  }

  close(): void {
    closeSync(this.#file);
  }
}

function parseLine(line: string): JournalLine {
  const [said = '', id = ''] = line.split(' ');
  const word = WORDS.find((each) => each === said);
  if (word === undefined || id === '') throw new Error(`no line of a journal: ${line}`);
  return { word, id };
}
