/** Lists and durations in plain English, for sentences about rules. */

/** `a`, `a or b`, `a, b or c`. */
export function joinWith(word: 'and' | 'or', parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} ${word} ${last}`;
}

const UNITS = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1_000 },
  { name: 'ms', ms: 1 },
] as const;

/** `1 h 30 min`, `41 s`, `250 ms`: milliseconds are told below a second only, 0 ms as `0 s`. */
export function describeDuration(durationMs: number): string {
  let rest = durationMs < 1_000 ? Math.max(0, Math.round(durationMs)) : Math.round(durationMs / 1_000) * 1_000;
  const parts: string[] = [];
  for (const unit of UNITS) {
    const amount = Math.floor(rest / unit.ms);
    if (amount > 0) parts.push(`${amount} ${unit.name}`);
    rest -= amount * unit.ms;
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
}
