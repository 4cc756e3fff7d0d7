/** What a Backend answers about deployments, as its clients read it (docs/deployment.md). Keys that a later version adds are let pass. */
import { z } from 'zod';
import { OperatingError } from '#protocol/operating-error.ts';

const deploymentSchema = z.object({
  version: z.number(),
  /** Epoch ms; null: what the nodes were started with. */
  at: z.number().nullable(),
  by: z.string().nullable(),
  change: z.string(),
  outcome: z.enum(['committed', 'aborted', 'unsuccessful', 'undecided']),
  reasons: z.array(z.string()).default([]),
  /** The version that each Frontend had confirmed. */
  nodes: z.array(z.object({ name: z.string(), version: z.number().nullable() })).default([]),
});

const statusSchema = z.object({
  version: z.number(),
  inCharge: z.string(),
  fidelity: z.enum(['improved', 'faithful']),
  eventMode: z.boolean(),
  undecided: z.number().nullable(),
  consistent: z.boolean(),
  packages: z.array(z.object({ name: z.string(), version: z.string(), rules: z.number() })),
  categories: z.array(z.string()),
  nodes: z.array(
    z.object({
      name: z.string(),
      reachable: z.boolean(),
      version: z.number().nullable(),
      fence: z.enum(['joining', 'open', 'up']).nullable(),
      queued: z.number().nullable(),
    }),
  ),
});

export type Deployment = z.output<typeof deploymentSchema>;
export type RulesStatus = z.output<typeof statusSchema>;

/** Each throws OperatingError where the answer is not that of a Backend. */
export function parseDeploymentAnswer(answer: unknown): Deployment {
  return read(deploymentSchema, answer);
}

export function parseDeploymentHistory(answer: unknown): readonly Deployment[] {
  return read(z.object({ deployments: z.array(deploymentSchema) }), answer).deployments;
}

export function parseRulesStatus(answer: unknown): RulesStatus {
  return read(statusSchema, answer);
}

function read<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('/') ?? '';
  throw new OperatingError(
    'UNAVAILABLE',
    `whoever answered is no Backend that knows deployments: ${where} ${issue?.message ?? ''}`,
  );
}
