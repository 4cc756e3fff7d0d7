/** The eight tiles of a run: what each says, from totals and from the newest stretch of the series. */
import type { RunStatus, RunTotals, SeriesPoint } from '#protocol/run-feed.ts';
import { formatCount, formatRate, formatShare, NO_FIGURE } from '#renderer/view/format.ts';

export type TileName = 'visits' | 'events' | 'hotLeads' | 'invites' | 'accepted' | 'abandoned' | 'busy' | 'dropped';
export type Tone = 'visitors' | 'rules' | 'pacing' | 'chats' | 'failure' | 'text';
/** The panel that a tile opens. */
export type PanelName = 'traffic' | 'rules' | 'pacing' | 'agents' | 'funnel' | 'stream';

export interface Tile {
  readonly name: TileName;
  readonly label: string;
  readonly value: string;
  readonly unit: string;
  /** One more fact, small. */
  readonly note: string;
  readonly tone: Tone;
  /** True where a promise is broken: shown by sign and colour. */
  readonly alarm: boolean;
  readonly panel: PanelName;
}

/** Over the shown window; null where nothing was counted. */
export type TileCourses = Readonly<Record<TileName, readonly (number | null)[]>>;

const RATE_OVER_MS = 60_000;
const LEADS_OVER_MS = 900_000;

/** `recent`: series points, newest last, at least the last 15 minutes where there are so many. */
export function tileFigures(status: RunStatus, totals: RunTotals, recent: readonly SeriesPoint[]): readonly Tile[] {
  const rates = sumOver(recent, RATE_OVER_MS);
  const leads = sumOver(recent, LEADS_OVER_MS);
  const last = recent.at(-1);
  return [
    {
      name: 'visits',
      label: 'Visits',
      value: formatRate(perSecond(rates, 'visits')),
      unit: '/s',
      note: expected(status.profile.length > 1 ? null : status.expectation.visitsPerSecond),
      tone: 'visitors',
      alarm: false,
      panel: 'traffic',
    },
    {
      name: 'events',
      label: 'Events',
      value: formatRate(perSecond(rates, 'events')),
      unit: '/s',
      note: expected(status.profile.length > 1 ? null : status.expectation.eventsPerSecond),
      tone: 'visitors',
      alarm: false,
      panel: 'traffic',
    },
    {
      name: 'hotLeads',
      label: 'Hot leads',
      value: perHour(leads, 'hotLeads'),
      unit: '/h',
      note: leads.hotLeads > 0 ? `${formatShare(leads.refused / leads.hotLeads)} refused` : 'none yet',
      tone: 'rules',
      alarm: false,
      panel: 'rules',
    },
    {
      name: 'invites',
      label: 'Invites',
      value: perHour(leads, 'sent'),
      unit: '/h',
      note: leads.hotLeads > 0 ? `${formatShare(leads.sent / leads.hotLeads)} of leads` : 'none yet',
      tone: 'pacing',
      alarm: false,
      panel: 'pacing',
    },
    acceptedTile(totals),
    abandonedTile(status, totals),
    {
      name: 'busy',
      label: 'Busy',
      ...shareFigure(totals.busyShare),
      note: last ? `${last.busySlots.toFixed(1)} of ${last.slots} slots` : '',
      tone: 'chats',
      alarm: status.goal.target === 'BUSY_FACTOR' && isBelow(totals.busyShare, status.goal.share),
      panel: 'agents',
    },
    {
      name: 'dropped',
      label: 'Dropped',
      value: formatCount(totals.dropped),
      unit: '',
      note: describeDropped(status, totals),
      tone: 'text',
      alarm: totals.dropped > 0,
      panel: 'stream',
    },
  ];
}

/** Live, visitors give up requests too that no server took; when the run is stopped, those under way with them. */
function describeDropped({ mode }: RunStatus, { dropped }: RunTotals): string {
  if (dropped === 0) return 'all starts in time';
  return mode === 'live' ? 'starts and requests' : 'starts not made in time';
}

