/**
 * Deployment of rules and categories at a Backend: what `/backend/data/rules` and `/backend/data/categories` take and answer.
 * Packages and categories travel in the formats of their files (rule-package-file.ts, category-file.ts).
 */
import { z } from 'zod';
import { nodeRulesSchema } from './wire-about.ts';

/** Of a rule package or a category file. */
export const DEPLOY_BODY_BYTES_MAX = 1024 * 1024;

const versionSchema = z.number().int().min(0);

export const deployQuerySchema = z.strictObject({ by: z.string().min(1).max(100).optional() });
export type DeployQuery = z.infer<typeof deployQuerySchema>;

export const rollbackBodySchema = z.strictObject({ version: versionSchema });
export type RollbackBody = z.infer<typeof rollbackBodySchema>;

const nodeVersionSchema = z.strictObject({ name: z.string(), version: versionSchema.nullable() });

export const deploymentSchema = z.strictObject({
  version: versionSchema,
  /** Epoch ms; null, as `by`: version 0, which the nodes were started with. */
  at: z.number().int().nullable(),
  by: z.string().nullable(),
  change: z.string(),
  outcome: z.enum(['committed', 'aborted', 'unsuccessful', 'undecided']),
  reasons: z.array(z.string()),
  nodes: z.array(nodeVersionSchema),
});
export type Deployment = z.infer<typeof deploymentSchema>;

export const historySchema = z.strictObject({ deployments: z.array(deploymentSchema) });

/** `packages` and `categories` as a Frontend has them in force. */
export const pastDeploymentSchema = deploymentSchema.extend({
  packages: z.array(z.looseObject({ name: z.string(), version: z.string() })),
  categories: z.array(z.looseObject({ name: z.string() })),
});
export type PastDeploymentReply = z.infer<typeof pastDeploymentSchema>;

/** A Frontend as it answers now. */
const nodeStateSchema = z.strictObject({
  name: z.string(),
  reachable: z.boolean(),
  version: nodeRulesSchema.shape.version.nullable(),
  fence: nodeRulesSchema.shape.fence.nullable(),
  queued: nodeRulesSchema.shape.queued.nullable(),
});
export type NodeRulesState = z.infer<typeof nodeStateSchema>;

export const rulesReplySchema = z.strictObject({
  version: versionSchema,
  inCharge: z.string(),
  fidelity: z.enum(['improved', 'faithful']),
  eventMode: z.boolean(),
  undecided: versionSchema.nullable(),
  /** Every Frontend that can be reached has `version` and is open. */
  consistent: z.boolean(),
  packages: z.array(
    z.strictObject({
      name: z.string(),
      version: z.string(),
      about: z.string().nullable(),
      rules: z.number().int(),
    }),
  ),
  categories: z.array(z.string()),
  nodes: z.array(nodeStateSchema),
});
export type RulesReply = z.infer<typeof rulesReplySchema>;

const problemSchema = z.strictObject({
  file: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  path: z.string(),
  message: z.string(),
});

/** A refusal: `problems` where the body has faults, `deployment` where one had begun, `inCharge` where another Backend is. */
export const deployErrorSchema = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    problems: z.array(problemSchema).optional(),
  }),
  deployment: deploymentSchema.optional(),
  inCharge: z.strictObject({ name: z.string(), url: z.string() }).optional(),
});
export type DeployError = z.infer<typeof deployErrorSchema>;
