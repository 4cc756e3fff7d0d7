/** What a node wrote: the newest lines at hand for the screen, all of them in a file of its own. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const LINES_KEPT = 500;

export class NodeProcessLog {
  readonly #file: number;
  readonly #lines: string[] = [];
  /** Lines that the file could not take since the last one that it took. */
  #unwritten = 0;

  /** `<folder>/logs/<node>.ndjson`; what an earlier incarnation wrote is kept. */
  constructor(folder: string, node: string) {
    mkdirSync(join(folder, 'logs'), { recursive: true });
    this.#file = openSync(join(folder, 'logs', `${node}.ndjson`), 'a');
  }

  /** A line that is not JSON (a crash of Node itself) is kept as one that is. */
  add(stream: 'stdout' | 'stderr', line: string): string {
    const written =
      stream === 'stdout' && line.startsWith('{') ? line : JSON.stringify({ level: 'error', stream, msg: line });
    this.#lines.push(written);
    if (this.#lines.length > 2 * LINES_KEPT) this.#lines.splice(0, this.#lines.length - LINES_KEPT);
    this.#write(written);
    return written;
  }

  /** Only after the node has ended: nothing more can be added. */
  close(): void {
    closeSync(this.#file);
  }

  /** Oldest first. */
  newest(): readonly string[] {
    return this.#lines.slice(-LINES_KEPT);
  }

  /** A full disk must not end the nodes, and with them the run: the file says later how many lines it lacks. */
  #write(line: string): void {
    const lacking = { level: 'warn', msg: `${this.#unwritten} lines before this could not be written` };
    const before = this.#unwritten === 0 ? '' : `\n${JSON.stringify(lacking)}\n`;
    try {
      writeSync(this.#file, `${before}${line}\n`);
      this.#unwritten = 0;
    } catch {
      this.#unwritten += 1;
    }
  }
}
