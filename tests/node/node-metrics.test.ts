/** Metrics as Prometheus reads them. */
import { describe, expect, test } from 'vitest';
import { NodeMetrics } from '#node/node-metrics.ts';

describe('metrics', () => {
  test('are families with help and type, one line a sample', () => {
    const metrics = new NodeMetrics();
    metrics.counter('events_total', 'Events taken in', { outcome: 'stored' }).add(3);
    metrics.counter('events_total', 'Events taken in', { outcome: 'refused' }).add();
    metrics.counter('events_total', 'Events taken in', { outcome: 'stored' }).add();
    metrics.gauge('visits', 'Visits in memory').set(12);
    metrics.gauge('outbox', 'Messages waiting', {}, () => 7);
    expect(metrics.render()).toBe(
      [
        '# HELP events_total Events taken in',
        '# TYPE events_total counter',
        'events_total{outcome="stored"} 4',
        'events_total{outcome="refused"} 1',
        '# HELP visits Visits in memory',
        '# TYPE visits gauge',
        'visits 12',
        '# HELP outbox Messages waiting',
        '# TYPE outbox gauge',
        'outbox 7',
        '',
      ].join('\n'),
    );
  });

  test('histograms count up to each bound, inclusive, with sum and count', () => {
    const metrics = new NodeMetrics();
    const latency = metrics.histogram('intake_seconds', 'Intake', [0.01, 0.1], { node: 'a' });
    for (const seconds of [0.005, 0.01, 0.05, 3]) latency.observe(seconds);
    expect(metrics.render().split('\n').slice(2, -1)).toEqual([
      'intake_seconds_bucket{node="a",le="0.01"} 2',
      'intake_seconds_bucket{node="a",le="0.1"} 3',
      'intake_seconds_bucket{node="a",le="+Inf"} 4',
      'intake_seconds_sum{node="a"} 3.065',
      'intake_seconds_count{node="a"} 4',
    ]);
  });

  test('quote what a label or help may not hold', () => {
    const metrics = new NodeMetrics();
    metrics.counter('x_total', 'a\nb\\c', { why: 'say "no"\n\\' }).add();
    expect(metrics.render()).toBe(
      '# HELP x_total a\\nb\\\\c\n# TYPE x_total counter\nx_total{why="say \\"no\\"\\n\\\\"} 1\n',
    );
  });

  test('refuse a name that is none, bounds that fall, and one name for two kinds', () => {
    const metrics = new NodeMetrics();
    metrics.counter('x_total', 'x');
    expect(() => metrics.counter('no-name', 'x')).toThrow(/can name a metric/);
    expect(() => metrics.counter('y', 'x', { 'a-b': '1' })).toThrow(/can name a label/);
    expect(() => metrics.gauge('x_total', 'x')).toThrow(/is a counter/);
    expect(() => metrics.histogram('h', 'x', [2, 1])).toThrow(/rise/);
  });
});
