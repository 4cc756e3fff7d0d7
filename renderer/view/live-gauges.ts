/** How well a live run keeps its clock: tiles beside its nodes. Where this machine can't keep up, they say so. */
import type { LiveState } from '#protocol/run-feed-live.ts';
import { formatCount, formatNumber, NO_FIGURE } from '#renderer/view/format.ts';

export interface ClockGauge {
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

export function clockGauges(live: LiveState): readonly ClockGauge[] {
  return [lagGauge(live), latenessGauge(live), promisedGauge(live)];
}

function lagGauge({ clockLagMs }: LiveState): ClockGauge {
  const alarm = clockLagMs !== null && clockLagMs > LAG_MS_MAX;
  return {
    name: 'Clock lag',
    ...milliseconds(clockLagMs),
    note: alarm ? 'too much: slow it down' : 'of the crowd, lately',
    about: `How far the crowd was behind the run's clock at most, lately. Above ${LAG_MS_MAX} ms this machine can't keep up: slow the run down.`,
    alarm,
  };
}

function latenessGauge({ latenessMs, startsDropped }: LiveState): ClockGauge {
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

function promisedGauge({ eventsAcknowledged, findings }: LiveState): ClockGauge {
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

function milliseconds(ms: number | null): Pick<ClockGauge, 'value' | 'unit'> {
  return ms === null ? { value: NO_FIGURE, unit: '' } : { value: formatMs(ms), unit: 'ms' };
}

/** `0.40`, `12.3`, `812`. */
function formatMs(ms: number): string {
  return ms < 0.01 ? '0' : formatNumber(ms);
}
