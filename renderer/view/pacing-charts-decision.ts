/** Charts of what pacing decided and why: allowed, sent, risk, idle slots, ledger. */
import { formatCount, formatRate, NO_FIGURE } from '#renderer/view/format.ts';
import {
  AMBER,
  beside,
  INK,
  of,
  PLAIN_CHART,
  shown,
  smallNumber,
  TEAL,
  type ChartsContext,
  type PacingChart,
} from '#renderer/view/pacing-chart.ts';
import { perMinute, type PacingRow } from '#renderer/view/pacing-rows.ts';

/** An open house allows a million: what is beyond four times the slots says no more than that. */
const openHouse = (rows: readonly PacingRow[]): number => 4 * Math.max(1, ...rows.map((row) => row.point?.slots ?? 0));

export function allowedChart(): PacingChart {
  const allowed = of((point) => point.allowed);
  const out = of((point) => point.pending);
  return {
    ...PLAIN_CHART,
    name: 'allowed',
    title: 'Allowed',
    unit: 'invites',
    top: openHouse,
    least: 2,
    series: [
      { name: 'out', kind: 'area', color: AMBER, value: out },
      { name: 'allowed', kind: 'step', color: INK, value: allowed },
    ],
    keys: [
      { name: 'allowed now', mark: { color: INK, shape: 'line' }, value: shown(allowed, describeAllowed) },
      { name: 'out', mark: { color: AMBER, shape: 'line' }, value: shown(out, formatCount) },
    ],
  };
}

function describeAllowed(value: number | null): string {
  return value !== null && value >= 1_000_000 ? 'all' : formatCount(value);
}

export function sentChart(context: ChartsContext): PacingChart {
  const sent = (row: PacingRow): number => perMinute(row.count.sent, row.count);
  const refused = (row: PacingRow): number => perMinute(row.count.refused, row.count);
  const other = beside(
    context,
    (row) => (row.beside === null ? null : perMinute(row.beside.count.sent, row.beside.count)),
    formatRate,
  );
  return {
    ...PLAIN_CHART,
    name: 'sent',
    title: 'Sent',
    unit: 'a minute',
    least: 1,
    series: [
      { name: 'sent', kind: 'bars', color: AMBER, value: sent },
      { name: 'refused', kind: 'step', color: INK, value: refused },
      ...other.series,
    ],
    keys: [
      { name: 'invites sent', mark: { color: AMBER, shape: 'bar' }, value: shown(sent, formatRate) },
      { name: 'leads refused', mark: { color: INK, shape: 'line' }, value: shown(refused, formatRate) },
      ...other.keys,
    ],
  };
}

export function riskChart(): PacingChart {
  const risk = of((point) => point.risk);
  const limit = of((point) => point.limit);
  return {
    ...PLAIN_CHART,
    name: 'risk',
    kind: 'risk',
    title: 'Risk',
    unit: 'abandonments',
    series: [
      { name: 'risk', kind: 'line', color: AMBER, value: risk },
      { name: 'limit', kind: 'step', color: INK, dashed: true, value: limit },
    ],
    keys: [
      { name: 'of the next', mark: { color: AMBER, shape: 'line' }, value: shown(risk, smallNumber) },
      { name: 'limit', mark: { color: INK, shape: 'dashed' }, value: shown(limit, smallNumber) },
    ],
  };
}

export function idleChart({ slotIsAgent }: ChartsContext): PacingChart {
  const idle = of((point) => point.idle);
  const needed = of((point) => point.idleLimit);
  return {
    ...PLAIN_CHART,
    name: 'idle',
    title: 'Expected idle',
    unit: slotIsAgent ? 'agents' : 'slots',
    series: [
      { name: 'idle', kind: 'line', color: TEAL, value: idle },
      { name: 'needed', kind: 'step', color: INK, dashed: true, value: needed },
    ],
    keys: [
      { name: 'idle', mark: { color: TEAL, shape: 'line' }, value: shown(idle, formatRate) },
      { name: 'needed', mark: { color: INK, shape: 'dashed' }, value: shown(needed, formatRate) },
    ],
  };
}

export function ledgerChart(isDual: boolean): PacingChart {
  const ledger = of((point) => point.ledger);
  const whole = of((point) => point.reactive?.ledger ?? null);
  return {
    ...PLAIN_CHART,
    name: 'ledger',
    title: 'Ledger',
    unit: 'chats of credit',
    goal: 0,
    series: [
      { name: 'ledger', kind: 'area', color: AMBER, value: ledger },
      ...(isDual ? [{ name: 'all chats', kind: 'line', color: TEAL, value: whole } as const] : []),
    ],
    keys: [
      { name: 'credit', mark: { color: AMBER, shape: 'line' }, value: shown(ledger, formatSigned) },
      ...(isDual
        ? [{ name: 'of all chats', mark: { color: TEAL, shape: 'line' }, value: shown(whole, formatSigned) } as const]
        : []),
    ],
  };
}

function formatSigned(value: number | null): string {
  return value === null ? NO_FIGURE : `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}
