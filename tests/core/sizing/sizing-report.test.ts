/** The guide's worked example, its disk table and its minimum, and everything that a sizing refuses. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateLoad, peakVisits, requestsAsPrinted } from '#core/sizing/load.ts';
import type { GivenSizingInputs } from '#core/sizing/sizing-inputs.ts';
import { sizeDeployment, type SizingReport } from '#core/sizing/sizing-report.ts';

const GUIDE = { visitsPerHour: 3_000, pageViewsPerHour: 32_000, pageEvents: 2, visitEvents: 0.1 };

function size(given: GivenSizingInputs): SizingReport {
  const sized = sizeDeployment(given);
  if (!sized.ok) throw new Error(JSON.stringify(sized.problems));
  return sized.value;
}

function refusals(given: unknown): readonly (readonly [string, string])[] {
  const sized = sizeDeployment(given);
  return sized.ok ? [] : sized.problems.map(({ path, message }) => [path, message]);
}

describe('the load of the guide’s example', () => {
  const report = size(GUIDE);

  it.each([
    ['visits/s', report.visitsPerSecond, 0.833, 0.0005],
    ['visit depth', report.visitDepth, 10.67, 0.005],
    ['events/s', report.eventsPerSecond, 36.5, 0.05],
    ['requests/s', report.requestsPerSecond, 47, 0.05],
    ['peak visits/s', report.peak.visitsPerSecond, 4.48, 0.005],
    ['peak events/s', report.peak.eventsPerSecond, 196, 0.5],
    ['peak requests/s', report.peak.requestsPerSecond, 253, 0.5],
  ])('has %s = %f as worked out by hand (%f)', (_, value, expected, tolerance) => {
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(tolerance);
  });

  it('is exact: 131,300 events and 169,300 requests an hour', () => {
    expect(report.disk.eventsPerHour).toBeCloseTo(131_300, 8);
    expect(report.requestsPerSecond * 3600).toBeCloseTo(169_300, 8);
  });

  it('gives the guide’s own 37, 47, 197 and 254 where the depth is rounded to 10.7 on the way, as the guide does', () => {
    const mix = { visitDepth: 10.7, pageEvents: 2, visitEvents: 0.1 };
    const average = estimateLoad(3_000 / 3600, mix);
    const peak = estimateLoad(peakVisits(3_000 / 3600), mix);
    expect(Math.round(average.eventsPerSecond)).toBe(37);
    expect(Math.round(average.requestsPerSecond)).toBe(47);
    expect(Math.round(peak.eventsPerSecond)).toBe(197);
    expect(Math.round(peak.requestsPerSecond)).toBe(254);
  });

  it('shows what the formula as printed would give, and that it is not the guide’s result', () => {
    expect(report.asPrinted.requestsPerSecond).toBeCloseTo(0.8333333 + 2 * 8.8888889 + 36.4722222, 5);
    expect(Math.round(requestsAsPrinted(report.peak))).toBe(296);
    expect(report.notes.join(' ')).toContain('factors swapped');
  });

  it('needs at least two Web Engagement Servers and three Cassandra nodes, or two Frontends and three Backends', () => {
    expect(report.nodes).toEqual({ frontends: 2, backends: 3, webEngagementServers: 2, cassandra: 3 });
  });

  it('says how often the four-sigma peak is exceeded: 6 seconds an hour, not the normal curve’s 0.1', () => {
    const mean = 3_000 / 3600;
    const atMostFour = [1, 1, 2, 6, 24].reduce((sum, factorial, n) => sum + mean ** n / factorial, 0);
    expect(report.peakCheck.visitsCovered).toBe(4);
    expect(report.peakCheck.exceededShare).toBeCloseTo(1 - Math.exp(-mean) * atMostFour, 14);
    expect(report.peakCheck.exceededSecondsPerHour).toBeCloseTo(6.064, 3);
    expect(report.peakCheck.exceededSecondsPerDay).toBeCloseTo(145.5, 1);
    expect(report.peakCheck.visitsExceededOnceAnHour).toBe(5);
    expect(report.peakCheck.visitsExceededOnceADay).toBe(7);
  });
});

describe('averages and maxima', () => {
  it('takes the peak and the nodes from the maximum, averages and disk from the average', () => {
    const report = size({ ...GUIDE, maxVisitsPerHour: 12_000, requestsPerNode: 100 });
    expect(report.visitsPerSecond).toBeCloseTo(0.8333, 4);
    expect(report.busyHour.visitsPerSecond).toBeCloseTo(3.3333, 4);
    expect(report.busyHour.visitDepth).toBeCloseTo(report.visitDepth, 12);
    expect(report.peak.visitsPerSecond).toBeCloseTo(10 / 3 + 4 * Math.sqrt(10 / 3), 12);
    expect(report.disk.eventsPerHour).toBeCloseTo(131_300, 6);
    expect(report.nodesForBusyHour.frontends).toBe(Math.ceil(188.11 / 100) + 1);
    expect(report.nodes.frontends).toBe(Math.ceil(report.peak.requestsPerSecond / 100) + 1);
    const assumption = report.assumptions.find(({ name }) => name === 'busyHour');
    expect(assumption).toMatchObject({ given: true, value: 12_000 });
  });

  it('says that the guide’s example takes its maxima as averages, and does the same without a maximum', () => {
    const plain = size(GUIDE);
    const assumption = plain.assumptions.find(({ name }) => name === 'busyHour');
    expect(assumption?.text).toContain('maxima (3,000 visits, 32,000 page views an hour) count as averages');
    expect(plain.peak).toEqual(size({ ...GUIDE, maxVisitsPerHour: 3_000 }).peak);
  });

  it('lets the busiest hour have a depth of its own', () => {
    const report = size({ ...GUIDE, maxVisitsPerHour: 6_000, maxPageViewsPerHour: 90_000 });
    expect(report.busyHour.visitDepth).toBe(15);
    expect(report.visitDepth).toBeCloseTo(10.667, 3);
  });

  it('takes rates per day as the same rates per hour over 24 hours, and says so', () => {
    const daily = size({ visitsPerDay: 72_000, pageViewsPerDay: 768_000 });
    const hourly = size(GUIDE);
    expect(daily.peak).toEqual(hourly.peak);
    expect(daily.disk).toEqual(hourly.disk);
    expect(daily.assumptions.map(({ name }) => name)).toContain('evenDay');
    expect(hourly.assumptions.map(({ name }) => name)).not.toContain('evenDay');
  });
});

describe('the guide’s disk table', () => {
  /** Page views/h, events/h, GB per hour, day, week, month, year; `digits` as printed in each column. */
  const ROWS = [
    { pageViews: 5_000, events: 20_500, gb: [0.15, 3.7, 25.9, 112.6, 1_351.1], digits: [2, 1, 1, 1, 1] },
    { pageViews: 10_000, events: 41_000, gb: [0.31, 7.4, 51.82, 225.2, 2_702.3], digits: [2, 1, 2, 1, 1] },
    { pageViews: 500_000, events: 2_050_000, gb: [15.5, 371, 2_595, 11_276, 135_309], digits: [1, 0, 0, 0, 0] },
    { pageViews: 1_000_000, events: 4_100_000, gb: [30.9, 742, 5_190, 22_550, 270_620], digits: [1, 0, 0, 0, 0] },
  ];

  it.each(ROWS)(
    'holds for $pageViews page views an hour within 1 % or to the digits it prints',
    ({ pageViews, events, gb, digits }) => {
      const { disk } = size({
        visitsPerHour: pageViews / 10,
        pageViewsPerHour: pageViews,
        pageEvents: 2,
        visitEvents: 0,
      });
      expect(disk.eventsPerHour).toBeCloseTo(events, 4);
      const ours = [disk.gbPerHour, disk.gbPerDay, disk.gbPerWeek, disk.gbPerMonth, disk.gbPerYear];
      gb.forEach((printed, column) => {
        const value = ours[column] ?? 0;
        const asPrinted = Number(value.toFixed(digits[column])) === printed;
        expect(asPrinted || Math.abs(value / printed - 1) <= 0.01, `column ${column}: ${value} for ${printed}`).toBe(
          true,
        );
      });
    },
  );

  it('would not hold for the events printed in the last two rows (2,060 and 4,000 thousand): these are the slips', () => {
    const bytes = (gbPerYear: number, events: number): number => (gbPerYear * 1e9) / 8_760 / events;
    expect(bytes(135_309, 2_050_000) / bytes(270_620, 4_100_000)).toBeCloseTo(1, 4);
    expect(Math.abs(bytes(135_309, 2_060_000) / bytes(270_620, 4_000_000) - 1)).toBeGreaterThan(0.02);
  });

  it('grows with replicas and events, is shared by the nodes, and keeps what is not yet expired', () => {
    const base = size(GUIDE).disk;
    expect(size({ ...GUIDE, replicationFactor: 1 }).disk.gbPerYear).toBeCloseTo(base.gbPerYear / 3, 9);
    expect(size({ ...GUIDE, nodes: 8 }).disk.gbPerNode).toBeCloseTo(base.gbPerNode / 2, 9);
    expect(base.gbPerNode).toBeCloseTo(base.gbPerYear / 4, 9);
    expect(size({ ...GUIDE, retentionDays: 1 }).disk.gbRetained).toBeCloseTo(base.gbPerDay, 9);
    expect(base.commitLogGb).toBe(16);
    expect(base.commitLogGbPerNode).toBe(4);
  });
});

