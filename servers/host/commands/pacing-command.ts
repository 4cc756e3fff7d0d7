/** `engage pacing explain`: what pacing would decide in a given state, and why. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { assertNever } from '#core/assert.ts';
import { explainPacing, type PacingAnswer } from '#core/pacing/explain-pacing.ts';
import { alignDecimals, formatFigure } from '#core/sizing/figure-text.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { parsePacingQuestion } from '#protocol/pacing-question.ts';

const EXAMPLES = `
Examples:
  engage pacing explain state.json
  engage pacing explain state.json --json

A state, as JSON or YAML: five slots, three of them busy, three invites out, a risk of at most 0.0285 an invite
  { "algorithm": "SUPER_PROGRESSIVE", "target": "ABANDONMENT_RATE", "slots": 5, "busy": 3, "queued": 0, "pending": 3,
    "response": { "acceptShare": 0.2, "meanSeconds": 10 }, "handleMeanSeconds": 240, "patienceMeanSeconds": 60,
    "riskLimit": 0.0285 }
patienceMeanSeconds null: who finds all slots busy is lost. Limits: riskLimit, idleLimit, proactiveRiskLimit, at least one of them.
The DUAL algorithms: "reactive": { "ratePerSecond": 0.03, "busy": 8, "queued": 0 } and "proactiveRatio" (per cent); then busy,
queued and pending count proactive chats alone.

Exit status: 0 answered, 2 invalid input or usage.`;

export function addPacingCommand(program: Command): void {
  program
    .command('pacing')
    .description('what pacing would decide, and why')
    .addHelpText('after', EXAMPLES)
    .command('explain')
    .description('the decision in a state that is written down')
    .argument('<file>', 'the state, as JSON or YAML')
    .option('--json', 'print { invites, risk[], idle[], limit, binding }')
    .addHelpText('after', EXAMPLES)
    .action((file: string, options: { readonly json?: true }) => {
      const question = parsePacingQuestion(readState(file), file);
      if (!question.ok) throw new OperatingError('INVALID_INPUT', 'pacing can not answer this', question.problems);
      const answer = explainPacing(question.value);
      process.stdout.write(options.json === true ? `${JSON.stringify(answer, null, 2)}\n` : describeAnswer(answer));
    });
}

function readState(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === '') throw error;
    throw new OperatingError('FILE_NOT_FOUND', `${file} can not be read (${code})`);
  }
}

/** So many rows from the top, and so many before the invite that stays, are printed. */
const topRows = 8;
const lastRows = 4;

function describeAnswer(answer: PacingAnswer): string {
  const { invites, risk, idle } = answer;
  const noun = invites === 1 ? 'invite' : 'invites';
  const heading = `${invites === 0 ? 'no' : invites} ${invites === 0 ? 'invite' : noun}: ${describeEnding(answer)}\n`;
  if (risk.length === 0) return heading;
  const risks = alignDecimals(risk.map((value) => value.toFixed(6)));
  const slots = alignDecimals(idle.map((value) => value.toFixed(2)));
  const rows = risk.map((_, index) => {
    const goes = index < invites ? 'goes out' : 'stays';
    return `${String(index + 1).padStart(7)}  ${risks[index]}  ${slots[index]}  ${goes}`;
  });
  const gap = rows.length > topRows + lastRows + 1 ? ['    ...'] : [];
  const shown =
    gap.length === 0 ? rows : [...rows.slice(0, topRows), ...gap, ...rows.slice(rows.length - lastRows, rows.length)];
  return `${heading}\n invite  ${'risk'.padEnd(risks[0]?.length ?? 0)}  idle slots\n${shown.join('\n')}\n`;
}

function describeEnding({ risk, idle, limit, binding }: PacingAnswer): string {
  switch (binding) {
    case 'risk':
      return `the next would cost ${formatFigure(risk.at(-1) ?? 0)} expected abandonments, the limit is ${limit}`;
    case 'idle':
      return `${formatFigure(idle.at(-1) ?? 0)} slots would be idle, the next needs more than ${limit}`;
    case 'kmax':
      return 'as many are out as may be';
    case 'group':
      return 'no slot is logged in';
    case 'supply':
    case 'rule':
    case 'stale':
    case 'none':
      return 'nothing limits them';
    default:
      return assertNever(binding, 'binding');
  }
}
