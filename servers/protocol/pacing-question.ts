/**
 * What `engage pacing explain` is asked: the state of an agent group and the limits in force, as JSON or YAML. Strict: unknown
 * keys, missing ones and figures that contradict each other are all found in one go.
 */
import type { z } from 'zod';
import type { PacingQuestion } from '#core/pacing/explain-pacing.ts';
import { fail, succeed, type Problem, type Result } from '#core/result.ts';
import { PACING_ALGORITHMS } from '#protocol/pacing-change.ts';
import { shareSchema } from '#protocol/quantities.ts';
import { checkDocument, type CheckedDocument } from '#protocol/scenario-file-document.ts';
import { numberField, sectionField, wordField } from '#protocol/scenario-file-fields.ts';

/** Beyond these an answer would take minutes. */
const SLOTS_MAX = 2_000;
const CHATS_MAX = 20_000;

const count = numberField({ whole: true, min: 0, max: CHATS_MAX });
const seconds = numberField({ what: 'seconds', above: 0, max: 1e7 });
const limit = numberField({ min: 0 }).nullable().optional();

const reactiveSchema = sectionField({
  ratePerSecond: numberField({ what: 'a rate', min: 0, max: 1e4 }),
  busy: count,
  queued: count,
});

const questionSchema = sectionField({
  algorithm: wordField(PACING_ALGORITHMS),
  target: wordField(['ABANDONMENT_RATE', 'ABANDONEMENT_RATE', 'BUSY_FACTOR']),
  slots: numberField({ whole: true, min: 0, max: SLOTS_MAX }),
  busy: count,
  queued: count,
  pending: count,
  response: sectionField({ acceptShare: shareSchema, meanSeconds: seconds }),
  handleMeanSeconds: seconds,
  patienceMeanSeconds: seconds.nullable(),
  riskLimit: limit,
  idleLimit: limit,
  proactiveRiskLimit: limit,
  reactive: reactiveSchema.nullable().optional(),
  proactiveRatio: numberField({ whole: true, what: 'per cent', min: 0, max: 100 }).nullable().optional(),
});

type Given = z.output<typeof questionSchema>;

/** `file` is only named in problems. */
export function parsePacingQuestion(text: string, file: string): Result<PacingQuestion, Problem> {
  const document = checkDocument(text, file, questionSchema);
  if (document.value !== undefined) reportContradictions(document.value, document);
  if (document.value === undefined || document.problems.length > 0) return fail(document.problems);
  return succeed(questionOf(document.value));
}

function reportContradictions(given: Given, { report }: CheckedDocument<Given>): void {
  const { algorithm, slots, busy, reactive, proactiveRatio, riskLimit, idleLimit, proactiveRiskLimit } = given;
  if (busy > slots) report(['busy'], `expected at most the ${slots} slots, got ${busy}`);
  else if (busy + (reactive?.busy ?? 0) > slots)
    report(['reactive', 'busy'], `expected at most the ${slots - busy} slots that proactive chats leave`);
  if ([riskLimit, idleLimit, proactiveRiskLimit].every((value) => value === undefined || value === null))
    report(['riskLimit'], 'missing, expected a riskLimit or an idleLimit: without one nothing is limited');
  if (algorithm.endsWith('_DUAL')) {
    if (reactive === undefined || reactive === null)
      report(['reactive'], `missing, ${algorithm} expects a map of ratePerSecond, busy, queued`);
    return;
  }
  for (const [key, value] of Object.entries({ reactive, proactiveRatio })) {
    if (value !== undefined && value !== null) report([key], `${algorithm} does not look at it: leave it out`);
  }
}

function questionOf(given: Given): PacingQuestion {
  const { reactive, proactiveRatio, riskLimit = null, idleLimit = null, proactiveRiskLimit = null } = given;
  return {
    algorithm: given.algorithm,
    slots: given.slots,
    busy: given.busy,
    queued: given.queued,
    pending: given.pending,
    response: given.response,
    handleMeanSeconds: given.handleMeanSeconds,
    patienceMeanSeconds: given.patienceMeanSeconds,
    riskLimit,
    idleLimit,
    proactiveRiskLimit,
    ...(reactive === undefined || reactive === null ? {} : { reactive }),
    proactiveShare: (proactiveRatio ?? 0) / 100,
  };
}
