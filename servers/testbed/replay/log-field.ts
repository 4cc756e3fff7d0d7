/**
 * Quoted fields of access logs. Apache writes `\"`, `\\`, `\b`, `\n`, `\r`, `\t`, `\v` and every byte that is no printable ASCII as
 * `\xhh` (ap_escape_logitem); nginx writes `\xHH` alone.
 */
import { isUtf8 } from 'node:buffer';

/** Index of the quote that closes a field whose text begins at `from`; -1 where there is none. */
export function findClosingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 1)) {
    let slashes = 0;
    while (at - 1 - slashes >= from && line.charCodeAt(at - 1 - slashes) === 92) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

const LETTER_ESCAPES: Readonly<Record<string, number>> = { b: 8, t: 9, n: 10, v: 11, r: 13, '"': 34, '\\': 92 };

/**
 * What a quoted field says: escapes stand for bytes, which are UTF-8 where they can be, else Latin-1. A backslash that begins no
 * escape is itself.
 */
export function decodeField(field: string): string {
  if (!field.includes('\\')) return field;
  const pieces: Buffer[] = [];
  let plainFrom = 0;
  for (let at = field.indexOf('\\'); at >= 0; at = field.indexOf('\\', Math.max(at + 1, plainFrom))) {
    const byte = byteOfEscape(field, at);
    if (byte === null) continue;
    pieces.push(Buffer.from(field.slice(plainFrom, at)), Buffer.from([byte.value]));
    plainFrom = at + byte.length;
  }
  pieces.push(Buffer.from(field.slice(plainFrom)));
  const bytes = Buffer.concat(pieces);
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}

function byteOfEscape(field: string, at: number): { readonly value: number; readonly length: number } | null {
  const letter = field.charAt(at + 1);
  if (letter === 'x') {
    const digits = field.slice(at + 2, at + 4);
    return /^[\da-fA-F]{2}$/.test(digits) ? { value: Number.parseInt(digits, 16), length: 4 } : null;
  }
  const value = LETTER_ESCAPES[letter];
  return value === undefined ? null : { value, length: 2 };
}
