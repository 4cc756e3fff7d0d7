/** A live run's store, and how well the run keeps its clock: tiles beside its nodes. Where this machine can't keep up, they say so. */
import type { LiveState, LiveStore } from '#protocol/run-feed-live.ts';
import { describeHealth } from '#renderer/view/live-words.ts';
import { formatCount, formatNumber, NO_FIGURE } from '#renderer/view/format.ts';

export interface LiveGauge {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  readonly note: string;
  /** A sentence for who asks. */
  readonly about: string;
  readonly alarm: boolean;
}

const LAG_MS_MAX = 250;
const LATENESS_MS_MAX = 100;

/** Which store the run has and why, and how well the node is that serves it; null: it is still looked for. */
export function storeGauge({ store, nodes }: LiveState): LiveGauge | null {
  if (store.kind === null) return null;
  const node = nodes.find(({ role }) => role === 'store');
  const health = node === undefined ? null : describeHealth(node);
  return {
    name: 'Store',
    value: STORE_LABELS[store.kind],
    unit: health?.word ?? '',
    note: health?.tone === 'bad' && health.detail !== '' ? health.detail : (reasonOf(store) ?? 'as it was asked for'),
    about: `${store.about}. Where everything that is acknowledged to visitors is kept.`,
    alarm: health?.tone === 'bad',
  };
}

export const STORE_LABELS: Readonly<Record<NonNullable<LiveStore['kind']>, string>> = {
  memory: 'Memory',
  sqlite: 'SQLite',
  cassandra: 'Cassandra',
};

/** `as no Cassandra answers at 127.0.0.1:19160`, of all that is said of the store. */
function reasonOf({ about }: LiveStore): string | undefined {
  return /^\w+,? (.+)$/.exec(about)?.[1];
}

export function clockGauges(live: LiveState): readonly LiveGauge[] {
  return [lagGauge(live), latenessGauge(live), promisedGauge(live)];
}

function lagGauge({ clockLagMs }: LiveState): LiveGauge {
  const alarm = clockLagMs !== null && clockLagMs > LAG_MS_MAX;
  return {
    name: 'Clock lag',
    ...milliseconds(clockLagMs),
    note: alarm ? 'too much: slow it down' : 'of the crowd, lately',
    about: `How far the crowd was behind the run's clock at most, lately. Above ${LAG_MS_MAX} ms this machine can't keep up: slow the run down.`,
    alarm,
  };
}

function latenessGauge({ latenessMs, startsDropped }: LiveState): LiveGauge {
  const alarm = startsDropped > 0 || (latenessMs !== null && latenessMs.p99 > LATENESS_MS_MAX);
  const spread =
    latenessMs === null ? 'no start yet' : `p50 ${formatMs(latenessMs.p50)}, max ${formatMs(latenessMs.max)} ms`;
  return {
    name: 'Lateness, p99',
    ...milliseconds(latenessMs?.p99 ?? null),
    note: startsDropped > 0 ? `${formatCount(startsDropped)} starts dropped` : spread,
    about:
      'How long after its due moment a visit was begun: the crowd does not wait for slow servers. A start that is a second late is dropped, and counted.',
    alarm,
  };
}

function promisedGauge({ eventsAcknowledged, findings }: LiveState): LiveGauge {
  const lost = findings?.lost ?? 0;
  return {
    name: 'Promised',
    value: formatCount(eventsAcknowledged),
    unit: 'events',
    note:
      findings === null ? 'read back at the end' : lost === 0 ? 'all read back, 0 lost' : `${formatCount(lost)} lost`,
    about:
      'Events that were acknowledged to visitors, and so must be in the store; at the end of the run they are read back and compared.',
    alarm: lost > 0,
  };
}

function milliseconds(ms: number | null): Pick<LiveGauge, 'value' | 'unit'> {
  return ms === null ? { value: NO_FIGURE, unit: '' } : { value: formatMs(ms), unit: 'ms' };
}

/** `0.40`, `12.3`, `812`. */
function formatMs(ms: number): string {
  return ms < 0.01 ? '0' : formatNumber(ms);
}
