/** All live nodes on a disk that is filled up (G9): browsers are told 503, nothing crashes, and events are taken again when there is room. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { loadScenario } from '#testbed/load-scenario.ts';
import { launchCluster } from '#testbed/live/launcher.ts';
import { canMount, fillDisk, withDisk } from '#tests/node/full-disk.ts';
import { Witness } from './drill-witness.ts';

const ROOM_MS_MAX = 10_000;
const FULL_MS_MAX = 20_000;

const isPossible = process.env['CI'] !== undefined || canMount();
const WHY_SKIPPED = isPossible ? '' : ' (SKIPPED: only root on Linux can mount the small disk that is to be filled)';

test.skipIf(!isPossible)(
  `events are refused while the disk is full, and none that was acknowledged is lost${WHY_SKIPPED}`,
  async () => {
    await withDisk(async (disk) => {
      const loaded = loadScenario('scenarios/live-smoke.yaml');
      if (!loaded.ok) throw new Error('the scenario of the drill is valid');
      const crashes: string[] = [];
      const cluster = await launchCluster({
        scenario: loaded.value,
        store: 'sqlite',
        folder: join(disk, 'run'),
        journal: false,
        proxies: false,
        onTelemetry: () => undefined,
        onLog: () => undefined,
        onState: () => undefined,
      });
      void cluster.crashed.then((error) => crashes.push(error.message));
      try {
        cluster.clock.resume();
        const witness = new Witness(cluster.balancerUrl, () => cluster.clock.now());
        const until = async (wanted: boolean, msMax: number): Promise<number> => {
          const beganMs = performance.now();
          while ((await witness.post()) !== wanted && performance.now() < beganMs + msMax) await sleep(5);
          return performance.now() - beganMs;
        };
        expect(await until(true, FULL_MS_MAX)).toBeLessThan(FULL_MS_MAX);
        const ballast = join(disk, 'ballast');
        fillDisk(ballast);
        expect(await until(false, FULL_MS_MAX)).toBeLessThan(FULL_MS_MAX);
        // It stays full for a while, and whatever is asked is answered.
        for (let n = 0; n < 50; n += 1) await witness.post();
        rmSync(ballast);
        const resumedMs = await until(true, ROOM_MS_MAX);
        expect(resumedMs).toBeLessThan(ROOM_MS_MAX);
        const store = cluster.readBack();
        const stored = new Set(await store.eventIDs(null, 10_000));
        store.close();
        expect([...witness.acknowledged].filter((id) => !stored.has(id))).toEqual([]);
        // Refused is 503: nobody was told that his event is wrong.
        expect([witness.refused, crashes]).toEqual([0, []]);
        expect(cluster.nodes().map(({ incarnation }) => incarnation)).toEqual([1, 1, 1, 1, 1]);
        console.log(
          `${witness.acknowledged.size} of ${witness.sent.size} acknowledged, again after ${Math.round(resumedMs)} ms`,
        );
      } finally {
        await cluster.stopAll();
      }
    });
  },
);
