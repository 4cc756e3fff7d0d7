/** The files of a run in `DIR/<scenario name>/`: what is written, and what of an earlier run is taken away first. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatingError } from '#protocol/operating-error.ts';
import { renderReport } from '#testbed/report/report.ts';
import { renderJunit } from '#testbed/reporters/junit-report.ts';
import type { RunTiming } from '#testbed/run-result.ts';
import { isSeedsSummary } from '#testbed/reporters/outcome-text.ts';
import { writeSummary, type Summary } from '#testbed/summary.ts';
import type { Reporter } from './run-order.ts';
import type { SeedRun } from './run-seeds.ts';

export const JOURNAL_FOLDER = 'journal';
const KNOWN_FILES = ['summary.json', 'timing.json', 'junit.xml', 'report.html', JOURNAL_FOLDER];
/** What the nodes of a live run leave. */
const LIVE_FILES = /\.(db|db-wal|db-shm|ids|ndjson)$|^logs$|^seed-\d+$/;

/** Makes the folder and takes an earlier run's files away, so that a run that fails leaves no old verdict behind. */
export function clearRunFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    const left = readdirSync(folder).filter((name) => LIVE_FILES.test(name));
    for (const name of [...KNOWN_FILES, ...left]) rmSync(join(folder, name), { recursive: true, force: true });
  } catch (error) {
    throw new OperatingError(
      'UNAVAILABLE',
      `the results can not be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

export interface RunOutcome {
  readonly summary: Summary;
  readonly runs: readonly SeedRun[];
  /** Of all seeds together. */
  readonly timing: RunTiming;
  /** What runs it again. */
  readonly command: string;
  readonly version: string;
}

/** Writes the files of the reporters; returns their paths. */
export function writeRunFiles(folder: string, reporters: readonly Reporter[], outcome: RunOutcome): readonly string[] {
  const { summary, runs, timing, command, version } = outcome;
  const files: [string, string][] = [];
  if (reporters.includes('json')) {
    files.push(['summary.json', writeSummary(summary)], ['timing.json', describeTiming(outcome)]);
  }
  if (reporters.includes('junit')) files.push(['junit.xml', renderJunit(summary, timing)]);
  if (reporters.includes('html')) {
    const results = runs.map(({ result }) => result);
    files.push(['report.html', renderReport({ summary, results, command, version })]);
  }
  return files.map(([name, text]) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  });
}

function describeTiming({ summary, runs, timing }: RunOutcome): string {
  const seeds = runs.map((run) => ({ seed: run.result.seed, ...run.timing }));
  return `${JSON.stringify({ scenario: summary.scenario, ...timing, ...(isSeedsSummary(summary) ? { seeds } : {}) }, null, 2)}\n`;
}