describe('nodes', () => {
  it('counts Cassandra nodes as planned, at least three and at least the replication factor', () => {
    expect(size({ ...GUIDE, nodes: 6 }).nodes.cassandra).toBe(6);
    expect(size({ ...GUIDE, nodes: 2, replicationFactor: 2 }).nodes.cassandra).toBe(3);
    expect(size({ ...GUIDE, replicationFactor: 4 }).nodes.cassandra).toBe(4);
  });

  it('adds one spare to what the load needs', () => {
    const report = size({ ...GUIDE, requestsPerNode: 50 });
    expect(report.nodes.webEngagementServers).toBe(7);
    expect(report.nodes.backends).toBe(5);
    expect(report.nodesForBusyHour.webEngagementServers).toBe(2);
  });

  it('names the request rate a node as an assumption of ours until it is given', () => {
    const ours = size(GUIDE).assumptions.find(({ name }) => name === 'requestsPerNode');
    const given = size({ ...GUIDE, requestsPerNode: 120 }).assumptions.find(({ name }) => name === 'requestsPerNode');
    expect(ours).toMatchObject({ value: 500, given: false, input: 'requestsPerNode' });
    expect(given).toMatchObject({ value: 120, given: true });
  });
});

describe('a sizing report', () => {
  it('has exactly one figure, with formula, values and source, for every number in it', () => {
    for (const given of [GUIDE, { ...GUIDE, maxVisitsPerHour: 9_000, nodes: 7 }]) {
      const { inputs, assumptions, notes, figures, ...numbers } = size(given);
      expect(Object.keys(inputs).length * assumptions.length * notes.length).toBeGreaterThan(0);
      const leaves = new Map(leavesOf(numbers));
      expect(new Map(figures.map(({ path, value }) => [path, value]))).toEqual(leaves);
      expect(figures).toHaveLength(leaves.size);
      const untold = figures.filter(({ formula, worked, unit, label }) => [formula, worked, unit, label].includes(''));
      expect(untold).toEqual([]);
      const unsourced = figures.filter(({ source }) => !/^(Guide: |Ours|Derived from Guide: )/.test(source));
      expect(unsourced).toEqual([]);
    }
  });

  it('survives JSON unchanged', () => {
    const report = size(GUIDE);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('is finite and consistent whatever the rates', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
        fc.double({ min: 1, max: 1_000, noNaN: true }),
        fc.double({ min: 0, max: 50, noNaN: true }),
        (visitsPerHour, depth, pageEvents) => {
          const report = size({ visitsPerHour, pageViewsPerHour: visitsPerHour * depth, pageEvents });
          expect(report.figures.filter(({ value }) => !Number.isFinite(value))).toEqual([]);
          expect(report.peak.requestsPerSecond).toBeGreaterThan(report.requestsPerSecond);
          expect(report.peakCheck.exceededShare).toBeLessThan(0.06);
          expect(report.peakCheck.visitsExceededOnceADay).toBeGreaterThanOrEqual(
            report.peakCheck.visitsExceededOnceAnHour,
          );
          expect(report.nodes.frontends).toBeGreaterThanOrEqual(report.nodesForBusyHour.frontends);
        },
      ),
      { numRuns: 200 },
    );
  });
});

