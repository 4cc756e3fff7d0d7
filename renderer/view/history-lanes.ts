/**
 * A story laid out on a time axis, in pixels: spans where something lasts, marks where something happens. Marks that would lie on each
 * other become one that counts them, so that a long visit draws no more than a short one.
 */
import type { TimelineMark } from '#renderer/view/history-marks.ts';
import { endOf } from '#renderer/view/history-span.ts';
import type { TimeSpan } from '#renderer/view/time-window.ts';

export const LANES = ['visit', 'page', 'session', 'event', 'attempt'] as const;
export type LaneName = (typeof LANES)[number];

export const LANE_LABELS: Readonly<Record<LaneName, string>> = {
  visit: 'Visits',
  page: 'Pages',
  session: 'Signed in',
  event: 'Events',
  attempt: 'Invites',
};

export interface PlacedSpan<M extends TimelineMark> {
  readonly key: string;
  readonly mark: M;
  readonly x: number;
  readonly width: number;
}

export interface PlacedMark<M extends TimelineMark> {
  readonly key: string;
  /** Newest first; one: a single mark. */
  readonly marks: readonly M[];
  readonly x: number;
}

export interface Lane<M extends TimelineMark> {
  readonly name: LaneName;
  readonly spans: readonly PlacedSpan<M>[];
  readonly marks: readonly PlacedMark<M>[];
}

/** Below this a span could not be seen, and a mark not be hit. */
const SPAN_PX_MIN = 2;
const MARK_PX = 14;

/** What of `marks` (newest first) is in sight, `width` px wide; a lane without anything in the whole story is left out. */
export function layOut<M extends TimelineMark>(
  marks: readonly M[],
  span: TimeSpan,
  width: number,
  nowMs: number,
): readonly Lane<M>[] {
  const scale = width / (span.toMs - span.fromMs);
  const place = (atMs: number): number => (atMs - span.fromMs) * scale;
  return LANES.flatMap((name): readonly Lane<M>[] => {
    const ofLane = marks.filter((mark) => mark.kind === name && !mark.isDetail);
    if (ofLane.length === 0) return [];
    const seen = ofLane.filter((mark) => mark.atMs <= span.toMs && endOf(mark, nowMs) >= span.fromMs);
    if (name === 'event') return [{ name, spans: [], marks: gather(seen, place) }];
    return [{ name, spans: joinSlivers(seen, place, nowMs, width), marks: [] }];
  });
}

function gather<M extends TimelineMark>(
  marks: readonly M[],
  place: (atMs: number) => number,
): readonly PlacedMark<M>[] {
  const placed: { marks: M[]; x: number }[] = [];
  for (const mark of marks) {
    const x = place(mark.atMs);
    const last = placed.at(-1);
    if (last !== undefined && last.x - x < MARK_PX) last.marks.push(mark);
    else placed.push({ marks: [mark], x });
  }
  return placed.map(({ marks: together, x }) => ({ key: together[0]?.key ?? '', marks: together, x }));
}

/** Of spans that are too short to be seen and begin at the same pixel, the newest stands for all. */
function joinSlivers<M extends TimelineMark>(
  marks: readonly M[],
  place: (atMs: number) => number,
  nowMs: number,
  width: number,
): readonly PlacedSpan<M>[] {
  const spans: PlacedSpan<M>[] = [];
  let taken = Number.POSITIVE_INFINITY;
  for (const mark of marks) {
    const from = Math.max(0, place(mark.atMs));
    const to = Math.min(width, place(endOf(mark, nowMs)));
    const long = Math.max(SPAN_PX_MIN, to - from);
    if (to - from < SPAN_PX_MIN && Math.floor(from) >= taken) continue;
    taken = Math.floor(from);
    spans.push({ key: mark.key, mark, x: from, width: long });
  }
  return spans;
}

/** The mark beside another one on the axis, of those that are drawn (newest first); `step` 1: later. */
export function besideMark<M extends TimelineMark>(
  marks: readonly M[],
  key: string | null,
  step: 1 | -1,
): M | undefined {
  const drawn = marks.filter(({ isDetail }) => !isDetail);
  const at = drawn.findIndex((mark) => mark.key === key);
  if (at < 0) return step === 1 ? drawn.at(-1) : drawn[0];
  return drawn[at - step];
}
