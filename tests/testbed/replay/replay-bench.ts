/**
 * How fast a million recorded events are replayed, in order and shuffled, and in how much memory: run it by hand,
 * `node servers/host/run-on-node24.mjs tests/testbed/replay/replay-bench.ts [events]`.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRuleFiles } from '#testbed/replay/load-rule-files.ts';
import { replay } from '#testbed/replay/replay.ts';

const EVENTS = Number(process.argv[2] ?? 1_000_000);
const ACTIVE_VISITS = 2_000;
const EVENTS_A_VISIT = 24;
const PAGES = ['products/tent', 'cart', 'checkout', 'help/questions', 'help/delivery-and-returns', 'list'];

/** Event `n` of visits that take turns: enters a page, searches, leaves it. */
function formatEvent(n: number, at: number): string {
  const round = Math.floor(n / ACTIVE_VISITS);
  const visit = (n % ACTIVE_VISITS) + ACTIVE_VISITS * Math.floor(round / EVENTS_A_VISIT);
  const page = Math.floor(round / 3);
  const step = round % 3;
  return JSON.stringify({
    eventID: `e${n}`,
    at,
    timestamp: at - 40,
    visitID: `v${visit}`,
    globalVisitID: `g${visit}`,
    pageID: `p${visit}.${page}`,
    eventType: step === 1 ? 'BUSINESS' : 'SYSTEM',
    eventName: ['PageEntered', 'Search', 'PageExited'][step],
    url: `https://www.northfell.example/${PAGES[(visit + page) % PAGES.length]}?v=${(visit * 7 + page) % 500}`,
    title: 'A page of the shop | Northfell Outdoor',
    languageCode: 'en-GB',
    data: step === 1 ? { searchString: 'warm tent' } : { referrer: 'https://www.northfell.example/' },
  });
}

/** Writes the events, every `stride`-th after the other: with 1 in order. */
function writeEvents(file: string, stride: number): void {
  const descriptor = openSync(file, 'w');
  let lines: string[] = [];
  for (let first = 0; first < stride; first += 1) {
    for (let n = first; n < EVENTS; n += stride) {
      lines.push(formatEvent(n, 1_767_225_600_000 + n * 5));
      if (lines.length < 10_000) continue;
      writeSync(descriptor, `${lines.join('\n')}\n`);
      lines = [];
    }
  }
  writeSync(descriptor, `${lines.join('\n')}\n`);
  closeSync(descriptor);
}

const loaded = loadRuleFiles(['scenarios/rules/shop.yaml'], 'scenarios/categories/shop.yaml');
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
const folder = mkdtempSync(join(tmpdir(), 'replay-bench-'));
try {
  for (const [name, stride] of [
    ['in order', 1],
    ['shuffled', 997],
  ] as const) {
    const file = join(folder, 'events.ndjson');
    writeEvents(file, stride);
    const startedAt = performance.now();
    const cpu = process.cpuUsage();
    const { tally, reading, visits } = await replay({ file, ...loaded.value });
    const seconds = (performance.now() - startedAt) / 1_000;
    const cpuSeconds = process.cpuUsage(cpu).user / 1_000_000;
    const peakMib = process.resourceUsage().maxRSS / 1_024;
    console.log(
      `${name}: ${tally.events} events of ${visits} visits, ${tally.hotLeads} hot leads, ${reading.runsWritten} runs on disk, ` +
        `${seconds.toFixed(1)} s (${Math.round(tally.events / seconds)} events/s), cpu ${cpuSeconds.toFixed(1)} s, ` +
        `peak ${Math.round(peakMib)} MiB`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
