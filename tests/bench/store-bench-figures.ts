/** How the store bench takes and says its figures: what a piece of work has taken, medians with their spread, tails. */

export interface Taken {
  readonly seconds: number;
  /** Of the processor, user and system: what other work on the machine changes least. */
  readonly cpuSeconds: number;
}

export async function timed<T>(work: () => T | Promise<T>): Promise<Taken & { readonly result: T }> {
  const startMs = performance.now();
  const startCpu = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(startCpu);
  return { seconds: (performance.now() - startMs) / 1_000, cpuSeconds: (user + system) / 1e6, result };
}

export function sum(all: readonly Taken[]): Taken {
  const of = (figure: keyof Taken): number => all.reduce((total, each) => total + each[figure], 0);
  return { seconds: of('seconds'), cpuSeconds: of('cpuSeconds') };
}

/** Median (least to most). */
export function describe(figures: readonly number[], digits = 0): string {
  const sorted = figures.toSorted((a, b) => a - b);
  const text = (figure: number | undefined): string => (figure ?? NaN).toFixed(digits);
  return `${text(sorted[Math.floor(sorted.length / 2)])} (${text(sorted[0])} to ${text(sorted.at(-1))})`;
}

/** Median, p99 and the most of milliseconds. */
export function describeTail(all: readonly number[]): string {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(2);
  return `median ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms of ${all.length}`;
}
