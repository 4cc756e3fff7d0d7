/** The report: one file that needs nothing else, well formed whatever names it is given, and saying what the run came to. */
import { describe, expect, test } from 'vitest';
import { listTicks, roundUp } from '#testbed/report/chart-scale.ts';
import { describeClock, describeDuration, describeFigure, describeSeconds } from '#testbed/report/figure-text.ts';
import { html } from '#testbed/report/markup.ts';
import { renderReport } from '#testbed/report/report.ts';
import { countExpectedVisits, createVisitsUnderWay } from '#testbed/report/traffic-expectation.ts';
import type { RunResult } from '#testbed/run-result.ts';
import { readStatistics } from '#node/read-settings.ts';
import { StatServer } from '#core/statistics/stat-server.ts';
import { createSeedsSummary, createSummary } from '#testbed/summary.ts';
import { createFixtureResult, createFixtureScenario, type FixtureRun } from './fixture-run-result.ts';
import { findAll, parseXml, textOf, type XmlElement } from './parse-xml.ts';

const THRESHOLDS = [
  'abandonmentShare <= 3%',
  'occupancy."Web Engagement Chat" >= 99%',
  'waitSeconds.p95 < 30',
  'dropped == 0',
];
const QUEUES = readStatistics(createFixtureScenario()).queues;
const COMMAND = "engage run 'scenarios/a & b.yaml' --seed 1";

function render(given: FixtureRun = {}): string {
  const result = createFixtureResult({ thresholds: THRESHOLDS, ...given });
  return renderReport({ summary: createSummary(result), results: [result], command: COMMAND, version: '0.1.0' });
}

function renderSeeds(results: readonly RunResult[]): string {
  return renderReport({ summary: createSeedsSummary(results), results, command: COMMAND, version: '0.1.0' });
}

/** Throws on anything that is not well formed. */
function parse(report: string): XmlElement {
  return parseXml(report.replace('<!doctype html>', ''));
}

function read(report: string): string {
  return findAll(parse(report), 'main').map(textOf).join('').replace(/\s+/g, ' ');
}

