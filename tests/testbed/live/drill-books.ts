/**
 * What became of each interaction and chat over all lives of the contact center. A kill takes back what was asked for and
 * not stored: the rows with which it comes back tell where it was cut off. What somebody had heard of must not be taken
 * back.
 */
import type { ChatRow, ContactCenterStep, InteractionRow } from './drill-history.ts';

export interface BookRow {
  readonly row: InteractionRow | ChatRow;
  /** Place of its step among all steps: rows of one step happen at once. */
  readonly step: number;
  readonly life: number;
  readonly told: boolean;
}

export interface Books {
  /** Rows that count, by `kind id`, in order. */
  readonly rows: ReadonlyMap<string, readonly BookRow[]>;
  /** Rows that were lost though they were told, or that nobody had asked to be stored. */
  readonly problems: readonly string[];
}

export function keepBooks(steps: readonly ContactCenterStep[]): Books {
  const rows = new Map<string, BookRow[]>();
  const problems: string[] = [];
  for (const [index, step] of steps.entries()) {
    if (step.input === 'recovered') {
      recover(rows, step, problems);
      continue;
    }
    for (const row of step.rows) {
      const key = keyOf(row);
      const kept = rows.get(key) ?? [];
      kept.push({ row, step: index, life: step.life, told: step.told });
      rows.set(key, kept);
    }
  }
  return { rows, problems };
}

function keyOf({ kind, id }: InteractionRow | ChatRow): string {
  return `${kind} ${id}`;
}

function recover(rows: Map<string, BookRow[]>, step: ContactCenterStep, problems: string[]): void {
  const found = new Map(step.rows.map((row) => [keyOf(row), JSON.stringify(row)]));
  for (const [key, kept] of rows) {
    const recovered = found.get(key);
    found.delete(key);
    const place = recovered === undefined ? -1 : kept.findLastIndex(({ row }) => JSON.stringify(row) === recovered);
    if (recovered !== undefined && place < 0) problems.push(`${key} came back as nobody had asked for: ${recovered}`);
    for (const { row, life, told } of kept.splice(place + 1)) {
      if (told) problems.push(`${key} was told to be ${row.state} and forgotten in life ${step.life}`);
      else if (life < step.life - 1) problems.push(`${key} was ${row.state} before and forgotten in life ${step.life}`);
    }
    if (kept.length === 0) rows.delete(key);
  }
  for (const key of found.keys()) problems.push(`${key} came back and was never there`);
}