function leavesOf(value: object, prefix = ''): readonly (readonly [string, number])[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    if (typeof inner === 'number') return [[prefix + name, inner] as const];
    return typeof inner === 'object' && inner !== null ? leavesOf(inner, `${prefix}${name}.`) : [];
  });
}

describe('wrong inputs', () => {
  it('are refused all at once, each by its name with what was expected', () => {
    const typo = { visitPerHour: 3 };
    const found = refusals({
      ...typo,
      visitsPerHour: -1,
      pageViewsPerHour: Number.NaN,
      pageEvents: 'many',
      categorizedShare: 1.5,
      nodes: 2.5,
      retentionDays: 0,
      requestsPerNode: Number.POSITIVE_INFINITY,
    });
    expect(found.map(([name]) => name)).toEqual([
      'visitPerHour',
      'visitsPerHour',
      'pageViewsPerHour',
      'pageEvents',
      'categorizedShare',
      'nodes',
      'requestsPerNode',
      'retentionDays',
    ]);
    expect(found[1]?.[1]).toBe('expected a number > 0 and <= 1e12, got -1');
    expect(found[3]?.[1]).toBe('expected a number >= 0 and <= 1e6, got "many"');
  });

  it.each([undefined, null, 'visits', 3, [3_000, 32_000]])('are refused where they are not named: %j', (given) => {
    expect(refusals(given).map(([, message]) => message)).toEqual([
      expect.stringContaining('expected the inputs by name'),
    ]);
  });

  it.each<[string, GivenSizingInputs, string]>([
    ['no visits', { visitsPerHour: 0, pageViewsPerHour: 10 }, 'visitsPerHour'],
    ['a missing rate', { visitsPerHour: 10 }, 'pageViewsPerHour'],
    ['fewer page views than visits', { visitsPerHour: 10, pageViewsPerHour: 9 }, 'pageViewsPerHour'],
    ['fewer page views a day than visits', { visitsPerHour: 10, pageViewsPerDay: 239 }, 'pageViewsPerDay'],
    ['a rate per hour and per day', { ...GUIDE, visitsPerDay: 9 }, 'visitsPerDay'],
    ['more replicas than nodes', { ...GUIDE, nodes: 3, replicationFactor: 4 }, 'replicationFactor'],
    ['a maximum below the average', { ...GUIDE, maxVisitsPerHour: 2_999 }, 'maxVisitsPerHour'],
    ['a maximum of page views alone', { ...GUIDE, maxPageViewsPerHour: 64_000 }, 'maxPageViewsPerHour'],
    [
      'a maximum of page views below its visits',
      { ...GUIDE, maxVisitsPerHour: 50_000, maxPageViewsPerHour: 40_000 },
      'maxPageViewsPerHour',
    ],
    [
      'a maximum of page views below the average',
      { ...GUIDE, maxVisitsPerHour: 3_000, maxPageViewsPerHour: 31_000 },
      'maxPageViewsPerHour',
    ],
  ])('are refused: %s', (_, given, name) => {
    expect(refusals(given).map(([path]) => path)).toEqual([name]);
  });
});