describe('one file', () => {
  test('asks for nothing: no script, no address, no import', () => {
    const report = render();
    expect(report).not.toMatch(/<script|<link|<img|<iframe|@import|src=|href=/);
    expect([...report.matchAll(/url\(([^)]*)\)/g)].every(([, target]) => target?.startsWith('#'))).toBe(true);
    expect(report.match(/https?:\/\/[^\s"'<]+/g) ?? []).toEqual([]);
    expect(report.length).toBeLessThan(1_000_000);
  });

  test('the same run gives the same file, another one another', () => {
    expect(render()).toBe(render());
    expect(render({ seed: 2 })).not.toBe(render());
  });

  test.each(['<p><b></p>', '<p a=1></p>', '<p>a < b</p>'])('the parser of these tests refuses %s', (text) => {
    expect(() => parseXml(text)).toThrow(/./);
  });
});

describe('names and texts', () => {
  const HOSTILE = `</title></style><script>alert("x")</script><img src=x onerror='y'> & "quotes"`;

  test('whatever they are they stay text', () => {
    const report = render({
      scenario: { about: HOSTILE, captions: [{ atMs: 1000, text: HOSTILE }] },
      figures: { rules: { [HOSTILE]: 3 }, occupancy: { [HOSTILE]: 0.5 } },
      result: { deviations: [HOSTILE], refusals: { [HOSTILE]: 4 } },
    });
    const document = parse(report);
    expect(findAll(document, 'script')).toEqual([]);
    expect(findAll(document, 'img')).toEqual([]);
    expect(read(report).split(HOSTILE).length - 1).toBeGreaterThanOrEqual(4);
  });

  test('a template escapes its values and leaves markup alone', () => {
    const inner = html`<b>${'<&>"\''}</b>`;
    expect(html`<p title="${'"'}">${inner}${[1, null, 'a<b']}</p>`.text).toBe(
      '<p title="&quot;"><b>&lt;&amp;&gt;&quot;&#39;</b>1a&lt;b</p>',
    );
  });
});

describe('what it says', () => {
  test('verdict, thresholds with observed values, and the command that runs it again', () => {
    const text = read(render());
    expect(text).toMatch(/Failed\s*1 of 4 thresholds fails: occupancy\."Web Engagement Chat" >= 99%/);
    expect(text).toMatch(/occupancy\."Web Engagement Chat" >= 99%\s*88\.0 %\s*✗ fails/);
    expect(text).toMatch(/dropped == 0\s*0\s*✓ holds/);
    expect(text).toContain(COMMAND);
    expect(text).toContain('Where this run deviates from the guide');
    expect(read(render({ thresholds: THRESHOLDS.slice(2) }))).toMatch(/Passed\s*All 2 thresholds hold/);
  });

  test('every section, and captions as a story in local time', () => {
    const headings = findAll(parse(render()), 'h2').map(textOf);
    expect(headings).toEqual([
      'The run at a glance',
      'Thresholds',
      'Traffic against expectation',
      'From hot lead to chat',
      'Pacing',
      'Agents',
      'Waits',
      'Lines of chats',
      'Rules',
      'Statistics',
      'Inputs',
    ]);
    expect(read(render())).toMatch(/1\s*09:15\s*The room <fills> up/);
  });

  test('how late visitors see what is said; nothing where nobody says anything', () => {
    const figures = { lines: { shown: 180, refreshTimeouts: 7 } };
    expect(read(render({ figures }))).toMatch(/every 2 s.*lines\s*180\s*half were shown within\s*1\.1 s.*given up\s*7/);
    const silent = { lines: { shown: 0, refreshTimeouts: 0 }, lineSeconds: null };
    expect(read(render({ figures: silent }))).not.toContain('Lines of chats');
  });

  test('both shares of acceptance: what visitors would do, and what came in time', () => {
    expect(read(render())).toContain(
      '30 % of the visitors would accept if every answer counted; 30.1 % of the invites that ended',
    );
  });

  test("statistics by provisioning's names, and key figures beside their goals", () => {
    const server = new StatServer({
      ...readStatistics(createFixtureScenario()),
      queues: { ...QUEUES, chat: 'A <queue>' },
    });
    const moved = {
      kind: 'interactionMoved',
      at: 1,
      interactionId: 'i1',
      visitID: 'v1',
      rule: 'Left the <basket>',
    } as const;
    const why = { reason: null, text: null, decision: null } as const;
    server.observe({ ...moved, ...why, from: null, to: QUEUES.qualified, before: null, after: 'qualified' });
    server.observe({
      kind: 'chat',
      at: 2,
      state: 'queued',
      again: false,
      chatId: 'c1',
      visitID: 'v1',
      origin: 'proactive',
      userData: { rule: 'Left the <basket>' },
      agentId: null,
      waitMs: 0,
    });
    server.observe({
      ...moved,
      ...why,
      from: QUEUES.qualified,
      to: QUEUES.engaged,
      before: 'qualified',
      after: 'invited',
    });
    const text = read(render({ result: { statistics: server.report(3) } }));
    expect(text).toContain('abandoned no data (goal 3 %), busy factor no data, 1 of 1 permitted invites used, 1 chats');
    expect(text).toMatch(/Left the <basket>\s*0 \(0\)\s*1 \(1\)/);
    expect(text).toMatch(/Chat_Current_In_Queue\s*A <queue>\s*Webengagement_rule_Left the <basket>\s*1/);
    expect(text).toMatch(/Webengagement_Total_Moved_From_Queue\s*Webengagement_Qualified\s*Webengagement_filter\s*1/);
  });

  test('every chart says what it shows to who can not see it', () => {
    const charts = findAll(parse(render()), 'svg').filter((svg) => svg.attributes['role'] === 'img');
    expect(charts.length).toBeGreaterThanOrEqual(9);
    expect(charts.filter((svg) => (svg.attributes['aria-label'] ?? '').length < 10)).toEqual([]);
    const others = findAll(parse(render()), 'svg').filter((svg) => svg.attributes['role'] !== 'img');
    expect(others.filter((svg) => svg.attributes['aria-hidden'] !== 'true')).toEqual([]);
  });

  test('a run in which nothing happened has no data, and still a report', () => {
    const text = read(
      render({
        figures: {
          hotLeads: 0,
          invites: { allowed: 0, sent: 0, accepted: 0, rejected: 0, timeout: 0, failed: 0 },
          hitShare: null,
          abandonmentShare: null,
          busyShare: null,
          waitSeconds: null,
          occupancy: { 'Web Engagement Chat': null },
          rules: {},
        },
        result: { refusals: {}, waits: [], agents: [], pacing: [], deviations: [] },
      }),
    );
    expect(text).toMatch(/abandonmentShare <= 3%\s*no data\s*✗ fails/);
    expect(text).toContain('No chat was accepted in the window');
    expect(text).toContain('No rule is on');
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('over seeds: intervals, in how many seeds a threshold holds, a dot for each', () => {
    const results = [0.8, 0.85, 0.9].map((busyShare, index) =>
      createFixtureResult({ seed: index + 1, thresholds: ['busyShare >= 82%'], figures: { busyShare } }),
    );
    const trimmed = results.map((result, index) =>
      index === 0 ? result : { ...result, series: [], pacing: [], agents: [], waits: [] },
    );
    const report = renderSeeds(trimmed);
    expect(read(report)).toMatch(/busyShare >= 82%\s*85\.0 % \(72\.6 % to 97\.4 %\)\s*✗ fails in 2 of 3/);
    expect(read(report)).toContain('Seeds 1 to 3');
    const picture = findAll(parse(report), 'svg').find((svg) =>
      svg.attributes['aria-label']?.startsWith('85.0 % against'),
    );
    expect(picture === undefined ? [] : findAll(picture, 'circle')).toHaveLength(3);
  });
});

describe('expectations of a profile', () => {
  const steps = [
    { atMs: 0, visitsPerHour: 60 },
    { atMs: 600_000, visitsPerHour: 360 },
  ];

  test('visits that begin are the integral of the rate', () => {
    expect(countExpectedVisits(steps, 0, 600_000)).toBeCloseTo(10, 9);
    expect(countExpectedVisits(steps, 300_000, 660_000)).toBeCloseTo(5 + 6, 9);
    expect(countExpectedVisits(steps, 900_000, 900_000)).toBe(0);
  });

  test('visits under way trail a step of the rate as 1 - e^(-t / tau)', () => {
    const underWay = createVisitsUnderWay(steps, 120);
    expect(underWay(0)).toBe(60);
    expect(underWay(600_000)).toBe(60);
    expect(underWay(720_000)).toBeCloseTo(60 + 300 * (1 - Math.exp(-1)), 9);
    expect(underWay(10_000_000)).toBeCloseTo(360, 9);
  });
});

describe('axes and figures', () => {
  test.each([
    [0, 10, 4, [0, 5, 10]],
    [0, 0.08, 4, [0, 0.02, 0.04, 0.06, 0.08]],
    [-3, 8, 4, [0, 5]],
    [0, 1, 4, [0, 0.5, 1]],
  ])('ticks from %d to %d are round', (from, to, count, expected) => {
    expect(listTicks(from, to, count)).toEqual(expected);
  });

  test.each([
    [0, 1],
    [7, 8],
    [31.2, 40],
    [0.0021, 0.0025],
    [100, 100],
  ])('an axis for %d ends at %d', (value, expected) => {
    expect(roundUp(value)).toBe(expected);
  });

  test.each([
    [450, '450 ms'],
    [90_000, '1 min 30 s'],
    [4_800_000, '1 h 20 min'],
    [3_600_000, '1 h'],
    [999.6, '1 s'],
    [59_999, '1 min'],
    [40 * 3_600_000, '40 h'],
    [86_400_000 * 2, '2 d'],
  ])('%d ms are said as %s', (ms, expected) => {
    expect(describeDuration(ms)).toBe(expected);
  });

  test('figures carry their unit and sensible digits', () => {
    expect(describeFigure(0.0294, 'share')).toBe('2.9 %');
    expect(describeFigure(32_014, 'count')).toBe('32,014');
    expect(describeFigure(8.153, 'count')).toBe('8.15');
    expect(describeFigure(null, 'seconds')).toBe('no data');
    expect([0, 0.007, 4.21, 132.4].map(describeSeconds)).toEqual(['0 s', '0 s', '4.2 s', '132 s']);
    expect(describeClock(2_232_000)).toBe('00:37:12');
  });
});
