/** Times of rule tests as their files write them. */

const UNITS = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

/** `+0s`, `+2m30s`: ms since the start of the case. */
export function describeOffset(ms: number): string {
  let rest = Math.round(ms);
  const parts: string[] = [];
  for (const [unit, unitMs] of UNITS) {
    const amount = Math.floor(rest / unitMs);
    if (amount > 0) parts.push(`${amount}${unit}`);
    rest -= amount * unitMs;
  }
  return `+${parts.join('') || '0s'}`;
}
