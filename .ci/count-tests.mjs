// Sums vitest's JSON reports of a folder into the last line of a CI run, and decides whether the run was good.
// usage: count-tests.mjs FOLDER [FAILED_STEP ...]     exit code 0 only if something passed and nothing failed
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * @typedef {{ name: string, status: string, assertionResults: { status: string, fullName: string }[] }} FileResult
 * @typedef {{ passed: number, failed: number, skipped: number, notes: string[] }} Count
 */

/**
 * @param {Map<string, { testResults: FileResult[] }>} reports by step
 * @param {string[]} failedSteps steps whose command failed; one that failed by its tests is not counted again
 * @returns {Count}
 */
export function countTests(reports, failedSteps) {
  const count = { passed: 0, failed: 0, skipped: 0, notes: [] };
  const explained = new Set();
  for (const [step, { testResults }] of reports) {
    for (const file of testResults) {
      for (const { status, fullName } of file.assertionResults) {
        if (status === 'passed') count.passed += 1;
        else if (status === 'failed') count.failed += 1;
        else count.skipped += 1;
        if (status !== 'passed') count.notes.push(`${status}: ${fullName.trim()}`);
        if (status === 'failed') explained.add(step);
      }
      // A file that could not even be loaded has no tests to fail.
      if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed')) {
        count.failed += 1;
        count.notes.push(`failed as a whole: ${file.name}`);
        explained.add(step);
      }
    }
  }
  for (const step of failedSteps) {
    if (explained.has(step)) continue;
    count.failed += 1;
    count.notes.push(`failed step: ${step}`);
  }
  return count;
}

/** @param {string} folder @returns {Map<string, { testResults: FileResult[] }>} */
function readReports(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return new Map(
    files.map((name) => [name.replace(/\.json$/, ''), JSON.parse(readFileSync(join(folder, name), 'utf8'))]),
  );
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, ...failedSteps] = process.argv.slice(2);
  const { passed, failed, skipped, notes } = countTests(readReports(folder), failedSteps);
  for (const note of notes) console.log(note);
  if (passed === 0) console.log('nothing passed: a run that tested nothing is not a good run');
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}
