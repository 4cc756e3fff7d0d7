/**
 * What visitors and agents felt of each fault, read from the course of the run: how the intake and the chats went while it
 * lasted and shortly after, beside how they had gone before.
 */
import type { SeriesPoint } from '#protocol/run-feed.ts';
import type { FaultMark } from './fault-mark.ts';

export interface FeltEffect {
  readonly kind: FaultMark['kind'];
  readonly node: string;
  readonly beginsMs: number;
  /** Null: it lasted to the end of the run. */
  readonly endsMs: number | null;
  /** Events taken in a second, in the minute before and while it lasted (and ten seconds more). */
  readonly eventsPerSecondBefore: number | null;
  readonly eventsPerSecondDuring: number;
  /** Longest time without a single event taken in, and without a chat started, seconds. */
  readonly withoutEventsSeconds: number;
  readonly withoutChatStartSeconds: number;
  readonly abandoned: number;
  readonly chatsStarted: number;
}

/** Visitors before a fault are compared with this long of the course. */
const BEFORE_MS = 60_000;
/** Effects of a fault outlast it. */
const AFTER_MS = 10_000;

export function describeFelt(series: readonly SeriesPoint[], marks: readonly FaultMark[]): readonly FeltEffect[] {
  const begun = marks.filter(({ phase }) => phase === 'begins');
  return begun.map(({ kind, node, atMs }): FeltEffect => {
    const ends = marks.find((mark) => mark.phase === 'ends' && mark.node === node && mark.atMs >= atMs);
    const untilMs = ends === undefined ? Infinity : ends.atMs + AFTER_MS;
    const during = series.filter((point) => point.atMs > atMs && point.atMs - point.bucketMs < untilMs);
    const before = series.filter((point) => point.atMs <= atMs && point.atMs > atMs - BEFORE_MS);
    return {
      kind,
      node,
      beginsMs: atMs,
      endsMs: ends?.atMs ?? null,
      eventsPerSecondBefore: before.length === 0 ? null : rate(before),
      eventsPerSecondDuring: rate(during),
      withoutEventsSeconds: longestGapSeconds(during, (point) => point.events),
      withoutChatStartSeconds: longestGapSeconds(during, (point) => point.chatsStarted),
      abandoned: total(during, (point) => point.abandoned),
      chatsStarted: total(during, (point) => point.chatsStarted),
    };
  });
}

function rate(points: readonly SeriesPoint[]): number {
  const seconds = total(points, (point) => point.bucketMs) / 1_000;
  return seconds === 0 ? 0 : total(points, (point) => point.events) / seconds;
}

function longestGapSeconds(points: readonly SeriesPoint[], count: (point: SeriesPoint) => number): number {
  let longestMs = 0;
  let gapMs = 0;
  for (const point of points) {
    gapMs = count(point) === 0 ? gapMs + point.bucketMs : 0;
    longestMs = Math.max(longestMs, gapMs);
  }
  return longestMs / 1_000;
}

function total(points: readonly SeriesPoint[], count: (point: SeriesPoint) => number): number {
  return points.reduce((sum, point) => sum + count(point), 0);
}
