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
function describeStart({ mode, scenario, traffic }: Start, seed: number): string {
  const typed = Object.entries(traffic ?? {}).map(([name, value]) => `--set traffic/${name}=${value}`);
  const live = mode === 'live' ? ['--mode live'] : [];
  return ['engage run', `scenarios/${scenario}`, ...live, `--seed ${seed}`, ...typed].join(' ');
}
