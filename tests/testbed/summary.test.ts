/** summary.json: what is in it, in which order, and that equal runs give equal bytes. */
import { expect, test } from 'vitest';
import { createSeedsSummary, createSummary, writeSummary } from '#testbed/summary.ts';
import { createFixtureResult, createFixtureScenario } from './fixture-run-result.ts';

const THRESHOLDS = ['abandonmentShare <= 3%', 'all: busyShare >= 60%', 'waitSeconds.p95 < 30', 'refused < 60'];

test('the keys are those of the product description, in its order', () => {
  const summary = createSummary(createFixtureResult({ thresholds: THRESHOLDS }));
  expect(Object.keys(summary)).toEqual([
    'scenario',
    'mode',
    'seed',
    'simulatedSeconds',
    'windowSeconds',
    'verdict',
    'thresholds',
    'figures',
    'deviations',
  ]);
  expect(Object.keys(summary.figures)).toEqual([
    'visits',
    'pageViews',
    'events',
    'requests',
    'hotLeads',
    'invites',
    'hitShare',
    'chats',
    'abandonmentShare',
    'busyShare',
    'waitSeconds',
    'occupancy',
    'queues',
    'dropped',
    'rules',
  ]);
  expect(summary.thresholds[3]).toEqual({ expression: 'refused < 60', observed: 66, pass: false });
  expect(summary.verdict).toBe('fail');
});

test('equal runs give equal bytes, whatever the order in which names were met', () => {
  const run = createFixtureResult();
  const turned = createFixtureResult({
    figures: {
      rules: Object.fromEntries(Object.entries(run.figures.rules).toReversed()),
      queues: Object.fromEntries(Object.entries(run.figures.queues).toReversed()),
    },
  });
  expect(Object.keys(turned.figures.rules)).not.toEqual(Object.keys(run.figures.rules));
  expect(writeSummary(createSummary(turned))).toBe(writeSummary(createSummary(run)));
  expect(writeSummary(createSummary(createFixtureResult({ seed: 2 })))).not.toBe(writeSummary(createSummary(run)));
});

test('how lines were shown is told where the scenario is about it: an option of theirs, a fault, a threshold', () => {
  const plain = createFixtureScenario();
  const fault = { atMs: 1_000, kind: 'stop', node: 'contact-center', forMs: 9_000 } as const;
  const about = [
    { options: { 'service:wes': { 'wes.connector.chatServer.requestPoolSize': 4 } } },
    { faults: [fault] },
    { thresholds: createFixtureScenario(['lineSeconds.p95 < 2']).thresholds },
  ];
  for (const scenario of about) {
    const { figures } = createSummary(createFixtureResult({ scenario: { ...plain, ...scenario } }));
    expect(Object.keys(figures).slice(11, 13)).toEqual(['lines', 'lineSeconds']);
    expect(figures.lines).toEqual({ shown: 180, refreshTimeouts: 0 });
    expect(figures.lineSeconds).toEqual({ p50: 1.1, p95: 1.9, max: 2 });
  }
  const another = { options: { 'service:wes': { 'wes.connector.chatServer.queueKey': '2:webme' } } };
  expect(createSummary(createFixtureResult({ scenario: { ...plain, ...another } })).figures).not.toHaveProperty(
    'lines',
  );
});

test('shares are rounded to six decimals, seconds to three', () => {
  const { figures } = createSummary(createFixtureResult({ figures: { busyShare: 2 / 3 } }));
  expect(figures.busyShare).toBe(0.666667);
  expect(figures.waitSeconds?.mean).toBe(1.235);
});

test('a threshold on a figure without data fails, and observed is null', () => {
  const nothing = { waitSeconds: null, abandonmentShare: null };
  const summary = createSummary(createFixtureResult({ thresholds: THRESHOLDS.slice(0, 1), figures: nothing }));
  expect(summary.thresholds).toEqual([{ expression: 'abandonmentShare <= 3%', observed: null, pass: false }]);
  expect(summary.verdict).toBe('fail');
});

test('over seeds each figure is a mean with its interval, and thresholds count the seeds in which they hold', () => {
  const figures = (busyShare: number) => ({ busyShare });
  const results = [0.7, 0.8, 0.75].map((busy, index) =>
    createFixtureResult({ seed: index + 3, thresholds: THRESHOLDS.slice(1, 3), figures: figures(busy) }),
  );
  const summary = createSeedsSummary(results);
  expect(Object.keys(summary)[2]).toBe('seeds');
  expect(summary.seeds).toEqual([3, 4, 5]);
  const half = 4.3026527297 * Math.sqrt(0.0025 / 3);
  const busy = {
    mean: 0.75,
    low: expect.closeTo(0.75 - half, 6),
    high: expect.closeTo(0.75 + half, 6),
    min: 0.7,
    max: 0.8,
  };
  expect(summary.figures['busyShare']).toEqual(busy);
  expect(summary.figures['invites']).toHaveProperty('sent', { mean: 246, low: 246, high: 246, min: 246, max: 246 });
  expect(summary.thresholds[0]).toEqual({ expression: 'all: busyShare >= 60%', observed: busy, pass: true, held: 3 });
  expect(summary.verdict).toBe('pass');
});

test('a figure that some seeds lack is estimated over the others, one that all lack is null', () => {
  const results = [{ waitSeconds: null, hitShare: null }, { hitShare: null }, { hitShare: null }].map(
    (figures, index) => createFixtureResult({ seed: index + 1, figures }),
  );
  const summary = createSeedsSummary(results);
  expect(summary.figures['hitShare']).toBeNull();
  expect(summary.figures['waitSeconds']).toHaveProperty('p90', {
    mean: 3.1,
    low: 3.1,
    high: 3.1,
    min: 3.1,
    max: 3.1,
    noData: 1,
  });
});
