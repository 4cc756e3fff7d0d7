/** The counts of a CSV file that a scenario's traffic names: one row an interval, in order, under a line of column names. */
import { CsvError, parse } from 'csv-parse/sync';
import { fail, succeed, type Problem, type Result } from '#core/result.ts';

export interface CountSlice {
  readonly column: string;
  readonly everyMs: number;
  /** Start of the slice from the file's first row on. */
  readonly fromMs: number;
  /** Length of the slice; undefined: to the file's end. */
  readonly forMs: number | undefined;
}

interface Row {
  readonly record: readonly string[];
  /** Line of the file, from 1. */
  readonly line: number;
}

/** The slice's counts, each >= 0; every row of the slice that has none is named. */
export function parseCountSlice(text: string, file: string, slice: CountSlice): Result<readonly number[], Problem> {
  const rows = parseRows(text, file);
  if (!rows.ok) return rows;
  const [names, ...body] = rows.value;
  const index = names?.record.indexOf(slice.column) ?? -1;
  if (names === undefined || index < 0) {
    const known = names === undefined ? 'the file is empty' : `known: ${names.record.join(', ')}`;
    return fail([at(file, names?.line ?? 1, slice.column, `no column "${slice.column}", ${known}`)]);
  }
  const first = Math.round(slice.fromMs / slice.everyMs);
  const wanted = slice.forMs === undefined ? body.length - first : Math.round(slice.forMs / slice.everyMs);
  if (wanted <= 0 || first + wanted > body.length) {
    const message = `expected at least ${first + Math.max(1, wanted)} rows for "from" and "for", got ${body.length}`;
    return fail([at(file, body.at(-1)?.line ?? names.line, slice.column, message)]);
  }
  return readCounts(body.slice(first, first + wanted), index, file, slice.column);
}

function readCounts(
  rows: readonly Row[],
  index: number,
  file: string,
  column: string,
): Result<readonly number[], Problem> {
  const problems: Problem[] = [];
  const counts = rows.map(({ record, line }) => {
    const cell = record[index]?.trim() ?? '';
    const count = /^\d+(\.\d+)?$/.test(cell) ? Number(cell) : undefined;
    if (count === undefined) problems.push(at(file, line, column, `expected a count of at least 0, got "${cell}"`));
    return count ?? 0;
  });
  return problems.length > 0 ? fail(problems) : succeed(counts);
}

function parseRows(text: string, file: string): Result<readonly Row[], Problem> {
  try {
    const rows: Row[] = [];
    parse(text, {
      relax_column_count: true,
      skip_empty_lines: true,
      bom: true,
      trim: true,
      on_record: (record: readonly string[], context) => void rows.push({ record, line: context.lines }),
    });
    return succeed(rows);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line: unknown = 'lines' in error ? error.lines : 1;
    return fail([
      at(file, typeof line === 'number' ? line : 1, '', `expected comma-separated values: ${error.message}`),
    ]);
  }
}

function at(file: string, line: number, column: string, message: string): Problem {
  return { file, line, column: 1, path: column, message };
}
