/** The benchmarks that stand for themselves, run as they are: Bayeux against raw ws, and the arrival generator. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

async function runScript(title: string, file: string): Promise<void> {
  console.log(`\n${title}`);
  const child = fork(join(import.meta.dirname, file), { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${file} ended with ${code}`);
}

export function benchBayeux(): Promise<void> {
  return runScript('WebSocket: Bayeux against raw ws (aim: 0.6x)', '../node/bayeux/bayeux-bench.ts');
}

export function benchGenerator(): Promise<void> {
  return runScript('Arrival generator (aim: p99 <= 1.5 ms at 20,000 arrivals/s)', 'generator-bench.ts');
}
