/** CSV against a reader of it, and what spreadsheets would take for formulas. */
import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { formatCsv, prefersCsv } from '#backend/history-csv.ts';

const DANGEROUS = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '=cmd|"/c calc"!A1'];

/** What a spreadsheet would evaluate. */
function isFormula(cell: string): boolean {
  return /^[=+\-@＝＋－＠]/.test(cell.trimStart());
}

describe('CSV', () => {
  it('is read back as it was, but for the apostrophe before what could be a formula', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(...DANGEROUS, '', '"', 'a,b', 'a\r\nb', "'"),
    );
    fc.assert(
      fc.property(fc.array(fc.record({ a: text, n: fc.integer(), b: fc.option(text) })), (rows) => {
        const csv = formatCsv(['a', 'n', 'b'], rows);
        const [header, ...read] = parse(csv, { record_delimiter: '\r\n' });
        expect(header).toEqual(['a', 'n', 'b']);
        expect(read).toHaveLength(rows.length);
        for (const [index, { a, n, b }] of rows.entries()) {
          const cells = read[index] ?? [];
          expect(cells[1]).toBe(String(n));
          for (const [cell, told] of [
            [cells[0], a],
            [cells[2], b ?? ''],
          ] as const) {
            expect(cell === told || cell === `'${told}`).toBe(true);
            expect(isFormula(String(cell))).toBe(false);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it.each(DANGEROUS)('would be dangerous without: %j (negative control)', (text) => {
    expect(isFormula(text)).toBe(true);
    expect(formatCsv(['a'], [{ a: text }])).toContain(`'`);
  });

  it('has its columns in their order, nothing else, and JSON where a cell is an object', () => {
    const rows = [{ b: true, c: null, a: { x: '=1' }, d: 'left out' }];
    expect(formatCsv(['a', 'b', 'c'], rows)).toBe('a,b,c\r\n"{""x"":""=1""}",true,\r\n');
    expect(formatCsv(['a'], [])).toBe('a\r\n');
  });

  it.each([
    [undefined, false],
    ['*/*', false],
    ['text/csv', true],
    ['text/csv, application/json', false],
    ['text/csv;q=0.9, application/json;q=0.5', true],
    ['application/json, text/csv;q=0.5', false],
    ['text/*', true],
    ['text/html, */*;q=0.1', false],
    ['text/csv;q=none', false],
  ])('is preferred by Accept %j: %j', (accept, preferred) => {
    expect(prefersCsv(accept)).toBe(preferred);
  });
});
