/**
 * What the screen knows of the run, in one place outside React: updates are taken in at once, and the parts of the screen are told
 * in turn, one an animation frame, so that no frame has to redraw everything.
 */
import { createCourse, joinCounterpart, mergeSeries, thinPacing } from '#protocol/control-api-series.ts';
import type { Counterpart } from '#protocol/run-feed-counterpart.ts';
import type { LogLine } from '#protocol/run-feed-live.ts';
import type {
  AgentRow,
  PacingPoint,
  RunStatus,
  RunTotals,
  RunUpdate,
  SeriesPoint,
  StreamItem,
} from '#protocol/run-feed.ts';
import { createStreamRing } from '#renderer/feed/stream-ring.ts';

export type Connection = 'connecting' | 'open' | 'lost' | 'refused';

/** Everything that is known at one moment; arrays are replaced, never changed. */
export interface RunView {
  readonly connection: Connection;
  /** null: nothing has run, or nothing is known yet. */
  readonly status: RunStatus | null;
  /** True once the host has said whether something runs. */
  readonly known: boolean;
  readonly totals: RunTotals | null;
  readonly series: readonly SeriesPoint[];
  readonly pacing: readonly PacingPoint[];
  readonly agents: readonly AgentRow[];
  readonly stream: readonly StreamItem[];
  readonly skipped: number;
  /** The run beside the run; null: none was asked for. */
  readonly counterpart: Counterpart | null;
  /** The newest lines of the logs that were asked for, by node, oldest first. */
  readonly logs: ReadonlyMap<string, readonly LogLine[]>;
  /** What the host refused last, until it is dismissed. */
  readonly error: string | null;
}

/** The charts of the Pacing screen. */
export const PACING_LANES = [
  'pacing.allowed',
  'pacing.sent',
  'pacing.slots',
  'pacing.waiting',
  'pacing.risk',
  'pacing.idle',
  'pacing.ledger',
  'pacing.abandonment',
  'pacing.busy',
  'pacing.reactive',
  'pacing.price',
] as const;

/** Parts of the screen in the order in which they are told. */
export const LANES = [
  'header',
  'tiles',
  'nodes',
  'traffic',
  'visits',
  'pacing',
  'risk',
  'rules',
  'agents',
  'stream',
  'log',
  'decision',
  ...PACING_LANES,
] as const;
export type Lane = (typeof LANES)[number];

const COUNTERPART_LANES: readonly Lane[] = ['header', 'decision', ...PACING_LANES];

/** Lanes of one animation frame: each frame costs a layout and a paint, each lane its drawing. */
const LANES_PER_FRAME = 2;

export interface RunStore {
  apply(update: RunUpdate): void;
  setConnection(connection: Connection): void;
  dismissError(): void;
  view(): RunView;
  subscribe(lane: Lane, listener: () => void): () => void;
}

const STREAM_ITEMS_KEPT = 20_000;
const LOG_LINES_KEPT = 5_000;

const NOTHING: RunView = {
  connection: 'connecting',
  status: null,
  known: false,
  totals: null,
  series: [],
  pacing: [],
  agents: [],
  stream: [],
  skipped: 0,
  counterpart: null,
  logs: new Map(),
  error: null,
};

/** Agents as told, with the strips from before where they haven't grown: what looks the same is the same. */
export function keepStrips(before: readonly AgentRow[], now: readonly AgentRow[]): readonly AgentRow[] {
  return now.map((agent, index) => {
    const strip = before[index]?.strip;
    const isSame =
      before[index]?.id === agent.id &&
      strip?.length === agent.strip.length &&
      strip.at(-1)?.[0] === agent.strip.at(-1)?.[0];
    return isSame && strip ? { ...agent, strip } : agent;
  });
}

/** `nextFrame` calls back once, before the next redraw. */
export function createRunStore(nextFrame: (callback: () => void) => void): RunStore {
  const listeners = new Map<Lane, Set<() => void>>(LANES.map((lane) => [lane, new Set()]));
  const series = createCourse(mergeSeries);
  const pacing = createCourse(thinPacing);
  const stream = createStreamRing(STREAM_ITEMS_KEPT);
  let view = NOTHING;
  let waiting: Lane[] = [];
  let planned = false;

  function tellNext(): void {
    planned = false;
    for (let told = 0; told < LANES_PER_FRAME && waiting.length > 0;) {
      const heard = listeners.get(waiting.shift() ?? 'header');
      /** What is on another screen costs no frame. */
      if (heard === undefined || heard.size === 0) continue;
      for (const listener of heard) listener();
      told += 1;
    }
    plan();
  }

  function plan(): void {
    if (planned || waiting.length === 0) return;
    planned = true;
    nextFrame(tellNext);
  }

  function change(next: Partial<RunView>, lanes: readonly Lane[] = LANES): void {
    view = { ...view, ...next };
    for (const lane of lanes) if (!waiting.includes(lane)) waiting.push(lane);
    plan();
  }

  function forget(): void {
    series.clear();
    pacing.clear();
    stream.clear();
    view = { ...NOTHING, connection: view.connection, known: true };
  }

  function takeIn(update: Extract<RunUpdate, { readonly type: 'progress' | 'history' }>): void {
    if (update.type === 'history' || update.status.runId !== view.status?.runId) forget();
    series.append(update.series);
    pacing.append(update.pacing);
    stream.append(update.stream);
    change({
      status: update.status,
      totals: update.totals,
      series: update.series.length > 0 ? series.all() : view.series,
      pacing: update.pacing.length > 0 ? pacing.all() : view.pacing,
      agents: keepStrips(view.agents, update.agents),
      stream: stream.items(),
      skipped: view.skipped + update.skipped,
      ...(update.type === 'history' ? { counterpart: update.counterpart } : {}),
    });
  }

  /** One that is being loaded begins anew; the others bring what is new of them. */
  function takeCounterpart(news: Counterpart | null): void {
    const held = view.counterpart;
    const isMore = news !== null && held !== null && news.state.state !== 'loading';
    change({ counterpart: isMore ? { state: news.state, ...joinCounterpart(held, news) } : news }, COUNTERPART_LANES);
  }

  /** The same lines may come again, asked for by another screen. */
  function addLog({ runId, node, lines }: Extract<RunUpdate, { readonly type: 'log' }>): void {
    if (runId !== view.status?.runId) return;
    const held = view.logs.get(node) ?? [];
    const newest = held.at(-1)?.n ?? 0;
    const more = lines.filter(({ n }) => n > newest);
    if (more.length === 0) return;
    change({ logs: new Map(view.logs).set(node, [...held, ...more].slice(-LOG_LINES_KEPT)) }, ['log']);
  }

  return {
    apply(update) {
      switch (update.type) {
        case 'idle':
          forget();
          return change({});
        case 'status':
          if (update.status.runId !== view.status?.runId) forget();
          return change({ status: update.status, known: true });
        case 'progress':
        case 'history':
          return takeIn(update);
        case 'counterpart':
          return takeCounterpart(update.counterpart);
        case 'log':
          return addLog(update);
        case 'error':
          return change({ error: update.message }, ['header']);
        default:
          return undefined;
      }
    },
    setConnection: (connection) => change({ connection }),
    dismissError: () => change({ error: null }, ['header']),
    view: () => view,
    subscribe(lane, listener) {
      listeners.get(lane)?.add(listener);
      return () => listeners.get(lane)?.delete(listener);
    },
  };
}
