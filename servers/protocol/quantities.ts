/** How files and the command line write quantities: durations `90s`, `15m`, `4h`, `250ms`; shares `0.03` or `3%`. */
import { z } from 'zod';

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof UNIT_MS;

export const DURATION_EXPECTED = 'expected a duration such as 90s, 15m, 4h or 250ms';
export const SHARE_EXPECTED = 'expected a share such as 0.03 or 3%';

/** `1h30m` -> 5,400,000 ms (integer, >= 0); undefined where it is not a duration. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * UNIT_MS[unit as Unit];
  }
  return Number.isSafeInteger(Math.round(total)) ? Math.round(total) : undefined;
}

/** `3%` -> 0.03, `0.03` -> 0.03; undefined where it is not a share in 0..1. */
export function parseShare(given: string | number): number | undefined {
  const share = typeof given === 'number' ? given : parseShareText(given);
  return share !== undefined && share >= 0 && share <= 1 ? share : undefined;
}

function parseShareText(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(\s*%)?$/.exec(text.trim());
  if (!match) return undefined;
  return match[2] ? Number((Number(match[1]) / 100).toPrecision(15)) : Number(match[1]);
}

export const durationSchema = z.string({ error: DURATION_EXPECTED }).transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  context.addIssue({ code: 'custom', message: `${DURATION_EXPECTED}, got "${text}"` });
  return z.NEVER;
});

export const shareSchema = z.union([z.string(), z.number()], { error: SHARE_EXPECTED }).transform((given, context) => {
  const share = parseShare(given);
  if (share !== undefined) return share;
  context.addIssue({ code: 'custom', message: `${SHARE_EXPECTED}, got "${given}"` });
  return z.NEVER;
});