function acceptedTile(totals: RunTotals): Tile {
  return {
    name: 'accepted',
    label: 'Accepted',
    ...shareFigure(totals.hitShare),
    note: `${formatCount(totals.accepted)} of ${formatCount(totals.sent)} invites`,
    tone: 'pacing',
    alarm: false,
    panel: 'funnel',
  };
}

function abandonedTile(status: RunStatus, totals: RunTotals): Tile {
  const { goal } = status;
  const isGoal = goal.target === 'ABANDONMENT_RATE';
  return {
    name: 'abandoned',
    label: 'Abandoned',
    ...shareFigure(totals.abandonmentShare),
    note: isGoal ? `goal at most ${formatShare(goal.share)}` : `${formatCount(totals.abandoned)} chats`,
    tone: 'failure',
    alarm: isGoal && totals.abandonmentShare !== null && totals.abandonmentShare > goal.share,
    panel: 'pacing',
  };
}

/** Value and unit apart, as a tile sets them. */
function shareFigure(share: number | null): Pick<Tile, 'value' | 'unit'> {
  return share === null
    ? { value: NO_FIGURE, unit: '' }
    : { value: formatShare(share).replace(/\s?%$/, ''), unit: '%' };
}

function expected(rate: number | null): string {
  return rate === null ? 'follows its profile' : `expected ${formatRate(rate)}`;
}

function isBelow(share: number | null, goal: number): boolean {
  return share !== null && share < goal;
}

interface Sum {
  readonly ms: number;
  readonly visits: number;
  readonly events: number;
  readonly hotLeads: number;
  readonly refused: number;
  readonly sent: number;
}

/** Counts over the newest `overMs` of the series. */
function sumOver(points: readonly SeriesPoint[], overMs: number): Sum {
  const sum = { ms: 0, visits: 0, events: 0, hotLeads: 0, refused: 0, sent: 0 };
  for (let index = points.length - 1; index >= 0 && sum.ms < overMs; index -= 1) {
    const point = points[index];
    if (!point) break;
    sum.ms += point.bucketMs;
    sum.visits += point.visits;
    sum.events += point.events;
    sum.hotLeads += point.hotLeads;
    sum.refused += point.refused;
    sum.sent += point.sent;
  }
  return sum;
}

function perSecond(sum: Sum, name: 'visits' | 'events'): number | null {
  return sum.ms > 0 ? sum[name] / (sum.ms / 1_000) : null;
}

function perHour(sum: Sum, name: 'hotLeads' | 'sent'): string {
  return sum.ms > 0 ? formatCount(sum[name] / (sum.ms / 3_600_000)) : NO_FIGURE;
}

/** The small curves of the tiles, from the points of the charts. */
export function tileCourses(points: readonly SeriesPoint[]): TileCourses {
  return {
    visits: points.map((point) => point.visits / point.bucketMs),
    events: points.map((point) => point.events / point.bucketMs),
    hotLeads: points.map((point) => point.hotLeads),
    invites: points.map((point) => point.sent),
    accepted: runningShare(
      points,
      (point) => point.accepted,
      (point) => point.sent,
    ),
    abandoned: runningShare(
      points,
      (point) => point.abandoned,
      (point) => point.accepted,
    ),
    busy: points.map((point) => (point.slots > 0 ? point.busySlots / point.slots : null)),
    dropped: [],
  };
}

/** Share of two counts over a gliding stretch of six points: single buckets hold too few to divide. */
function runningShare(
  points: readonly SeriesPoint[],
  part: (point: SeriesPoint) => number,
  whole: (point: SeriesPoint) => number,
): readonly (number | null)[] {
  return points.map((_, index) => {
    const stretch = points.slice(Math.max(0, index - 5), index + 1);
    const wholes = stretch.reduce((sum, point) => sum + whole(point), 0);
    return wholes > 0 ? stretch.reduce((sum, point) => sum + part(point), 0) / wholes : null;
  });
}
