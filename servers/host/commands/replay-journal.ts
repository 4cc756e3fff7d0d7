/** `engage replay --journal`: the journals of a run through the simulator's machines, and what differs. */
import pc from 'picocolors';
import { OperatingError } from '#protocol/operating-error.ts';
import { checkParity, type ParityReport, type ReplayedJournal } from '#testbed/parity/check-parity.ts';

/** At most so many differences are printed; the first says most. */
const SHOWN_MAX = 10;

/** Prints what the journals in `folder` say; throws THRESHOLD_FAILED where the law does not hold. */
export function replayJournals(folder: string, isJson: boolean): void {
  const report = checkParity(folder);
  process.stdout.write(isJson ? `${JSON.stringify(report, null, 2)}\n` : describeParity(report));
  if (report.holds) return;
  const decisions = sum(report.journals, ({ differences }) => differences.length);
  const messages = report.sends.problems.length;
  throw new OperatingError(
    'THRESHOLD_FAILED',
    `the journals do not hold to the parity law: ${decisions} decisions and ${messages} messages differ`,
  );
}

function describeParity({ holds, journals, faults, sends }: ParityReport): string {
  const lines = [
    `${holds ? pc.green('HOLDS') : pc.red('DIFFERS')}  ${journals.length} journals, ${sum(journals, ({ records }) => records)} inputs, ` +
      `${sum(journals, ({ effects }) => effects)} effects, ${sends.sends} messages between nodes`,
    '',
    ...journals.flatMap(describeJournal),
    '',
    faults.length === 0
      ? '  faults     none'
      : `  faults     ${faults.map(({ node, kind }) => `${kind} of ${node}`).join(', ')}: ` +
        `${sends.lostToFaults} messages lost to them, ${sends.repeatedByFaults} heard again because of them`,
    ...(sends.refusedByStore > 0
      ? [`  store      ${sends.refusedByStore} messages not sent, as it refused what they rest on`]
      : []),
    ...(sends.underWay > 0 ? [`  end        ${sends.underWay} messages under way when the simulated run ended`] : []),
    ...sends.problems.slice(0, SHOWN_MAX).map(({ kind, id, text }) => `  ${pc.red(kind)}  ${id}: ${text}`),
    ...(sends.problems.length > SHOWN_MAX ? [`  and ${sends.problems.length - SHOWN_MAX} more messages`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function describeJournal({ node, incarnation, records, tornBytes, differences }: ReplayedJournal): readonly string[] {
  const life = incarnation === 1 ? '' : ` (life ${incarnation})`;
  const torn = tornBytes > 0 ? `, ${tornBytes} bytes torn off by a kill` : '';
  const verdict = differences.length === 0 ? pc.green('the same decisions') : pc.red('other decisions');
  return [
    `  ${`${node}${life}`.padEnd(24)} ${String(records).padStart(7)} inputs${torn}  ${verdict}`,
    ...differences
      .slice(0, SHOWN_MAX)
      .map(
        ({ n, at, index, journalled, replayed }) =>
          `    record ${n} at ${at}, effect ${index + 1}\n      journal  ${shorten(journalled)}\n      replay   ${shorten(replayed)}`,
      ),
  ];
}

function shorten(text: string | null): string {
  if (text === null) return '(none)';
  return text.length > 400 ? `${text.slice(0, 397)}...` : text;
}

function sum<T>(parts: readonly T[], count: (part: T) => number): number {
  return parts.reduce((total, part) => total + count(part), 0);
}
