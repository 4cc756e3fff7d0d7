/** What `bench:pacing` prints: tables in markdown whose last column tells whether the row's band holds. */
import { writeFileSync } from 'node:fs';

export class BandTable {
  readonly #lines: string[] = [];
  #bands = 0;
  #missed = 0;

  /** Rows with a band, and those of them that missed it. */
  get counts(): { readonly bands: number; readonly missed: number } {
    return { bands: this.#bands, missed: this.#missed };
  }

  say(line: string): void {
    this.#lines.push(line);
    process.stdout.write(`${line}\n`);
  }

  /** A new table; the column of the verdicts is added. */
  columns(...names: readonly string[]): void {
    this.say(`\n| ${names.join(' | ')} | |`);
    this.say(`| ${names.map(() => '---').join(' | ')} | --- |`);
  }

  row(cells: readonly (string | number)[], ...conditions: readonly boolean[]): void {
    this.say(`| ${cells.join(' | ')} | ${this.#verdict(conditions)} |`);
  }

  write(file: string): void {
    writeFileSync(file, `${this.#lines.join('\n')}\n`);
  }

  #verdict(conditions: readonly boolean[]): string {
    this.#bands += 1;
    if (conditions.every(Boolean)) return '✓';
    this.#missed += 1;
    return '✗';
  }
}

export const percent = (share: number): string => (100 * share).toFixed(2);
