/** What a what-if command may change of pacing: as a scenario's file writes it, and as a screen sends it. */
import { z } from 'zod';
import type { OptimizationTarget } from '#core/pacing/optimization-target.ts';
import type { PacingAlgorithm } from '#core/pacing/pacing-algorithm.ts';
import type { PacingChange } from '#core/pacing/pacing-command.ts';
import type { PacedBy } from '#core/pacing/plain-rule.ts';
import { durationSchema } from '#protocol/quantities.ts';
import { numberField, sectionField, wordField } from '#protocol/scenario-file-fields.ts';
import type { WhatIf } from '#protocol/scenario.ts';

export const PACED_BY = ['algorithm', 'none', 'progressive', 'ratio', 'erlangA'] as const satisfies readonly PacedBy[];

export const PACING_ALGORITHMS = [
  'SUPER_PROGRESSIVE',
  'SUPER_PROGRESSIVE_DUAL',
  'PREDICTIVE_B',
  'PREDICTIVE_B_DUAL',
] as const satisfies readonly PacingAlgorithm[];

const TARGETS = ['ABANDONMENT_RATE', 'BUSY_FACTOR'] as const satisfies readonly OptimizationTarget[];

const NOTHING = 'expected at least one of algorithm, target, goal, proactiveRatio, pacedBy';
const NO_GOAL = 'missing, a target comes with its goal';

/** `{ at: 30m, goal: 5 }`: names and units are those of the options. */
export const whatIfSchema = sectionField({
  at: durationSchema,
  algorithm: wordField(PACING_ALGORITHMS).optional(),
  target: wordField([...TARGETS, 'ABANDONEMENT_RATE']).optional(),
  goal: numberField({ whole: true, what: 'per cent', min: 1, max: 99 }).optional(),
  proactiveRatio: numberField({ whole: true, what: 'per cent', min: 0, max: 100 }).optional(),
  pacedBy: wordField(PACED_BY).optional(),
}).transform((given, context): WhatIf => {
  const { at, algorithm, target, goal, proactiveRatio, pacedBy } = given;
  if (Object.keys(given).length === 1) context.addIssue({ code: 'custom', message: NOTHING });
  if (target !== undefined && goal === undefined)
    context.addIssue({ code: 'custom', path: ['goal'], message: NO_GOAL });
  return {
    atMs: at,
    change: {
      ...(algorithm === undefined ? {} : { algorithm }),
      ...(target === undefined ? {} : { target: target === 'BUSY_FACTOR' ? target : 'ABANDONMENT_RATE' }),
      ...(goal === undefined ? {} : { goalShare: goal / 100 }),
      ...(proactiveRatio === undefined ? {} : { proactiveShare: proactiveRatio / 100 }),
      ...(pacedBy === undefined ? {} : { pacedBy }),
    },
  };
});

/** The same as a screen sends it: shares 0..1. */
export const pacingChangeSchema = z
  .strictObject({
    algorithm: z.enum(PACING_ALGORITHMS).optional(),
    target: z.enum(TARGETS).optional(),
    goalShare: z.number().min(0.01).max(0.99).optional(),
    proactiveShare: z.number().min(0).max(1).optional(),
    pacedBy: z.enum(PACED_BY).optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), { error: NOTHING })
  .refine(({ target, goalShare }) => target === undefined || goalShare !== undefined, {
    path: ['goalShare'],
    error: NO_GOAL,
  }) satisfies z.ZodType<PacingChange>;
