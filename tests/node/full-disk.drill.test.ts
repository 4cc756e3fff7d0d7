/** The store node's disk filled up under load (G9): it refuses cleanly, keeps what it has acknowledged, and goes on when there is room. */
import { expect, test } from 'vitest';
import { canMount, fillDiskUnderLoad } from './full-disk.ts';
import { HASTY_STORE_NODE, STORE_NODE } from './store-process.ts';

const RESUMED_MS_MAX = 10_000;

const isPossible = process.env['CI'] !== undefined || canMount();
const WHY_SKIPPED = isPossible ? '' : ' (SKIPPED: only root on Linux can mount the small disk that is to be filled)';

test.skipIf(!isPossible)(
  `a full disk is told and refused, nothing acknowledged is lost, and it goes on by itself${WHY_SKIPPED}`,
  async () => {
    const findings = await fillDiskUnderLoad(STORE_NODE);
    expect(findings).toMatchObject({
      lost: [],
      invented: [],
      doubled: [],
      stale: [],
      integrity: ['ok', 'ok'],
      diedOf: null,
    });
    expect(findings.refused).toBeGreaterThan(0);
    expect(findings.about.status).toBe(503);
    expect(findings.about.reasons.join('; ')).toMatch(/^(full|io): /);
    expect(findings.resumedMs).toBeLessThan(RESUMED_MS_MAX);
    console.log(
      `${findings.acknowledged} acknowledged, ${findings.refused} refused, again after ${Math.round(findings.resumedMs)} ms`,
    );
  },
);

test.skipIf(!isPossible)(
  `a store that acknowledges before it commits is caught by the same checker${WHY_SKIPPED}`,
  async () => {
    const findings = await fillDiskUnderLoad(HASTY_STORE_NODE);
    expect(findings.lost.length).toBeGreaterThan(0);
  },
);
