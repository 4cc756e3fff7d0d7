/**
 * A UUID as browsers write it (RFC 9562: 32 hexadecimal digits in lower case, in five groups) in four 32-bit words, which take a
 * quarter of its text's room.
 */

const LENGTH = 36;
const DASH = 0x2d;
const DIGITS = '0123456789abcdef';
/** Value of a digit by its code; -1: it is none. */
const VALUES = Int32Array.from({ length: 128 }, (_, code) => DIGITS.indexOf(String.fromCharCode(code)));
/** The two digits of each byte. */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Writes the UUID's words into the first four of `words`; false where the text is none, and they are what they happen to be. */
export function packUuid(text: string, words: Int32Array): boolean {
  if (text.length !== LENGTH || !hasDash(text, 8) || !hasDash(text, 13) || !hasDash(text, 18) || !hasDash(text, 23))
    return false;
  // Of four digits; negative where one of them is none.
  const a = quad(text, 0);
  const b = quad(text, 4);
  const c = quad(text, 9);
  const d = quad(text, 14);
  const e = quad(text, 19);
  const f = quad(text, 24);
  const g = quad(text, 28);
  const h = quad(text, 32);
  words[0] = (a << 16) | b;
  words[1] = (c << 16) | d;
  words[2] = (e << 16) | f;
  words[3] = (g << 16) | h;
  return (a | b | c | d | e | f | g | h) >= 0;
}

/** The text of the UUID with these words. */
export function unpackUuid(words: Int32Array): string {
  const a = words[0] ?? 0;
  const b = words[1] ?? 0;
  const c = words[2] ?? 0;
  const d = words[3] ?? 0;
  return `${half(a >>> 16)}${half(a)}-${half(b >>> 16)}-${half(b)}-${half(c >>> 16)}-${half(c)}${half(d >>> 16)}${half(d)}`;
}

function hasDash(text: string, place: number): boolean {
  return text.charCodeAt(place) === DASH;
}

function quad(text: string, place: number): number {
  return (
    (digit(text, place) << 12) | (digit(text, place + 1) << 8) | (digit(text, place + 2) << 4) | digit(text, place + 3)
  );
}

/** -1: there is none. */
function digit(text: string, place: number): number {
  return VALUES[text.charCodeAt(place)] ?? -1;
}

function half(word: number): string {
  return `${BYTES[(word >>> 8) & 255] ?? ''}${BYTES[word & 255] ?? ''}`;
}
