/** What a run says on a terminal, to a CI server as JUnit, and while it is under way. */
import { createColors } from 'picocolors';
import { describe, expect, test } from 'vitest';
import { renderConsoleReport } from '#testbed/reporters/console-report.ts';
import { escapeXml, renderJunit } from '#testbed/reporters/junit-report.ts';
import { createRunProgress, describeProgress } from '#testbed/reporters/run-progress.ts';
import type { RunResult } from '#testbed/run-result.ts';
import { createSeedsSummary, createSummary } from '#testbed/summary.ts';
import { createFixtureResult } from './fixture-run-result.ts';
import { findAll, parseXml, textOf } from './parse-xml.ts';

const TIMING = { startUpMs: 300, runMs: 1_234, speed: 3_403 };
const THRESHOLDS = ['busyShare >= 60%', 'occupancy."Web Engagement Chat" >= 99%', 'rules."Left the <basket>" > 1'];

function renderConsole(
  results: readonly RunResult[],
  change: { readonly isQuiet?: boolean; readonly color?: boolean } = {},
): string {
  const [first] = results;
  if (first === undefined) throw new Error('no result');
  return renderConsoleReport({
    summary: results.length > 1 ? createSeedsSummary(results) : createSummary(first),
    results,
    timing: TIMING,
    files: ['runs/fixture/summary.json'],
    isQuiet: change.isQuiet ?? false,
    colors: createColors(change.color ?? false),
  });
}

const result = createFixtureResult({
  thresholds: THRESHOLDS,
  figures: { busyShare: 0.7612, abandonmentShare: 0.0135 },
});

describe('the console', () => {
  test('tells the verdict first, then thresholds in columns, figures, files', () => {
    expect(renderConsole([result]).split('\n')).toEqual([
      'FAIL  fixture  1 of 3 thresholds fails  seed 1 · simulated 1 h after 10 min · in 1 s, 3,403x',
      '  ✓ busyShare >= 60%                         76.1 %',
      '  ✗ occupancy."Web Engagement Chat" >= 99%   88.0 %',
      '  ✓ rules."Left the <basket>" > 1            112',
      '',
      '  traffic     3,012 visits   32,140 page views   131,580 events   169,744 requests',
      '  hot leads   312   not invited: 60 without a permit from pacing, 6 whose visitor had left',
      '  invites     246 sent   74 accepted   71 rejected   95 timed out   6 failed   hit 30.1 %',
      expect.stringMatching(/^ {2}chats {7}7\d started {3}70 completed {3}\d abandoned {3}abandonment 1\.4 %$/),
      expect.stringMatching(/^ {2}waits {7}mean 1\.2 s {3}p50 0 s {3}p90 3\.1 s {3}p95 \d\.\d s {3}p99 9\.9 s$/),
      '  agents      busy 76.1 %   Web Engagement Chat occupied 88.0 %',
      '',
      '  note    one deviation from the guide, named in the files',
      '  wrote   runs/fixture/summary.json',
      '',
      '',
    ]);
  });

  test('when quiet tells the verdict and what failed, nothing else', () => {
    expect(renderConsole([result], { isQuiet: true }).trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^FAIL {2}fixture/),
      '  ✗ occupancy."Web Engagement Chat" >= 99%   88.0 %',
    ]);
  });

  test('says so when there is nothing to judge', () => {
    expect(renderConsole([createFixtureResult({ thresholds: [] })])).toContain('no thresholds: nothing was judged');
  });

  test('over seeds tells intervals and in how many a threshold holds', () => {
    const results = [0.7, 0.8, 0.75].map((busyShare, index) =>
      createFixtureResult({ seed: index + 1, thresholds: ['busyShare >= 60%'], figures: { busyShare } }),
    );
    const text = renderConsole(results);
    expect(text).toContain('PASS  fixture  the one threshold holds  seeds 1 to 3');
    expect(text).toContain('✓ busyShare >= 60%   75.0 % (62.6 % to 87.4 %), held in 3 of 3 seeds');
  });

  test('colours only where they are wanted', () => {
    expect(renderConsole([result])).not.toContain('\u001b');
    expect(renderConsole([result], { color: true })).toContain('\u001b');
  });
});

describe('JUnit', () => {
  test('has a case for each threshold with its measured value, and a failure for each that fails', () => {
    const document = parseXml(renderJunit(createSummary(result), TIMING));
    const all = (name: string) => findAll(document, name);
    const [suite] = all('testsuite');
    expect(suite?.attributes['name']).toBe('fixture');
    expect([suite?.attributes['tests'], suite?.attributes['failures'], suite?.attributes['time']]).toEqual([
      '3',
      '1',
      '1.234',
    ]);
    expect(all('testcase').map((one) => one.attributes['name'])).toEqual(THRESHOLDS);
    const observed = all('property').filter((one) => one.attributes['name'] === 'observed');
    expect(observed.map((one) => one.attributes['value'])).toEqual(['0.7612', '0.88', '112']);
    expect(all('failure').map((one) => one.attributes['message'])).toEqual([
      'expected occupancy."Web Engagement Chat" >= 99%, observed 88.0 %',
    ]);
    expect(all('system-out').map(textOf)).toEqual(['observed 76.1 %', 'observed 88.0 %', 'observed 112']);
  });

  test('says "no data" where there was nothing to count', () => {
    const xml = renderJunit(
      createSummary(createFixtureResult({ thresholds: ['hitShare > 1%'], figures: { hitShare: null } })),
      TIMING,
    );
    expect(findAll(parseXml(xml), 'failure')[0]?.attributes['message']).toBe(
      'expected hitShare > 1%, observed no data',
    );
  });

  test.each([['<a b="c">\'&amp;'], ['line\nend\ttab\rreturn'], ['snow ☃ and 🎈'], [']]>']])(
    '%j survives escaping and parsing',
    (text) => {
      const document = parseXml(`<?xml version="1.0"?><x a="${escapeXml(text)}">${escapeXml(text)}</x>`);
      expect(document.attributes['a']).toBe(text);
      expect(textOf(document)).toBe(text);
    },
  );

  test('what XML has no way to write becomes the replacement character', () => {
    expect(escapeXml('a\u0000b\u001b[31m\ud800')).toBe('a\u{FFFD}b\u{FFFD}[31m\u{FFFD}');
  });
});

describe('progress', () => {
  test('tells how far, how fast and how much longer', () => {
    const moment = { name: 'fixture', what: '3 of 20 seeds', virtualMs: 2_700_000, totalMs: 5_400_000, wallMs: 1_500 };
    expect(describeProgress(moment)).toBe(
      'fixture  ████████████░░░░░░░░░░░░   50 %  00:45:00 of 01:30:00  1,800x  2 s left  3 of 20 seeds',
    );
    expect(describeProgress({ ...moment, virtualMs: 0, what: '' })).toBe(
      'fixture  ░░░░░░░░░░░░░░░░░░░░░░░░    0 %  00:00:00 of 01:30:00',
    );
  });

  test('is silent where nobody watches', () => {
    const written: string[] = [];
    const stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = {
      isTTY: false,
      write: (text: string | Uint8Array) => written.push(String(text)) > 0,
    };
    const progress = createRunProgress('fixture', 1000, stream as NodeJS.WriteStream, () => 0);
    progress.update(500, '');
    progress.stop();
    expect(written).toEqual([]);
  });
});
