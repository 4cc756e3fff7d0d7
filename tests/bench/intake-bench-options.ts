/** How long the benchmarks of the intake measure: shared by all of them. */
export interface BenchOptions {
  readonly rounds: number;
  readonly roundMs: number;
}
