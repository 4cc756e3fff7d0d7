/** Which stretch of a story its timeline shows: all of it, or what somebody has zoomed into; never less than a second. */
import type { TimeSpan } from '#renderer/view/time-window.ts';

const SPAN_MS_MIN = 1_000;
/** Air at both ends, as a share of the whole. */
const AIR_SHARE = 0.02;

interface Lasting {
  readonly atMs: number;
  readonly untilMs: number | null;
  readonly isOpen: boolean;
}

/** From the first beginning to the last end (`nowMs` for what goes on), with air at both ends. Null: there is nothing. */
export function wholeSpan(items: readonly Lasting[], nowMs: number): TimeSpan | null {
  if (items.length === 0) return null;
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = Number.NEGATIVE_INFINITY;
  for (const item of items) {
    fromMs = Math.min(fromMs, item.atMs);
    toMs = Math.max(toMs, endOf(item, nowMs));
  }
  const air = Math.max(SPAN_MS_MIN / 2, (toMs - fromMs) * AIR_SHARE);
  return { fromMs: fromMs - air, toMs: toMs + air };
}

/** Where a mark ends on the axis; what goes on ends now, and a moment where it began. */
export function endOf({ atMs, untilMs, isOpen }: Lasting, nowMs: number): number {
  return Math.max(atMs, untilMs ?? (isOpen ? nowMs : atMs));
}

/** Inside `whole`; null: it is the whole again. */
export function clampSpan({ fromMs, toMs }: TimeSpan, whole: TimeSpan): TimeSpan | null {
  const length = Math.max(SPAN_MS_MIN, toMs - fromMs);
  if (length >= whole.toMs - whole.fromMs) return null;
  const from = Math.min(whole.toMs - length, Math.max(whole.fromMs, (fromMs + toMs - length) / 2));
  return { fromMs: from, toMs: from + length };
}

/** `factor` < 1: nearer. The moment keeps its place on the screen as far as the ends allow. */
export function zoomSpan(span: TimeSpan, atMs: number, factor: number, whole: TimeSpan): TimeSpan | null {
  const length = Math.max(SPAN_MS_MIN, (span.toMs - span.fromMs) * factor);
  const share = (atMs - span.fromMs) / (span.toMs - span.fromMs);
  const fromMs = atMs - share * length;
  return clampSpan({ fromMs, toMs: fromMs + length }, whole);
}

/** Moved by a share of its length, so that a mark outside comes into sight; the same where it is in sight already. */
export function showMoment(span: TimeSpan, atMs: number, whole: TimeSpan): TimeSpan | null {
  if (atMs >= span.fromMs && atMs <= span.toMs) return clampSpan(span, whole);
  const half = (span.toMs - span.fromMs) / 2;
  return clampSpan({ fromMs: atMs - half, toMs: atMs + half }, whole);
}
