/** A few seconds on real processes: the live run is the simulator's twin, and its one clock can be held and slowed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { JournalRecord } from '#node/journal.ts';
import type { LiveRun } from '#testbed/live/live-run.ts';
import { runScenario } from '#testbed/run-scenario.ts';
import { loadShipped, runLive, untilReached, whyNot } from './twin-stage.ts';

const SET = ['duration=6s', 'traffic/visitsPerHour=12000', 'traffic/pageViewsPerHour=48000'];
const PAUSE_MS = 2_000;
/** A new law holds this much after it is told; what was under way then has ended. */
const SETTLE_MS = 300;

/** All records of all nodes, as they stand while they are being written. */
function recordsIn(folder: string): readonly (JournalRecord & { readonly node: string })[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ndjson'))
    .flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      const lines = text.slice(0, text.lastIndexOf('\n')).split('\n').slice(1);
      return lines.map((line) => ({ ...(JSON.parse(line) as JournalRecord), node: name }));
    });
}

async function pauseFor(run: LiveRun, folder: string, ms: number) {
  const { clock } = run.cluster;
  clock.pause();
  await sleep(SETTLE_MS);
  const [at, before] = [clock.now(), recordsIn(folder)];
  await sleep(ms);
  expect(clock.now()).toBe(at);
  const known = new Set(before.map(({ node, n }) => `${node} ${n}`));
  const meanwhile = recordsIn(folder).filter(({ node, n }) => !known.has(`${node} ${n}`));
  clock.resume();
  return { at, before, meanwhile };
}

test('a live run gives every figure, loses nothing, and holds to the parity law; a pause holds every timer of every node', async () => {
  const scenario = loadShipped('live-smoke', SET);
  const outcome = await runLive(scenario, {
    seed: 1,
    store: 'memory',
    during: async (run, folder) => {
      await untilReached(run, 2_500);
      const { at, before, meanwhile } = await pauseFor(run, folder, PAUSE_MS);
      expect(before.length).toBeGreaterThan(100);
      expect(meanwhile.filter((record) => record.at !== at)).toEqual([]);
      expect(meanwhile.filter(({ input }) => (input as { type: string }).type === 'wake')).toEqual([]);
      await untilReached(run, 3_500);
      run.cluster.clock.setSpeed(0.5);
      await sleep(SETTLE_MS);
      const [domainMs, wallMs] = [run.cluster.clock.now(), performance.now()];
      await untilReached(run, 4_500);
      // Both clocks are read at one moment: whatever the machine does meanwhile, they agree.
      const [passedMs, tookMs] = [run.cluster.clock.now() - domainMs, performance.now() - wallMs];
      expect(Math.abs(passedMs - tookMs / 2)).toBeLessThan(50);
      run.cluster.clock.setSpeed(1);
      // The run goes on.
      expect(recordsIn(folder).length).toBeGreaterThan(before.length + meanwhile.length);
    },
  });
  const { figures, live } = outcome.result;
  expect(live).toMatchObject({ lost: 0, unacknowledged: 0, startsDropped: 0 });
  expect(live?.acknowledged).toBeGreaterThan(100);
  expect(figures.dropped).toBe(0);
  expect(whyNot(outcome.parity)).toEqual([]);
  expect(outcome.parity.sends.sends).toBeGreaterThan(500);

  const sim = runScenario(scenario, { seed: 1 });
  expect(figures.chats.started).toBeGreaterThan(5);
  const absent = Object.entries(figures).flatMap(([name, value]) => (value === null ? [name] : []));
  expect(absent).toEqual([]);
  // The crowd draws from the same streams; at the very end one or two of them may be a moment later.
  expect(Math.abs(figures.visits - sim.figures.visits)).toBeLessThanOrEqual(2);
  expect(Math.abs(figures.hotLeads - sim.figures.hotLeads)).toBeLessThanOrEqual(3);
}, 120_000);
