/** The report of a run on the screen: the same HTML file that `engage run --out` writes. */
import type { RunCommand } from '#protocol/run-feed.ts';
import { renderReport } from '#testbed/report/report.ts';
import type { RunResult } from '#testbed/run-result.ts';
import { createSummary } from '#testbed/summary.ts';

type Start = Extract<RunCommand, { readonly type: 'start' }>;

/** One self-contained HTML file, of what has been counted so far. */
export function describeRunReport(result: RunResult, start: Start, version: string): string {
  return renderReport({
    summary: createSummary(result),
    results: [result],
    command: describeStart(start, result.seed),
    version,
  });
}

/** The command line that runs the same without a screen. */
function describeStart({ scenario, traffic }: Start, seed: number): string {
  const typed = Object.entries(traffic ?? {}).map(([name, value]) => `--set traffic/${name}=${value}`);
  return ['engage run', `scenarios/${scenario}`, `--seed ${seed}`, ...typed].join(' ');
}
