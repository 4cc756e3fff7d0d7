/**
 * The whole sample log of Apache, against counts made by other means: a Python script with regular expressions of its own, which
 * prints all the figures below (`python3 tests/testbed/replay/fixtures/count-apache-log.py`). The plainest of them by one-liners:
 *   zcat apache-combined.log.gz | wc -l                                                    10000
 *   zcat apache-combined.log.gz | grep -vc '"$'                                            1 (the line that is cut off)
 *   zcat apache-combined.log.gz | grep -c ' "-"$'                                          190 (no user agent)
 *   zcat apache-combined.log.gz | grep -oP '\[\K[^:]+:\d\d:\d\d' | sort -u | wc -l         84 (minutes)
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { present } from '#core/assert.ts';
import { loadRuleFiles } from '#testbed/replay/load-rule-files.ts';
import { createReplaySummary, type ReplaySummary } from '#testbed/replay/replay-summary.ts';
import { readLines } from '#testbed/replay/read-lines.ts';
import { replayAll, writeRecording, type Replayed } from './recordings.ts';

const LOG = join(import.meta.dirname, 'fixtures/apache-combined.log.gz');
const loaded = loadRuleFiles(['scenarios/replay/blog-rules.yaml'], 'scenarios/replay/blog-categories.yaml');
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
const files = loaded.value;

let replayed: Replayed;
let summary: ReplaySummary;

beforeAll(async () => {
  replayed = await replayAll({ file: LOG, ...files });
  summary = createReplaySummary(LOG, replayed, files.categories);
});

describe('the sample log of Apache', () => {
  it('has 10,000 lines, of which one is cut off', () => {
    expect(summary.lines).toEqual({ read: 10_000, blank: 0, bad: 1 });
    expect(summary.badLines).toEqual([
      { line: 8_899, column: 111, why: 'expected the user agent in quotes, which are not closed' },
    ]);
  });

  it('is a sample of one minute in each hour, and says so', () => {
    expect(summary.coverage).toEqual({
      minutesSpanned: 4_981,
      minutesWithRecords: 84,
      hoursWithRecords: 84,
      isSample: true,
    });
    expect(summary.notes).toEqual([
      'This is a sample: 84 of the 4,981 minutes that it spans have anything in them, one minute in each hour. So visits look ' +
        'shorter than they were, and rules with long windows or dwell times have little to bite on.',
    ]);
  });

  it('has these robots, by the rule that found them', () => {
    expect(summary.robots).toEqual({
      requests: 2_990,
      clients: 466,
      rules: [
        { rule: 'noUserAgent', clients: 48, requests: 190 },
        { rule: 'named', clients: 332, requests: 2_377 },
        { rule: 'contact', clients: 36, requests: 249 },
        { rule: 'robotsTxt', clients: 50, requests: 174 },
      ],
    });
  });

  it('accounts for every line: bad, a robot, no page, or a page view', () => {
    expect(summary.notPages).toEqual({ request: 0, method: 18, status: 136, target: 0, feed: 5, file: 5_332 });
    const notPages = Object.values(present(summary.notPages, 'counts of a log')).reduce((sum, count) => sum + count, 0);
    const robots = present(summary.robots, 'robots of a log').requests;
    expect(summary.lines.bad + robots + notPages + summary.pageViews).toBe(summary.lines.read);
  });

  it('has these visits, page views and categories', () => {
    expect([summary.visits, summary.pageViews]).toEqual([1_064, 1_518]);
    // A visit starts and enters a page; each further page leaves one and enters one.
    expect(summary.events).toBe(2 * 1_064 + 2 * (1_518 - 1_064));
    expect(Object.fromEntries(summary.categories.map(({ name, pageViews }) => [name, pageViews]))).toEqual({
      home: 122,
      article: 224,
      post: 363,
      list: 95,
      project: 395,
      talk: 188,
      download: 94,
      author: 9,
      logstash: 182,
      xdotool: 435,
    });
    expect(summary.pageViewsWithoutCategory).toBe(24);
  });

  it('makes these hot leads', () => {
    expect(Object.fromEntries(summary.rules.map(({ rule, hotLeads }) => [rule, hotLeads]))).toEqual({
      'Looks up the author': 9,
      'From a talk to the software': 1,
      'Studies logstash': 1,
      'Reads on': 23,
      'Searched for xdotool': 7,
      'Back to the talk': 44,
    });
    expect([summary.hotLeads, summary.visitsWithHotLead, replayed.firings.length]).toEqual([85, 81, 85]);
  });

  it('counts them by hour so that the hours add up', () => {
    const sum = (pick: (hour: ReplaySummary['hours'][number]) => number): number =>
      summary.hours.reduce((total, hour) => total + pick(hour), 0);
    expect(sum(({ hotLeads }) => hotLeads)).toBe(85);
    expect(sum(({ pageViews }) => pageViews)).toBe(1_518);
    expect(sum(({ rules }) => rules['com.semicomplete/Reads on'] ?? 0)).toBe(23);
  });

  it('tells each firing by lines of the log', async () => {
    const texts = new Map<string, string>();
    for await (const { lines } of readLines(LOG)) for (const { line, text } of lines) texts.set(`L${line}`, text);
    const linesOf = (name: string): readonly string[] =>
      replayed.firings
        .filter(({ rule }) => rule === name)
        .flatMap(({ matchedEvents }) => matchedEvents.map((id) => present(texts.get(id), `line of ${id}`)));
    expect(linesOf('Looks up the author').filter((text) => text.includes('GET /about'))).toHaveLength(9);
    expect(linesOf('Reads on').filter((text) => /GET (?:\/articles\/|\/blog\/)/.test(text))).toHaveLength(3 * 23);
    expect(replayed.firings.map(({ matchedAt }) => matchedAt.at(-1))).toEqual(replayed.firings.map(({ at }) => at));
  });

  it('has the same visits, robots and categories when its lines come in another order', async () => {
    const texts: string[] = [];
    for await (const { lines } of readLines(LOG)) texts.push(...lines.map(({ text }) => text));
    // Lines of one second change their order, which can change what follows what; the counts of single pages can not.
    const reversed = await replayAll({ file: writeRecording(texts.toReversed()), ...files });
    const other = createReplaySummary(LOG, reversed, files.categories);
    expect([other.visits, other.pageViews, other.robots]).toEqual([summary.visits, summary.pageViews, summary.robots]);
    expect(other.categories).toEqual(summary.categories);
    expect(other.rules[0]).toEqual(summary.rules[0]);
  });
});
