/** Lines that could not be read: all counted, the first ones kept with their place and the reason. */
import type { Problem } from '#core/result.ts';
import type { LineFault } from '#protocol/recorded-event.ts';

export interface BadLine extends LineFault {
  readonly line: number;
}

export const BAD_LINES_KEPT_MAX = 1_000;

export class BadLines {
  count = 0;
  /** In order of the file. */
  readonly first: BadLine[] = [];

  add(line: number, fault: LineFault): void {
    this.count += 1;
    if (this.first.length < BAD_LINES_KEPT_MAX) this.first.push({ line, column: fault.column, why: fault.why });
  }
}

/** As problems of `file`, the first `max` of them. */
export function listBadLines(bad: Pick<BadLines, 'first'>, file: string, max: number): readonly Problem[] {
  return bad.first.slice(0, max).map(({ line, column, why }) => ({ file, line, column, path: '', message: why }));
}
