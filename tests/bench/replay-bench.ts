/**
 * A million recorded events of the shop with 300 rules, as in use and dense: processor time, wall time, events/s and memory along the way, and how
 * that compares with reading the lines and JSON.parse alone, the floor. Each in a process of its own. Run it: `npm run bench:replay [events]`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReplayFiles } from '#testbed/replay/replay-files.ts';
import { readLines } from '#testbed/replay/read-lines.ts';
import { replay } from '#testbed/replay/replay.ts';
import { loadShop } from '#tests/core/rules/shop-visits.ts';
import { createDenseRules, createRulesInUse, LINES, RULES } from './replay-rules.ts';
import { writeShopRecording } from './replay-shop-recording.ts';

const SEED = 1;
/** Shares of the recording after which the memory is told. */
const MARKS = [0.25, 0.5, 1];

interface Measured {
  readonly events: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly visits: number;
  readonly visitsWithHotLead: number;
  readonly hotLeads: number;
  /** The most that the process has held by each of MARKS (resident set). */
  readonly rssMiBMax: readonly number[];
  /** What is really in use at each of MARKS (heap after a collection); empty where none was to be made. */
  readonly liveMiB: readonly number[];
}

type Job = 'parse' | 'in use' | 'dense';

/** The memory at each of MARKS, as the job tells how far it is. */
class MemoryMarks {
  readonly rssMiBMax: number[] = [];
  readonly liveMiB: number[] = [];

  reach(share: number): void {
    while (this.rssMiBMax.length < MARKS.length && share >= (MARKS[this.rssMiBMax.length] ?? 1)) {
      // The system tells KiB.
      this.rssMiBMax.push(process.resourceUsage().maxRSS / 1_024);
      if (globalThis.gc === undefined) continue;
      globalThis.gc();
      this.liveMiB.push(process.memoryUsage().heapUsed / 2 ** 20);
    }
  }
}

type Found = Pick<Measured, 'events' | 'visits' | 'visitsWithHotLead' | 'hotLeads'>;

async function parse(file: string, marks: MemoryMarks): Promise<Found> {
  let events = 0;
  for await (const { lines, bytesRead, bytesTotal } of readLines(file)) {
    for (const { text } of lines) if (typeof JSON.parse(text) === 'object') events += 1;
    marks.reach(bytesRead / bytesTotal);
  }
  return { events, visits: 0, visitsWithHotLead: 0, hotLeads: 0 };
}

/** With the files that `--out` writes. */
async function replayWith(setting: 'in use' | 'dense', file: string, marks: MemoryMarks): Promise<Found> {
  const out = new ReplayFiles(mkdtempSync(`${file}-`), { isDiff: false });
  const result = await replay({
    file,
    ...(setting === 'dense' ? createDenseRules() : createRulesInUse()),
    firings: out.firings,
    onProgress: ({ done, total }) => marks.reach(done / total),
  });
  out.discard();
  const { tally, visits, visitsWithHotLead } = result;
  return { events: tally.events, visits, visitsWithHotLead, hotLeads: tally.hotLeads };
}

async function measure(job: Job, file: string): Promise<Measured> {
  const marks = new MemoryMarks();
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  const found = job === 'parse' ? await parse(file, marks) : await replayWith(job, file, marks);
  const used = process.cpuUsage(cpu);
  return {
    ...found,
    wallMs: performance.now() - startedAt,
    cpuMs: (used.user + used.system) / 1_000,
    rssMiBMax: marks.rssMiBMax,
    liveMiB: marks.liveMiB,
  };
}

function runJob(job: Job, file: string, flags: readonly string[] = []): Measured {
  const { stdout, status, stderr } = spawnSync(process.execPath, [...flags, import.meta.filename, job, file], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Measured;
}

function print(
  what: string,
  { events, wallMs, cpuMs, visits, visitsWithHotLead, hotLeads, rssMiBMax }: Measured,
): void {
  const leads = visits === 0 ? '' : `, ${hotLeads} hot leads in ${visitsWithHotLead} of ${visits} visits`;
  console.log(
    `${what}: ${events} events${leads}, cpu ${(cpuMs / 1_000).toFixed(1)} s, ${(wallMs / 1_000).toFixed(1)} s ` +
      `(${Math.round((events / wallMs) * 1_000)} events/s), MiB at most ${describeMarks(rssMiBMax, events)}`,
  );
}

function describeMarks(memory: readonly number[], events: number): string {
  return MARKS.map((mark, n) => `${Math.round(memory[n] ?? 0)} by event ${mark * events}`).join(', ');
}

function compare(events: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'replay-bench-'));
  try {
    for (const [setting, lines] of [
      ['in use', LINES],
      ['dense', 0],
    ] as const) {
      const file = join(folder, 'events.ndjson');
      writeShopRecording(file, loadShop(), { events, seed: SEED, lines });
      const floor = runJob('parse', file);
      const replayed = runJob(setting, file);
      // In a run of its own: each collection takes time, and changes how much is held.
      const { liveMiB } = runJob(setting, file, ['--expose-gc']);
      const load = (loadavg()[0] ?? 0).toFixed(1);
      console.log(`${RULES} rules ${setting}; ${availableParallelism()} cores, load ${load}, seed ${SEED}`);
      print('reading and JSON.parse alone', floor);
      print('replay', replayed);
      console.log(`MiB really in use (heap after a collection): ${describeMarks(liveMiB, events)}`);
      console.log(`processor time of replay / JSON.parse alone: ${(replayed.cpuMs / floor.cpuMs).toFixed(1)}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [job = '1000000', file] = process.argv.slice(2);
if (file === undefined) compare(Number(job));
else console.log(JSON.stringify(await measure(job === 'parse' || job === 'dense' ? job : 'in use', file)));
