/**
 * The keys of a scenario file, each with its range and default; what they mean together is checked in scenario-file.ts.
 */
import { z } from 'zod';
import { PACED_BY, whatIfSchema } from '#protocol/pacing-change.ts';
import { durationSchema, shareSchema } from '#protocol/quantities.ts';
import { distributionSchema } from '#protocol/scenario-file-distribution.ts';
import {
  describeWrong,
  listField,
  numberField,
  sectionField,
  textField,
  wordField,
} from '#protocol/scenario-file-fields.ts';
import type { Fault } from '#protocol/scenario.ts';
import { trafficSchema } from '#protocol/scenario-file-traffic.ts';

const durationAboveZero = durationSchema.refine((ms) => ms > 0, { error: 'expected a duration above 0' });

const factorOfWork = numberField({ what: 'a factor', min: 0.1, max: 100 });

/** A share for each further chat, or how many times as long work takes with 1, 2, 3 ... chats. */
const slowdownSchema = z.union([shareSchema, z.array(factorOfWork).min(1)], {
  error: (issue) =>
    describeWrong('expected a share for each further chat such as 0.3, or factors such as [1, 1.2, 1.5]', issue.input),
});

const shiftSchema = sectionField({
  agents: numberField({ whole: true, min: 1, max: 10_000 }),
  from: durationSchema,
  to: durationAboveZero.optional(),
});

const groupSchema = sectionField({
  name: textField("the group's name"),
  channel: wordField(['chat', 'voice']).default('chat'),
  agents: numberField({ whole: true, min: 0, max: 10_000 }),
  capacity: numberField({ whole: true, min: 1, max: 100 }).default(1),
  handleTime: distributionSchema,
  afterWork: z.unknown().default('0s').pipe(distributionSchema),
  answerTime: z.unknown().default('0s').pipe(distributionSchema),
  breakShare: shareSchema.default(0),
  breakTime: z.unknown().default('10m').pipe(distributionSchema),
  slowdown: slowdownSchema.optional(),
  alsoIn: listField(textField('the name of a group'), 'names of groups', 0).optional(),
  dialTime: distributionSchema.optional(),
  noAnswerShare: shareSchema.optional(),
  retryAfter: durationAboveZero.optional(),
  callsMax: numberField({ whole: true, min: 1, max: 100 }).optional(),
  callWithin: durationAboveZero.optional(),
  reschedules: sectionField({ share: shareSchema, later: distributionSchema }).optional(),
  routing: wordField(['leastOccupied', 'longestIdle']).optional(),
  ringTime: durationAboveZero.optional(),
  whenMissed: wordField(['notReady', 'ready']).optional(),
  missShare: shareSchema.optional(),
  rejectShare: shareSchema.optional(),
  missedPause: distributionSchema.optional(),
  transfers: sectionField({
    share: shareSchema,
    to: textField('the name of a group'),
    after: distributionSchema,
  }).optional(),
  followUps: sectionField({ approveShare: shareSchema, after: distributionSchema }).optional(),
  shifts: listField(shiftSchema, 'shifts, such as { agents: 2, from: 30m, to: 4h }', 1).optional(),
});

/** As the scenario has it: times with their unit in the name. */
const groupsSchema = listField(
  groupSchema.transform(({ ringTime, retryAfter, callWithin, ...group }) => ({
    ...group,
    ...(ringTime === undefined ? {} : { ringTimeMs: ringTime }),
    ...(retryAfter === undefined ? {} : { retryAfterMs: retryAfter }),
    ...(callWithin === undefined ? {} : { callWithinMs: callWithin }),
  })),
  'agent groups',
  1,
);

const visitorsSchema = sectionField({
  acceptShare: shareSchema,
  rejectShare: shareSchema,
  responseTime: distributionSchema,
  inviteTimeout: durationAboveZero,
  patience: distributionSchema,
  callback: sectionField({ laterShare: shareSchema, later: distributionSchema }).optional(),
  registration: sectionField({ fillTime: distributionSchema, abandonShare: shareSchema }).optional(),
  reactive: sectionField({ share: shareSchema, after: distributionSchema }).optional(),
});

