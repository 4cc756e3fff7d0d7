/** All live nodes on a disk that is filled up (G9): browsers are told 503, nothing crashes, and events are taken again when there is room. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { NodeRole } from '#node/node-ipc.ts';
import { launchCluster } from '#testbed/live/launcher.ts';
import { scriptOfRole } from '#testbed/live/node-scripts.ts';
import { canMount, fillDisk, withDisk } from '#tests/node/full-disk.ts';
import { Witness } from './drill-witness.ts';
import { loadShipped } from './twin-stage.ts';

const ROOM_MS_MAX = 10_000;
const FULL_MS_MAX = 20_000;
/** Requests while the disk is full. */
const REQUESTS = 50;

const isPossible = process.env['CI'] !== undefined || canMount();
const WHY_SKIPPED = isPossible ? '' : ' (SKIPPED: only root on Linux can mount the small disk that is to be filled)';

interface Findings {
  readonly sent: number;
  readonly acknowledged: number;
  /** Events that were acknowledged and are not stored. */
  readonly lost: readonly string[];
  /** Requests that were answered as wrong. */
  readonly refused: number;
  readonly crashes: readonly string[];
  /** Lives of each node. */
  readonly incarnations: readonly number[];
  /** Until service before, until none, and until service again, ms. */
  readonly tookMs: { readonly up: number; readonly full: number; readonly resumed: number };
}

async function fillLiveDisk(scripts: Readonly<Partial<Record<NodeRole, string>>> = {}): Promise<Findings> {
  return withDisk(async (disk) => {
    const crashes: string[] = [];
    const cluster = await launchCluster({
      scenario: loadShipped('live-smoke'),
      store: 'sqlite',
      folder: join(disk, 'run'),
      journal: false,
      proxies: false,
      scriptOf: (role) => scripts[role] ?? scriptOfRole(role),
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
      const up = await until(true, FULL_MS_MAX);
      const ballast = join(disk, 'ballast');
      fillDisk(ballast);
      const full = await until(false, FULL_MS_MAX);
      // It stays full for a while, and whatever is asked is answered.
      for (let n = 0; n < REQUESTS; n += 1) await witness.post();
      rmSync(ballast);
      const resumed = await until(true, ROOM_MS_MAX);
      const store = cluster.readBack();
      const stored = new Set(await store.eventIDs(null, 10_000));
      store.close();
      return {
        sent: witness.sent.size,
        acknowledged: witness.acknowledged.size,
        lost: [...witness.acknowledged].filter((id) => !stored.has(id)),
        refused: witness.refused,
        crashes,
        incarnations: cluster.nodes().map(({ incarnation }) => incarnation),
        tookMs: { up, full, resumed },
      };
    } finally {
      await cluster.stopAll();
    }
  });
}

test.skipIf(!isPossible)(
  `events are refused while the disk is full, and none that was acknowledged is lost${WHY_SKIPPED}`,
  async () => {
    const findings = await fillLiveDisk();
    const { sent, acknowledged, tookMs } = findings;
    expect(tookMs.up).toBeLessThan(FULL_MS_MAX);
    expect(tookMs.full).toBeLessThan(FULL_MS_MAX);
    expect(tookMs.resumed).toBeLessThan(ROOM_MS_MAX);
    // Refused is 503: nobody was told that his event is wrong.
    expect(findings).toMatchObject({ lost: [], refused: 0, crashes: [], incarnations: [1, 1, 1, 1, 1] });
    console.log(`${acknowledged} of ${sent} acknowledged, again after ${Math.round(tookMs.resumed)} ms`);
  },
);

test.skipIf(!isPossible)(`a store that acknowledges before it commits is caught${WHY_SKIPPED}`, async () => {
  const hasty = fileURLToPath(new URL('fixtures/hasty-store.ts', import.meta.url));
  const { lost } = await fillLiveDisk({ store: hasty });
  expect(lost.length).toBeGreaterThan(0);
});
