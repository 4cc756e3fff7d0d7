/**
 * A million recorded events of the shop with 300 rules: seconds, events/s, memory, and how that compares with JSON.parse of the same lines
 * alone, the floor. Each in a process of its own. Run it: `npm run bench:replay [events]`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Condition, EventPattern, RulePackage } from '#core/rules/rule-package.ts';
import { loadCategories } from '#testbed/replay/load-rule-files.ts';
import { readLines } from '#testbed/replay/read-lines.ts';
import { replay } from '#testbed/replay/replay.ts';
import { loadShop } from '#tests/core/rules/shop-visits.ts';
import { counter, createPackage, createRule, enters, sequence } from '#tests/core/rules/visit-events.ts';
import { writeShopRecording } from './replay-shop-recording.ts';

const SEED = 1;
const RULES = 300;
const CATEGORIES = ['product', 'cart', 'checkout', 'order', 'returns', 'support'];

/** A third each: a sequence within 10 min, a count within 60 s, an absence within 5 min; each on a page and a category that go round. */
function createRules(): readonly RulePackage[] {
  const pick = (place: number): string => CATEGORIES[place % CATEGORIES.length] ?? '';
  const { pages } = loadShop().site;
  const entersPage = (n: number): EventPattern => ({
    ...enters(),
    tests: [{ field: 'url', operator: 'is', value: pages[n % pages.length]?.url ?? '' }],
  });
  const rules = Array.from({ length: RULES }, (_, n) => {
    const [page, then] = [entersPage(n), enters(pick(n + Math.floor(n / pages.length)))];
    const absence: Condition = {
      template: 'absence',
      after: { template: 'singleton', event: page },
      event: then,
      withinMs: 300_000,
    };
    const when = [sequence([page, then], 600_000), counter(page, 3, 60_000), absence][n % 3] ?? absence;
    return createRule(`Rule ${n}`, when, { guards: { maxPerVisit: 1, coolDownMs: null, holdoutShare: null } });
  });
  return [createPackage(rules)];
}

interface Measured {
  readonly events: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly hotLeads: number;
  readonly rssMiBMax: number;
}

async function measure(job: string, file: string): Promise<Measured> {
  const categories = loadCategories('scenarios/categories/shop.yaml');
  if (!categories.ok) throw new Error('the categories of the shop are wrong');
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  let events = 0;
  let hotLeads = 0;
  if (job === 'parse') {
    for await (const { lines } of readLines(file)) {
      for (const { text } of lines) if (typeof JSON.parse(text) === 'object') events += 1;
    }
  } else {
    const { tally } = await replay({ file, packages: createRules(), categories: categories.value });
    ({ events, hotLeads } = tally);
  }
  const used = process.cpuUsage(cpu);
  return {
    events,
    hotLeads,
    wallMs: performance.now() - startedAt,
    cpuMs: (used.user + used.system) / 1_000,
    rssMiBMax: process.resourceUsage().maxRSS / 1_024,
  };
}

function runJob(job: string, file: string): Measured {
  const { stdout, status, stderr } = spawnSync(process.execPath, [import.meta.filename, job, file], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Measured;
}

function print(what: string, { events, wallMs, cpuMs, hotLeads, rssMiBMax }: Measured): void {
  console.log(
    `${what}: ${events} events, ${hotLeads} hot leads, ${(wallMs / 1_000).toFixed(1)} s (${Math.round((events / wallMs) * 1_000)} events/s), ` +
      `cpu ${(cpuMs / 1_000).toFixed(1)} s, peak ${Math.round(rssMiBMax)} MiB`,
  );
}

function compare(events: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'replay-bench-'));
  try {
    const file = join(folder, 'events.ndjson');
    writeShopRecording(file, loadShop(), events, SEED);
    const floor = runJob('parse', file);
    const replayed = runJob('replay', file);
    console.log(
      `${availableParallelism()} cores, load ${(loadavg()[0] ?? 0).toFixed(1)}, seed ${SEED}, ${RULES} rules`,
    );
    print('reading and JSON.parse alone', floor);
    print('replay', replayed);
    console.log(`processor time of JSON.parse alone / replay: ${(floor.cpuMs / replayed.cpuMs).toFixed(2)}x`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [job = '1000000', file] = process.argv.slice(2);
if (file === undefined) compare(Number(job));
else console.log(JSON.stringify(await measure(job, file)));
