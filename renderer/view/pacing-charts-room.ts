/** Charts of the room that pacing decides in: free slots, waiting chats, and who comes uninvited. */
import type { PacingPoint } from '#protocol/run-feed.ts';
import { formatCount, formatRate, formatShare, NO_FIGURE, withUnit } from '#renderer/view/format.ts';
import {
  AMBER,
  beside,
  besideOf,
  INK,
  of,
  PLAIN_CHART,
  shown,
  smallNumber,
  TEAL,
  type ChartsContext,
  type PacingChart,
} from '#renderer/view/pacing-chart.ts';
import type { PacingRow } from '#renderer/view/pacing-rows.ts';

export function slotsChart(context: ChartsContext): PacingChart {
  const free = (point: PacingPoint): number => Math.max(0, point.slots - point.busy);
  const soon = of((point) => free(point) + point.releasesSoon);
  const other = beside(context, besideOf(free), formatCount);
  return {
    ...PLAIN_CHART,
    name: 'slots',
    title: context.slotIsAgent ? 'Agents' : 'Slots',
    unit: 'free, and soon free',
    least: 1,
    series: [
      { name: 'free', kind: 'area', color: TEAL, value: of(free) },
      { name: 'soon', kind: 'line', color: TEAL, dashed: true, value: soon },
      { name: 'logged in', kind: 'step', color: INK, value: of((point) => point.slots) },
      ...other.series,
    ],
    keys: [
      { name: 'free', mark: { color: TEAL, shape: 'line' }, value: shown(of(free), formatCount) },
      { name: 'free soon', mark: { color: TEAL, shape: 'dashed' }, value: shown(soon, oneDecimal) },
      {
        name: 'logged in',
        mark: { color: INK, shape: 'line' },
        value: shown(
          of((point) => point.slots),
          formatCount,
        ),
      },
      ...other.keys,
    ],
  };
}

export function waitingChart(context: ChartsContext): PacingChart {
  const waiting = (row: PacingRow): number => row.count.waiting;
  const other = beside(context, (row) => row.beside?.count.waiting ?? null, formatCount);
  return {
    ...PLAIN_CHART,
    name: 'waiting',
    title: 'Waiting',
    unit: 'chats, all groups',
    least: 2,
    series: [{ name: 'waiting', kind: 'bars', color: TEAL, value: waiting }, ...other.series],
    keys: [{ name: 'waiting', mark: { color: TEAL, shape: 'bar' }, value: shown(waiting, formatCount) }, ...other.keys],
  };
}

export function reactiveChart(): PacingChart {
  const letIn = of((point) => point.reactive?.reactiveState ?? null);
  const reserved = of((point) => reservedShare(point));
  return {
    name: 'reactive',
    title: 'Reactive',
    unit: 'ask by themselves',
    kind: 'share',
    goal: null,
    top: () => 1,
    least: 1,
    series: [
      { name: 'reserved', kind: 'area', color: AMBER, value: reserved },
      { name: 'let in', kind: 'step', color: 'var(--visitors)', value: letIn },
    ],
    keys: [
      { name: 'let in', mark: { color: 'var(--visitors)', shape: 'line' }, value: shown(letIn, formatShare) },
      {
        name: 'kept for invited',
        mark: { color: AMBER, shape: 'line' },
        value: ({ point }) =>
          point?.reactive ? `${point.reactive.reserved} of ${formatCount(point.slots)}` : NO_FIGURE,
      },
      {
        name: 'ask',
        mark: null,
        value: ({ point }) =>
          point?.reactive ? withUnit(formatRate(point.reactive.askedPerSecond * 60), '/min') : NO_FIGURE,
      },
    ],
  };
}

function reservedShare({ reactive, slots }: PacingPoint): number | null {
  return reactive === null || slots === 0 ? null : reactive.reserved / slots;
}

export function priceChart(): PacingChart {
  const price = of((point) => point.reactive?.wholeRisk ?? null);
  const limit = of((point) => point.reactive?.wholeLimit ?? null);
  return {
    ...PLAIN_CHART,
    name: 'price',
    kind: 'risk',
    title: 'Shadow price',
    unit: 'of a slot',
    series: [
      { name: 'price', kind: 'line', color: AMBER, value: price },
      { name: 'limit', kind: 'step', color: INK, dashed: true, value: limit },
    ],
    keys: [
      { name: 'price', mark: { color: AMBER, shape: 'line' }, value: shown(price, smallNumber) },
      { name: 'limit', mark: { color: INK, shape: 'dashed' }, value: shown(limit, smallNumber) },
    ],
  };
}

function oneDecimal(value: number | null): string {
  return value === null ? NO_FIGURE : value.toFixed(1);
}
