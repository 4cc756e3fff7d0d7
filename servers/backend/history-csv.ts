/**
 * Rows as CSV (RFC 4180) that a spreadsheet opens without danger: a text that it would take for a formula gets an apostrophe in
 * front, as visitors write their own names, titles and search words. Numbers stay numbers.
 */
import { assert } from '#core/assert.ts';

const LINE_END = '\r\n';
/** What spreadsheets begin formulas with, also after blanks, and in the wide forms of East Asian keyboards. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/** A header row with the columns' names, then a row a record; objects become JSON. */
export function formatCsv(columns: readonly string[], rows: readonly object[]): string {
  const lines = rows.map((row) => {
    const cells = new Map<string, unknown>(Object.entries(row));
    return columns.map((column) => formatCell(cells.get(column))).join(',');
  });
  return [columns.join(','), ...lines].map((line) => line + LINE_END).join('');
}

function formatCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  switch (typeof value) {
    case 'number':
    case 'boolean':
      return String(value);
    case 'string':
      return quote(FORMULA.test(value) ? `'${value}` : value);
    case 'object':
      return quote(JSON.stringify(value));
    default:
      assert(false, 'a resource holds what JSON can hold');
  }
}

function quote(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Whether a client would rather have CSV than JSON, by its header `Accept`. */
export function prefersCsv(accept: string | undefined): boolean {
  const ranges = (accept ?? '*/*').split(',').map(readRange);
  const qualityOf = (...types: readonly string[]): number => {
    for (const type of types) {
      const range = ranges.find((one) => one.type === type);
      if (range !== undefined) return range.quality;
    }
    return 0;
  };
  return qualityOf('text/csv', 'text/*', '*/*') > qualityOf('application/json', 'application/*', '*/*');
}

function readRange(text: string): { readonly type: string; readonly quality: number } {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1');
  return { type, quality: Number.isFinite(quality) ? quality : 0 };
}