const optionValue = z.union([z.string(), z.number(), z.boolean()], {
  error: 'expected a plain value (text, a number, true or false)',
});

const FAULT_KINDS = ['kill', 'stop', 'restart', 'slow', 'partition'] as const;

/** `{ at: 30m, kill: backend-1, for: 2m }`: one kind, with the node it is done to. */
const faultSchema = sectionField({
  at: durationSchema,
  for: durationAboveZero.optional(),
  kill: textField('the name of a node, such as backend-1').optional(),
  stop: textField('the name of a node, such as backend-1').optional(),
  restart: textField('the name of a node, such as backend-1').optional(),
  slow: textField('the name of a node, such as backend-1').optional(),
  partition: textField('the name of a node, such as backend-1').optional(),
}).transform((fault, context): Fault => {
  const [first, ...others] = FAULT_KINDS.flatMap((kind) => {
    const node = fault[kind];
    return node === undefined ? [] : [{ kind, node }];
  });
  if (first !== undefined && others.length === 0) return { atMs: fault.at, forMs: fault.for ?? null, ...first };
  const message = `expected one of ${FAULT_KINDS.join(', ')} with the name of a node`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const RESET_EXPECTED = 'expected a time of day in quotes, from "00:00" to "23:59", or none';

/** Minute of the day; null: never. */
const ledgerResetSchema = z
  .string({ error: RESET_EXPECTED })
  .regex(/^(?:none|(?:[01]\d|2[0-3]):[0-5]\d)$/, { error: RESET_EXPECTED })
  .transform((text) => {
    if (text === 'none') return null;
    const [hour = 0, minute = 0] = text.split(':').map(Number);
    return 60 * hour + minute;
  });

export const scenarioFileSchema = sectionField({
  name: z
    .string({ error: 'expected the name of the scenario, such as guide-example' })
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, {
      error: 'expected letters, digits, dots, dashes and underscores (it names a folder of results)',
    }),
  about: textField('a sentence that says what the scenario shows').default(''),
  seed: numberField({ whole: true, min: 0, max: Number.MAX_SAFE_INTEGER }).default(1),
  startsAt: textField('a local time such as 2026-03-02T09:00:00'),
  timeZone: textField('a time zone such as Europe/Berlin').default('UTC'),
  warmup: durationSchema.default(0),
  duration: durationAboveZero,
  traffic: trafficSchema,
  site: textField('the path of a site file'),
  rules: listField(textField('the path of a rule package'), 'paths of rule packages', 1),
  templates: listField(textField('the path of a template file'), 'paths of template files', 0).default([]),
  categories: textField('the path of a categories file').optional(),
  groups: groupsSchema,
  visitors: visitorsSchema,
  pacedBy: wordField(PACED_BY).default('algorithm'),
  ledgerReset: ledgerResetSchema.default(0),
  strategies: sectionField({
    engagement: textField('the path of an SCXML document').optional(),
    chatRouting: textField('the path of an SCXML document').optional(),
  }).default({}),
  options: z
    .record(z.string(), z.record(z.string(), optionValue, { error: 'expected a map of values by option' }), {
      error: 'expected a map of options by section',
    })
    .default({}),
  fidelity: wordField(['improved', 'faithful']).default('improved'),
  cluster: sectionField({
    frontends: numberField({ whole: true, min: 1, max: 100 }).default(1),
    backends: numberField({ whole: true, min: 1, max: 100 }).default(1),
  }).default({ frontends: 1, backends: 1 }),
  faults: listField(faultSchema, 'faults', 0).default([]),
  whatIf: listField(whatIfSchema, 'what-ifs such as { at: 30m, goal: 5 }', 0).default([]),
  captions: listField(
    sectionField({ at: durationSchema, text: textField('the text of the caption') }),
    'captions',
    0,
  ).default([]),
  thresholds: listField(textField('a threshold such as "abandonmentShare <= 3%"'), 'thresholds', 0).default([]),
});

export type ScenarioFile = z.output<typeof scenarioFileSchema>;
