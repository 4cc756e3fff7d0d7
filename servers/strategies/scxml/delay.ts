/** Times as CSS writes them, which is how `delay` has them: `500ms`, `1.5s`, `.5s`. */

/** Milliseconds; null: not such a time. */
export function parseDelayMs(text: string): number | null {
  const found = /^\s*\+?(\d+(?:\.\d*)?|\.\d+)(ms|s)\s*$/.exec(text);
  if (found === null) return null;
  return Math.round(Number(found[1]) * (found[2] === 's' ? 1000 : 1));
}
