/** The report of a run on the screen: the same HTML file that `engage run --out` writes. */
import type { StoreRequest } from '#protocol/run-feed-live.ts';
import type { RunCommand } from '#protocol/run-feed.ts';
import { renderReport } from '#testbed/report/report.ts';
import type { RunResult } from '#testbed/run-result.ts';
import { createSummary } from '#testbed/summary.ts';

/** As it was started, on the store that a live run was to have. */
type Start = Extract<RunCommand, { readonly type: 'start' }> & { readonly store: StoreRequest };

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
function describeStart({ mode, scenario, traffic, store }: Start, seed: number): string {
  const typed = Object.entries(traffic ?? {}).map(([name, value]) => `--set traffic/${name}=${value}`);
  const live = mode === 'live' ? ['--mode live', ...describeStore(store)] : [];
  return ['engage run', `scenarios/${scenario}`, ...live, `--seed ${seed}`, ...typed].join(' ');
}

/** Nothing where it is the command line's own choice, too. */
function describeStore(store: StoreRequest): readonly string[] {
  return [
    ...(store.name === 'auto' ? [] : [`--store ${store.name}`]),
    ...(store.contactPoints === null ? [] : [`--contact-points ${store.contactPoints.join(',')}`]),
  ];
}
