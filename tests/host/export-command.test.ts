/** `engage export`: the events of simulated and live runs, and what a replay makes of them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import type { Firing } from '#core/rules/firing.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { SqliteHistory } from '#stores/sqlite/sqlite-history.ts';
import { storeSettings } from '#tests/stores/store-settings.ts';
import { createFolder } from '#tests/testbed/replay/recordings.ts';
import { runCli } from './cli-run.ts';

const RULES = 'scenarios/rules/kiosk.yaml';
const TIMEOUT_MS = 180_000;

interface JournalLine {
  readonly input: { readonly type: string; readonly lead: { readonly firing: Firing } };
}

function readLinesOf<T>(file: string): readonly T[] {
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

function keyOf({ at, rule, visitID, matchedEvents }: Firing): string {
  return [at, rule, visitID, ...matchedEvents].join(' ');
}

describe('a simulated run', { timeout: TIMEOUT_MS }, () => {
  it('exported and replayed gives the firings of the run, event by event, from its start on', async () => {
    const folder = createFolder();
    const run = await runCli(
      'run',
      'scenarios/live-smoke.yaml',
      '--events',
      '--journal',
      '--quiet',
      '--duration=40s',
      '--set=thresholds=["dropped == 0"]',
      `--out=${folder}`,
    );
    expect(run).toMatchObject({ code: 0, err: '' });
    const events = join(folder, 'events.ndjson');
    expect(await runCli('export', join(folder, 'live-smoke'), '--out', events)).toMatchObject({ code: 0, err: '' });
    const replayed = await runCli('replay', events, '--rules', RULES, '--out', join(folder, 'replayed'), '--json');
    expect(replayed.code).toBe(0);

    const startsAt = Date.parse('2026-03-02T09:00:00+01:00');
    // What fires in the last second may not have reached the contact center when the run ends.
    const untilAt = startsAt + 39_000;
    const isInside = ({ at }: Firing): boolean => at >= startsAt && at < untilAt;
    const journal = readLinesOf<JournalLine>(join(folder, 'live-smoke/journal/contact-center~1.ndjson')).slice(1);
    const ofRun = journal.flatMap(({ input }) => (input.type === 'leadArrived' ? [input.lead.firing] : []));
    const ofReplay = readLinesOf<Firing>(join(folder, 'replayed/hotleads.ndjson'));
    expect(ofRun.length).toBeGreaterThan(100);
    expect(ofReplay.filter(isInside).map(keyOf).toSorted()).toEqual(ofRun.filter(isInside).map(keyOf).toSorted());
  });

  it('is refused where it kept no events, or none of the visit', async () => {
    const folder = createFolder();
    mkdirSync(join(folder, 'bare'));
    expect(await runCli('export', join(folder, 'bare'))).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('keeps no events: run it with --events, or live with --store sqlite, and --out'),
    });
    expect((await runCli('export', join(folder, 'nowhere'))).err).toContain('no such folder');
    mkdirSync(join(folder, 'run'));
    writeFileSync(join(folder, 'run/events.ndjson'), '{"eventID":1}\n');
    const broken = await runCli('export', join(folder, 'run'));
    expect(broken).toMatchObject({ code: 2, err: expect.stringContaining('events.ndjson:1 is no recorded event: ') });
    expect((await runCli('export', folder)).err).toContain('is not the folder of one run, expected one of');
  });

  test.each([
    [['--events'], '--events: it needs --out'],
    [['--events', '--out', 'runs', '--seeds', '3'], '--events: it needs a single seed'],
    [['--events', '--out', 'runs', '--mode', 'live', '--store', 'memory'], 'a live run keeps its events in its store'],
  ])('run with %j is refused', async (words, message) => {
    const { code, err } = await runCli('run', 'scenarios/live-smoke.yaml', ...words);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

function createEvent(eventID: string, visitID: string, at: number): VisitEvent {
  return {
    eventID,
    at,
    timestamp: at - 3,
    visitID,
    globalVisitID: 'g',
    pageID: '',
    eventType: 'SYSTEM',
    eventName: 'SignIn',
    url: 'https://kiosk.example/',
    title: 'Kiosk',
    category: 'cart;sale',
    languageCode: 'en',
    identity: 'anna',
    data: { step: 1 },
  };
}

test(
  'a live run is exported from its store in the order of time, or one visit of it over all of its domains',
  { timeout: TIMEOUT_MS },
  async () => {
    const folder = createFolder();
    const stored = [
      createEvent('late', 'v1', 3_000),
      createEvent('first', 'v1', 1_000),
      createEvent('crossed', 'v1.2', 4_000),
      createEvent('other', 'v10', 2_000),
    ];
    const history = new SqliteHistory(join(folder, 'history.db'), storeSettings());
    await history.put([
      { type: 'storeBatch', batchId: 'b', frontend: 'f', visitID: 'v1', events: stored, leads: undefined },
    ]);
    history.close();

    const all = await runCli('export', folder);
    expect(all).toMatchObject({ code: 0, err: '' });
    const lines = all.out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(stored.toSorted((a, b) => a.at - b.at));
    const one = await runCli('export', folder, '--visit', 'v1', '--no-categories');
    const ofVisit = one.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Partial<VisitEvent>);
    expect(ofVisit.map(({ eventID, category }) => [eventID, category])).toEqual([
      ['first', undefined],
      ['late', undefined],
      ['crossed', undefined],
    ]);
    expect(await runCli('export', folder, '--visit', 'v2')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no event of visit v2'),
    });
  },
);
