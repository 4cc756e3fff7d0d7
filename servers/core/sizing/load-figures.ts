/** The formulas behind the rates of a sizing report: average, busiest hour, peak. */
import { formatShort as format } from './figure-text.ts';
import type { Figure } from './figure.ts';
import type { Load } from './load.ts';
import type { SizingInputs } from './sizing-inputs.ts';
import type { SizingNumbers } from './sizing-numbers.ts';

/** How the visits of a load come about, and the heading for all of its figures (null: each has its own). */
interface Origin {
  readonly prefix: string;
  readonly which: string;
  readonly formula: string;
  readonly worked: string;
  readonly source: string | null;
}

export function listLoadFigures(inputs: SizingInputs, numbers: SizingNumbers): readonly Figure[] {
  const { busyHour, peak } = numbers;
  const busyVisits = inputs.maxVisitsPerHour ?? inputs.visitsPerHour;
  const mean = format(busyHour.visitsPerSecond);
  const average: Origin = {
    prefix: '',
    which: 'average',
    formula: 'visits per hour / 3600',
    worked: `${format(inputs.visitsPerHour)} / 3,600`,
    source: null,
  };
  const busiest: Origin = {
    prefix: 'busyHour.',
    which: 'busiest hour',
    formula: inputs.maxVisitsPerHour === null ? average.formula : 'maximum visits per hour / 3600',
    worked: `${format(busyVisits)} / 3,600`,
    source: null,
  };
  const peakOrigin: Origin = {
    prefix: 'peak.',
    which: 'peak',
    formula: 'mean + 4 x sqrt(mean)',
    worked: `${mean} + 4 x sqrt(${mean})`,
    source: 'Guide: Peak Load Estimation',
  };
  return [
    ...rateFigures(average, numbers, inputs),
    depthFigure('visitDepth', numbers.visitDepth, inputs.pageViewsPerHour, inputs.visitsPerHour),
    categorizedFigure(inputs, numbers),
    ...rateFigures(busiest, busyHour, inputs),
    depthFigure('busyHour.visitDepth', busyHour.visitDepth, busyHour.visitDepth * busyVisits, busyVisits),
    ...rateFigures(peakOrigin, peak, inputs),
    printedFigure('requestsPerSecond', 'average', numbers.asPrinted.requestsPerSecond, numbers),
    printedFigure('peakRequestsPerSecond', 'peak', numbers.asPrinted.peakRequestsPerSecond, peak),
  ];
}

function rateFigures(origin: Origin, load: Load, inputs: SizingInputs): readonly Figure[] {
  const { prefix, which } = origin;
  const visits = format(load.visitsPerSecond);
  const pageViews = format(load.pageViewsPerSecond);
  const depth = format(load.pageViewsPerSecond / load.visitsPerSecond);
  return [
    {
      path: `${prefix}visitsPerSecond`,
      label: `Visits, ${which}`,
      value: load.visitsPerSecond,
      unit: 'visits/s',
      formula: origin.formula,
      worked: origin.worked,
      source: origin.source ?? 'Guide: Visits Rate Estimation',
    },
    {
      path: `${prefix}pageViewsPerSecond`,
      label: `Page views, ${which}`,
      value: load.pageViewsPerSecond,
      unit: 'page views/s',
      formula: 'visits per second x visit depth',
      worked: `${visits} x ${depth}`,
      source: origin.source ?? 'Guide: Events Rate Estimation',
    },
    {
      path: `${prefix}eventsPerSecond`,
      label: `Events, ${which}`,
      value: load.eventsPerSecond,
      unit: 'events/s',
      formula: 'visits/s x (visit events + 1) + page views/s x (page events + 2)',
      worked: `${visits} x (${format(inputs.visitEvents)} + 1) + ${pageViews} x (${format(inputs.pageEvents)} + 2)`,
      source: origin.source ?? 'Guide: Events Rate Estimation',
    },
    {
      path: `${prefix}requestsPerSecond`,
      label: `Requests, ${which}`,
      value: load.requestsPerSecond,
      unit: 'requests/s',
      formula: '2 x visits/s + 1 x page views/s + events/s',
      worked: `2 x ${visits} + 1 x ${pageViews} + ${format(load.eventsPerSecond)}`,
      source: origin.source ?? 'Guide: Requests Per Second',
    },
  ];
}

function depthFigure(path: string, value: number, pageViews: number, visits: number): Figure {
  return {
    path,
    label: path === 'visitDepth' ? 'Visit depth, average' : 'Visit depth, busiest hour',
    value,
    unit: 'page views/visit',
    formula: 'page views per hour / visits per hour',
    worked: `${format(pageViews)} / ${format(visits)}`,
    source: 'Guide: Visits Rate Estimation',
  };
}

function categorizedFigure(inputs: SizingInputs, numbers: SizingNumbers): Figure {
  return {
    path: 'categorizedPageViewsPerSecond',
    label: 'Page views with a category, average',
    value: numbers.categorizedPageViewsPerSecond,
    unit: 'page views/s',
    formula: 'page views per second x categorized share',
    worked: `${format(numbers.pageViewsPerSecond)} x ${format(inputs.categorizedShare)}`,
    source: 'Guide: Disk Space Usage',
  };
}

function printedFigure(name: keyof SizingNumbers['asPrinted'], which: string, value: number, load: Load): Figure {
  return {
    path: `asPrinted.${name}`,
    label: `Requests by the formula as printed, ${which}`,
    value,
    unit: 'requests/s',
    formula: '1 x visits/s + 2 x page views/s + events/s',
    worked: `1 x ${format(load.visitsPerSecond)} + 2 x ${format(load.pageViewsPerSecond)} + ${format(load.eventsPerSecond)}`,
    source: 'Guide: Requests Per Second (as printed, factors swapped)',
  };
}
