/**
 * How fast the rules are, by the processor time of one thread: against a matcher written by hand, against other engines from npm,
 * and against themselves (hard rules, many rules, long visits), and what they keep. Each part runs in a process of its own; the parts
 * to run can be named. Aims and what was reached: docs/benchmarks.md.
 */
import { spawnSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { benchMemory } from './rules-bench-memory.ts';
import { benchPeers } from './rules-bench-peers.ts';
import { countRounds } from './rules-bench-rounds.ts';
import { benchShop } from './rules-bench-shop.ts';
import { benchAgainstHand, benchManyRules, benchMixed, benchVisitLengths } from './rules-bench-speed.ts';

const PARTS: ReadonlyMap<string, () => Promise<string>> = new Map([
  ['hand', benchAgainstHand],
  ['peers', benchPeers],
  ['mixed', benchMixed],
  ['many', benchManyRules],
  ['lengths', benchVisitLengths],
  ['memory', benchMemory],
  ['shop', benchShop],
]);
/** The garbage collector shares the one thread, and can be called. */
const FLAGS = ['--expose-gc', '--single-threaded-gc', '--max-old-space-size=8192'];
const CHILD = '--in-this-process';

function describeLoad(): string {
  return `load ${(loadavg()[0] ?? NaN).toFixed(1)}`;
}

async function runParts(asked: readonly string[]): Promise<void> {
  const unknown = asked.filter((name) => !PARTS.has(name));
  if (unknown.length > 0) throw new Error(`no part ${unknown.join(', ')}; there are ${[...PARTS.keys()].join(', ')}`);
  const [first, ...others] = cpus();
  console.log(
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${others.length + 1} x ${first?.model ?? 'unknown CPU'}`,
  );
  console.log(
    `${countRounds()} rounds in turns after one to warm up; median (range) of processor time, speed round by round`,
  );
  for (const name of asked.length > 0 ? asked : PARTS.keys()) {
    const { status } = spawnSync(process.execPath, [...FLAGS, import.meta.filename, CHILD, name], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
}

const [flag, ...names] = process.argv.slice(2);
if (flag === CHILD) {
  for (const name of names) {
    const before = describeLoad();
    console.log(`\n${await PARTS.get(name)?.()}\n${before} before, ${describeLoad()} after`);
  }
} else {
  await runParts(process.argv.slice(2));
}
