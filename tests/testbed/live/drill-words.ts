/** How much the drills do, and what they print of it. */
import { checkHistory, type DrillTimes } from './drill-checkers.ts';
import type { DrillFindings } from './drill-run.ts';

/** Counts, seconds and violations, over a few lines. */
export function describeDrill(name: string, seed: number, findings: DrillFindings, times: DrillTimes): string {
  const { history, parity, crowd, complaints, crash, eventsPerSecond, seconds } = findings;
  const backMs = history.outages.map((outage) => outage.backMs).sort((a, b) => a - b);
  const violations = checkHistory(history, times);
  const lives = new Set(history.contactCenter.map(({ life }) => life)).size;
  const differences = parity.journals.flatMap((journal) =>
    journal.differences.map((difference) => ({ ...journal, difference })),
  );
  return [
    `${name}, seed ${seed}: ${backMs.length} kills, ${seconds.toFixed(1)} s, ${eventsPerSecond.toFixed(0)} events/s`,
    `  back after ${Math.round(backMs[0] ?? 0)} to ${Math.round(backMs.at(-1) ?? 0)} ms (median ${Math.round(backMs[backMs.length >> 1] ?? 0)})`,
    `  ${history.acknowledged.size} acknowledged, ${history.stored.length} stored, ${history.listed.length} in visits, ${history.leadsStored.size} hot leads, ${lives} lives of the contact center`,
    `  crowd: ${['requestsSent', 'requestsStored', 'requestsRetried', 'requestsUnsent', 'eventsUnsent', 'dropped', 'latenessP99Ms', 'connectionsLost'].map((key) => `${key} ${crowd[key] ?? 0}`).join(', ')}`,
    `  parity ${parity.holds ? 'holds' : 'is broken'}: ${parity.sends.sends} sends, ${parity.sends.lostToFaults} lost to faults, ${parity.sends.repeatedByFaults} repeated, ${parity.sends.problems.length} problems, ${differences.length} differences`,
    ...parity.sends.problems.slice(0, 5).map((problem) => `    ${JSON.stringify(problem).slice(0, 600)}`),
    ...differences
      .slice(0, 3)
      .map(
        ({ node, incarnation, difference }) => `    ${node}~${incarnation} ${JSON.stringify(difference).slice(0, 900)}`,
      ),
    ...violations.slice(0, 12).map(({ invariant, text }) => `  VIOLATED ${invariant}: ${text}`),
    ...(violations.length > 12 ? [`  and ${violations.length - 12} more`] : []),
    ...complaints.slice(0, 8).map((line) => `  COMPLAINT ${line.slice(0, 400)}`),
    ...(crash === null ? [] : [`  CRASH ${crash}`]),
  ].join('\n');
}
