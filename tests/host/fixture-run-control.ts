/** A RunControl over fixture runs in the test's own thread: for tests of the control server and the screen without the simulator. */
import type { RunControl } from '#host/run-control.ts';
import { createRunDriver, type RunDriver } from '#host/run-driver.ts';
import { createRunHistory } from '#host/run-history.ts';
import type { SteppedRun } from '#host/stepped-run.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { RunUpdate } from '#protocol/run-feed.ts';
import { createFixtureRun, type FixtureOptions } from '#tests/host/fixture-run.ts';

export const FIXTURE_HOUR: FixtureOptions = {
  totalMs: 4_800_000,
  warmupMs: 1_200_000,
  visitsPerSecond: 0.8333,
  agents: 5,
};

export function createFixtureRunControl(fixture: FixtureOptions = FIXTURE_HOUR): RunControl {
  const listeners = new Set<(update: RunUpdate) => void>();
  const history = createRunHistory();
  let driver: RunDriver | undefined;
  let run: SteppedRun | undefined;
  let runId = '';
  let runs = 0;
  let closed = false;
  const post = (update: RunUpdate): void => {
    if (closed) return;
    history.add(update);
    for (const listener of listeners) listener(update);
  };
  return {
    command(command) {
      if (command.type !== 'start') {
        if (!driver) throw new OperatingError('CONFLICT', 'Nothing runs: start a scenario first');
        if (command.type === 'compare') throw new OperatingError('NOT_SUPPORTED', 'A fixture has no counterpart');
        return driver.command(command);
      }
      runs += 1;
      runId = `fixture-${runs}`;
      const visitsPerSecond = command.traffic ? command.traffic.visitsPerHour / 3_600 : fixture.visitsPerSecond;
      driver?.command({ type: 'stop' });
      const begun = createFixtureRun({ ...fixture, visitsPerSecond });
      run = begun;
      driver = createRunDriver({
        run: begun,
        identity: {
          runId,
          scenario: command.scenario.replace('.yaml', ''),
          scenarioFile: command.scenario,
          about: 'The sizing example of the deployment guide, one busy hour',
          mode: 'sim',
          seed: command.seed ?? 1,
          startsAt: Date.UTC(2026, 2, 2, 8),
          timeZone: 'Europe/Berlin',
          warmupMs: fixture.warmupMs,
          profile: [{ atMs: 0, visitsPerHour: visitsPerSecond * 3_600 }],
          traffic: command.traffic,
          goal: { target: 'ABANDONMENT_RATE', share: 0.03 },
        },
        captions: [],
        speed: command.speed,
        post,
        clock: {
          now: () => performance.now(),
          later(callback, ms) {
            if (closed) return () => undefined;
            const timer = setTimeout(callback, ms);
            return () => clearTimeout(timer);
          },
        },
      });
      driver.begin();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    snapshot: () => history.snapshot(),
    report: async (id) =>
      id === runId ? '<!doctype html><title>Report</title><h1>Report of the fixture</h1>' : undefined,
    decision: async (id, group, atMs) => (id === runId ? run?.explainDecisionAt(group, atMs) : undefined),
    // What is driven in the test's own thread is simulated.
    backendAccess: async () => undefined,
    async close() {
      closed = true;
    },
  };
}
