/** Firings as small multiples: one row a rule, all on one scale, so that rows can be compared. */
import type { SeriesPoint } from '#protocol/run-feed.ts';

export interface RuleRow {
  readonly rule: string;
  /** Firings a minute in each bucket. */
  readonly bars: readonly { readonly atMs: number; readonly perMinute: number }[];
  /** Over the shown window. */
  readonly total: number;
  readonly perMinute: number;
}

/** In the order of their first firing in the run, which doesn't change. `known`: rules seen so far. */
export function ruleRows(points: readonly SeriesPoint[], known: readonly string[]): readonly RuleRow[] {
  const minutes = points.reduce((sum, point) => sum + point.bucketMs, 0) / 60_000;
  return known.map((rule) => {
    const bars = points.map((point) => ({
      atMs: point.atMs,
      perMinute: (point.firings[rule] ?? 0) / (point.bucketMs / 60_000),
    }));
    const total = points.reduce((sum, point) => sum + (point.firings[rule] ?? 0), 0);
    return { rule, bars, total, perMinute: minutes > 0 ? total / minutes : 0 };
  });
}

/** Names of the rules that a run has shown so far, in a lasting order; the same array where none is new. */
export function createRuleMemory(): (runId: string, points: readonly SeriesPoint[]) => readonly string[] {
  let lastRun = '';
  let known: readonly string[] = [];
  return (runId, points) => {
    if (runId !== lastRun) known = [];
    lastRun = runId;
    const names = new Set(known);
    for (const point of points) for (const rule of Object.keys(point.firings)) names.add(rule);
    if (names.size !== known.length) known = [...names];
    return known;
  };
}

/** One path for all bars of a row, in a box of `width` x `height`. */
export function barsPath(
  row: RuleRow,
  box: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly width: number;
    readonly height: number;
    readonly max: number;
  },
  bucketMs: number,
): string {
  const scale = box.width / (box.toMs - box.fromMs);
  const wide = bucketMs * scale * 0.86;
  let path = '';
  for (const { atMs, perMinute } of row.bars) {
    if (perMinute === 0 || atMs > box.toMs || atMs - bucketMs < box.fromMs) continue;
    const tall = Math.max(0.05 * box.height, (perMinute / box.max) * box.height);
    path += `M${((atMs - bucketMs - box.fromMs) * scale).toFixed(1)} ${box.height}v${(-tall).toFixed(1)}h${wide.toFixed(1)}v${tall.toFixed(1)}z`;
  }
  return path;
}
