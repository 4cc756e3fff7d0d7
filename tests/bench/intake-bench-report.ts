/** How the intake benchmarks print: medians with their ranges, and the machine with the load that others put on it. */
import { cpus, loadavg } from 'node:os';
import { formatTable } from './sim-bench-rounds.ts';

export function describeMachine({ rounds, roundMs }: { readonly rounds: number; readonly roundMs: number }): string {
  const machine = cpus();
  const load = loadavg().map((value) => value.toFixed(1));
  return (
    `${new Date().toISOString().slice(0, 16)}, Node ${process.version}, ${machine.length} x ${machine[0]?.model ?? 'unknown'}, ` +
    `load ${load.join(' ')}; ${rounds} rounds of ${roundMs / 1_000} s in turns, median (range)`
  );
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** `12.3 (11.0 to 14.9)`. */
export function describeRounds(values: readonly number[], digits = 1): string {
  const text = (value: number): string =>
    value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${text(median(values))} (${text(Math.min(...values))} to ${text(Math.max(...values))})`;
}

export function printTable(title: string, rows: readonly (readonly string[])[]): void {
  console.log(`\n${title}\n${formatTable(rows)}`);
}
