/** Figures as people read them: sensible precision, thousands apart, columns aligned on the decimal point. */

/** `36.4722` -> `36.5`, `1351.14` -> `1,351`, `0.00168` -> `0.00168`: `digits` significant ones, never fewer than the whole part. */
export function formatFigure(value: number, digits = 3): string {
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e15 || magnitude < 1e-6) return value.toExponential(digits - 1);
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(magnitude)));
  const fixed = value.toFixed(decimals);
  const [whole = '', fraction] = fixed.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Like `formatFigure`, without zeros at the end of the fraction: `47.0` -> `47`. */
export function formatShort(value: number, digits = 4): string {
  const text = formatFigure(value, digits);
  return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
}

/** Pads texts of numbers so that their decimal points stand in one column; an empty text stays blank. */
export function alignDecimals(texts: readonly string[]): readonly string[] {
  const wholes = texts.map((text) => text.split('.')[0] ?? '');
  const left = Math.max(0, ...wholes.map((whole) => whole.length));
  const right = Math.max(0, ...texts.map((text, row) => text.length - (wholes[row]?.length ?? 0)));
  return texts.map((text, row) => (' '.repeat(left - (wholes[row]?.length ?? 0)) + text).padEnd(left + right));
}

/** Breaks a text into lines of at most `width` characters, at blanks. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
