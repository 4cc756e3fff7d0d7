/** Traffic against what the scenario's inputs imply: charts with the band of chance, and totals with how unusual they are. */
import { eventsDeviation } from '#protocol/traffic-band.ts';
import type { RateStep } from '#protocol/scenario.ts';
import type { RunResult } from '#testbed/run-result.ts';
import { describeEstimate } from '#testbed/reporters/outcome-text.ts';
import { describeCount, describeNumber } from './figure-text.ts';
import { html, type Markup } from './markup.ts';
import type { ReportContext } from './report-context.ts';
import { sumOf, traceOf, type Bin } from './series-bins.ts';
import { renderTimeChart, type Pane } from './time-chart.ts';
import { describeMoment } from './time-frame.ts';
import { countExpectedVisits, createVisitsUnderWay } from './traffic-expectation.ts';

export function renderTraffic(context: ReportContext): Markup {
  const visits = createVisitsPane(context);
  const events = createEventsPane(context);
  const panes = [visits, events];
  const tips = context.bins.map((bin) => ({
    fromMs: bin.fromMs,
    toMs: bin.toMs,
    text: `${describeMoment(context.frame, bin.fromMs)}: ${describeNumber(sumOf(bin, ({ visits: count }) => count))} visits began, ${describeNumber(sumOf(bin, ({ events: count }) => count) / seconds(bin))} events/s`,
  }));
  return html`<section>
    <h2>Traffic against expectation</h2>
    <p class="lead">
      Visits arrive by chance (a Poisson process), so counts stray: 19 of 20 lie within the bands when the generator
      does what the inputs say.
    </p>
    <figure>
      ${renderTimeChart({ frame: context.frame, about: 'Visits and events over time, each with the band of two standard deviations around its expectation.', panes, tips })}
    </figure>
    ${renderTotals(context)}
  </section>`;
}

function seconds(bin: Bin): number {
  return (bin.toMs - bin.fromMs) / 1000;
}

function createVisitsPane({ bins, run }: ReportContext): Pane {
  const { visits } = run.scenario.traffic;
  const perMinute = (bin: Bin) => 60 / seconds(bin);
  return {
    title: 'Visits that begin, per minute',
    height: 110,
    layers: [
      {
        kind: 'band',
        name: 'expected ± 2 standard deviations',
        color: 'traffic',
        points: bins.map((bin) => {
          const mean = countExpectedVisits(visits, bin.fromMs, bin.toMs);
          return spread(bin.toMs, mean * perMinute(bin), 2 * Math.sqrt(mean) * perMinute(bin));
        }),
      },
      {
        kind: 'line',
        name: 'visits',
        color: 'traffic',
        points: traceOf(bins, (bin) => sumOf(bin, (point) => point.visits) * perMinute(bin)),
      },
    ],
  };
}

function createEventsPane({ bins, run, expectation }: ReportContext): Pane {
  const perVisit = expectation.eventsPerSecond / expectation.visitsPerSecond;
  const underWay = createVisitsUnderWay(run.scenario.traffic.visits, expectation.visitSeconds);
  return {
    title: 'Events per second',
    height: 110,
    layers: [
      {
        kind: 'band',
        name: 'expected ± 2 standard deviations',
        color: 'traffic',
        points: bins.map((bin) => {
          const visitsPerSecond = underWay((bin.fromMs + bin.toMs) / 2) / 3600;
          const local = { ...expectation, visitsPerSecond, eventsPerSecond: visitsPerSecond * perVisit };
          return spread(bin.toMs, local.eventsPerSecond, (2 * eventsDeviation(local, seconds(bin))) / seconds(bin));
        }),
      },
      {
        kind: 'line',
        name: 'events',
        color: 'traffic',
        points: traceOf(bins, (bin) => sumOf(bin, (point) => point.events) / seconds(bin)),
      },
    ],
  };
}

function spread(atMs: number, mean: number, half: number) {
  return { atMs, low: Math.max(0, mean - half), high: mean + half };
}

interface Total {
  readonly name: string;
  readonly pick: (result: RunResult) => number;
  readonly expected: number;
  /** Standard deviation of one run's total. */
  readonly deviation: number | null;
}

function renderTotals(context: ReportContext): Markup {
  const rows = listTotals(context).map((total) => renderTotal(total, context));
  const note =
    context.run.scenario.traffic.visits.length > 1
      ? ' Expectations follow the profile of rates; page views and events trail the visits that make them.'
      : '';
  return html`<table>
    <caption>
      Totals of the window. A deviation of more than three standard errors would be a surprise.${note}
    </caption>
    <thead>
      <tr>
        <th>Total of</th>
        <th class="number">Observed</th>
        <th class="number">Expected</th>
        <th class="number">Difference</th>
        <th class="number">Standard errors</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

function renderTotal({ name, pick, expected, deviation }: Total, { estimate, input }: ReportContext): Markup {
  const observed = estimate(pick);
  const difference = observed === null || expected === 0 ? null : (observed.mean - expected) / expected;
  const error = deviation === null || deviation === 0 ? null : deviation / Math.sqrt(input.results.length);
  const z = observed === null || error === null ? null : (observed.mean - expected) / error;
  const sign = (value: number, digits: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
  return html`<tr>
    <td>${name}</td>
    <td class="number">${describeEstimate(observed, 'count')}</td>
    <td class="number">${describeCount(expected)}</td>
    <td class="number">${difference === null ? '' : `${sign(difference * 100, 1)} %`}</td>
    <td class="number">${z === null ? '' : sign(z, 1)}</td>
  </tr>`;
}

function listTotals({ run, expectation }: ReportContext): readonly Total[] {
  const { visits: steps, visitDepth } = run.scenario.traffic;
  const toMs = run.simulatedSeconds * 1000;
  const fromMs = toMs - run.windowSeconds * 1000;
  const begun = countExpectedVisits(steps, fromMs, toMs);
  const active = averageUnderWay(steps, expectation.visitSeconds, fromMs, toMs);
  const perVisit = expectation.eventsPerSecond / expectation.visitsPerSecond;
  const local = { ...expectation, visitsPerSecond: active / run.windowSeconds };
  const deviate = (each: number) =>
    eventsDeviation({ ...local, eventsPerSecond: local.visitsPerSecond * each }, run.windowSeconds);
  return [
    { name: 'Visits', pick: ({ figures }) => figures.visits, expected: begun, deviation: Math.sqrt(begun) },
    {
      name: 'Page views',
      pick: ({ figures }) => figures.pageViews,
      expected: active * visitDepth,
      deviation: deviate(visitDepth),
    },
    {
      name: 'Events',
      pick: ({ figures }) => figures.events,
      expected: active * perVisit,
      deviation: deviate(perVisit),
    },
    {
      name: 'Requests, as the guide counts them',
      pick: ({ figures }) => figures.requests,
      expected: 2 * begun + active * (visitDepth + perVisit),
      deviation: null,
    },
  ];
}

/** Visits whose pages and events fall into a stretch, on average: those that began, trailed by the length of a visit. */
function averageUnderWay(steps: readonly RateStep[], visitSeconds: number, fromMs: number, toMs: number): number {
  const underWay = createVisitsUnderWay(steps, visitSeconds);
  const pieces = 2_000;
  const pieceMs = (toMs - fromMs) / pieces;
  let visits = 0;
  for (let index = 0; index < pieces; index += 1)
    visits += underWay(fromMs + (index + 0.5) * pieceMs) * (pieceMs / 3_600_000);
  return visits;
}
