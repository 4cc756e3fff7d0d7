/**
 * `/backend/data/rules` and `/backend/data/categories`: authors deploy, roll back and look up. All of it wants the secret of the
 * run; what changes something is done by the Backend in charge alone. The contract for people is docs/deployment.md.
 */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DeploymentChange, RulesContent } from '#core/deployment/deployment.ts';
import type { OrderAnswer } from '#core/effects.ts';
import type { Problem, Result } from '#core/result.ts';
import { guardBySecret } from '#node/secret-guard.ts';
import { parseCategories } from '#protocol/category-file.ts';
import { OPERATING_ERRORS, OperatingError } from '#protocol/operating-error.ts';
import { parseRulePackage } from '#protocol/rule-package-file.ts';
import {
  DEPLOY_BODY_BYTES_MAX,
  deployErrorSchema,
  deploymentSchema,
  deployQuerySchema,
  historySchema,
  pastDeploymentSchema,
  rollbackBodySchema,
  rulesReplySchema,
  type DeployError,
  type DeployQuery,
  type RollbackBody,
} from '#protocol/wire-deploy.ts';
import { toJsonSchema } from '#protocol/wire-events-fields.ts';
import type { Deployments } from './deployments.ts';
import { viewHistory, viewRules, viewVersion } from './deployment-view.ts';

export interface DeploymentRoutesParts {
  readonly secret: string;
  readonly deployments: Deployments;
  /** `settings/event-mode` of this Backend. */
  readonly eventMode: boolean;
  /** Why nothing can be deployed now; null: it can. */
  readonly door: () => string | null;
}

const RULES_PATH = '/backend/data/rules';
const FILE_TYPES = ['application/json', 'application/yaml', 'application/x-yaml', 'text/yaml'];
const ERROR = toJsonSchema(deployErrorSchema);
const REFUSALS = { 400: ERROR, 401: ERROR, 409: ERROR, 413: ERROR, 503: ERROR };
const SECURED = { tags: ['deployment'], security: [{ nodeSecret: [] }] };

type Parse = (text: string, inForce: RulesContent) => Result<DeploymentChange, Problem>;
type DeployRequest = FastifyRequest<{ Querystring: DeployQuery; Body: string }>;

export async function addDeploymentRoutes(app: FastifyInstance, parts: DeploymentRoutesParts): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRequest', guardBySecret(parts.secret));
    addReading(scope, parts);
    addRollback(scope, parts);
    await scope.register(async (files) => {
      takeFiles(files);
      addDeploying(files, parts);
    });
  });
}

function addReading(scope: FastifyInstance, { deployments, eventMode }: DeploymentRoutesParts): void {
  const read = { ...SECURED, response: { 401: ERROR } };
  scope.get(
    RULES_PATH,
    {
      schema: {
        ...read,
        summary: 'What is in force, and what each Frontend has',
        response: { 200: toJsonSchema(rulesReplySchema), 401: ERROR },
      },
    },
    () => viewRules(deployments, eventMode),
  );
  scope.get(
    `${RULES_PATH}/history`,
    {
      schema: {
        ...read,
        summary: 'All deployments, the newest first',
        response: { 200: toJsonSchema(historySchema), 401: ERROR },
      },
    },
    async () => ({ deployments: viewHistory(await deployments.rows()) }),
  );
  scope.get<{ Params: { version: string } }>(
    `${RULES_PATH}/history/:version`,
    {
      schema: {
        ...read,
        summary: 'A deployment with its content',
        response: { 200: toJsonSchema(pastDeploymentSchema), 401: ERROR, 404: ERROR },
      },
    },
    async (request) => {
      const { version } = request.params;
      const found = /^\d{1,9}$/.test(version)
        ? viewVersion(await deployments.rows(), Number(version), deployments.base)
        : undefined;
      if (found === undefined) throw new OperatingError('NOT_FOUND', `there is no version ${version}`);
      return found;
    },
  );
}

function addDeploying(files: FastifyInstance, parts: DeploymentRoutesParts): void {
  const schema = {
    ...SECURED,
    consumes: FILE_TYPES,
    querystring: toJsonSchema(deployQuerySchema),
    response: { 200: toJsonSchema(deploymentSchema), ...REFUSALS, 415: ERROR },
  };
  const handle =
    (parse: Parse) =>
    async (request: DeployRequest, reply: FastifyReply): Promise<FastifyReply> => {
      if (isShut(parts, reply)) return reply;
      const parsed = parse(request.body, await parts.deployments.inForce());
      if (parsed.ok) return deploy(parts, parsed.value, request.query.by, reply);
      const message = `${parsed.problems.length} fault${parsed.problems.length === 1 ? '' : 's'}, nothing was deployed`;
      return replyError(reply, 400, {
        error: { code: 'INVALID_INPUT', message, problems: parsed.problems.map((problem) => ({ ...problem })) },
      });
    };
  const description = 'A file in the format of docs/rules.md, as JSON or YAML';
  files.post<{ Querystring: DeployQuery; Body: string }>(
    `${RULES_PATH}/deploy`,
    { schema: { ...schema, description, summary: 'Deploys a rule package to all Frontends' } },
    handle(parsePackage),
  );
  files.put<{ Querystring: DeployQuery; Body: string }>(
    '/backend/data/categories',
    { schema: { ...schema, description, summary: 'Deploys categories, in place of all others, to all Frontends' } },
    handle(parseCategoryFile),
  );
}

function addRollback(scope: FastifyInstance, parts: DeploymentRoutesParts): void {
  const schema = {
    ...SECURED,
    summary: 'Deploys what was in force under an earlier version, as a new version',
    querystring: toJsonSchema(deployQuerySchema),
    body: toJsonSchema(rollbackBodySchema),
    response: { 200: toJsonSchema(deploymentSchema), ...REFUSALS, 404: ERROR },
  };
  scope.post<{ Querystring: DeployQuery; Body: RollbackBody }>(
    `${RULES_PATH}/rollback`,
    { schema },
    async (request, reply) => {
      if (isShut(parts, reply)) return reply;
      return deploy(parts, { kind: 'rollback', version: request.body.version }, request.query.by, reply);
    },
  );
}

/** Files come as text, whatever their type says: JSON is YAML too, and faults are told with their lines. */
function takeFiles(files: FastifyInstance): void {
  files.removeAllContentTypeParsers();
  files.addContentTypeParser(
    FILE_TYPES,
    { parseAs: 'buffer', bodyLimit: DEPLOY_BODY_BYTES_MAX },
    (_request, body: Buffer, done) => {
      if (isUtf8(body)) done(null, body.toString());
      else done(new OperatingError('INVALID_INPUT', 'expected UTF-8'));
    },
  );
}

/** A rule that asks for a category that nobody defines never fires; where there are none at all, browsers send their own. */
function parsePackage(text: string, { categories }: RulesContent): Result<DeploymentChange, Problem> {
  const parsed = parseRulePackage(text, 'package', categories.length === 0 ? {} : { categories });
  return parsed.ok ? { ok: true, value: { kind: 'package', package: parsed.value } } : parsed;
}

function parseCategoryFile(text: string): Result<DeploymentChange, Problem> {
  const parsed = parseCategories(text, 'categories');
  return parsed.ok ? { ok: true, value: { kind: 'categories', categories: parsed.value } } : parsed;
}

/** Answers where this Backend does not deploy. */
function isShut({ deployments, eventMode, door }: DeploymentRoutesParts, reply: FastifyReply): boolean {
  const { name, url } = deployments.inCharge;
  const shut = door();
  if (url !== null) {
    const message = `${name} is in charge of deployment: ask there`;
    void replyError(reply, 409, { error: { code: 'CONFLICT', message }, inCharge: { name, url } });
  } else if (!eventMode) {
    const message =
      'settings/event-mode is false: this Backend says that it works on no events, and rule packages are about events';
    void replyError(reply, 409, { error: { code: 'CONFLICT', message } });
  } else if (shut !== null) {
    void replyError(reply, 503, { error: { code: 'UNAVAILABLE', message: shut } });
  }
  return url !== null || !eventMode || shut !== null;
}

async function deploy(
  { deployments }: DeploymentRoutesParts,
  change: DeploymentChange,
  by: string | undefined,
  reply: FastifyReply,
): Promise<FastifyReply> {
  return replyOrder(reply, await deployments.order(change, by ?? 'unknown'));
}

function replyOrder(reply: FastifyReply, answer: OrderAnswer): FastifyReply {
  if (answer.kind === 'refused') {
    const { code, message } = answer;
    return replyError(reply, OPERATING_ERRORS[code].http, { error: { code, message } });
  }
  const { report, faults } = answer;
  const deployment = { ...report, reasons: [...report.reasons], nodes: [...report.nodes] };
  if (report.outcome === 'committed') return reply.send(deployment);
  const code = faults.length > 0 ? 'INVALID_INPUT' : 'UNAVAILABLE';
  const message = `version ${report.version} is ${report.outcome}: ${report.reasons.join('; ')}`;
  return replyError(reply, OPERATING_ERRORS[code].http, { error: { code, message }, deployment });
}

function replyError(reply: FastifyReply, status: number, body: DeployError): FastifyReply {
  return reply.code(status).send(body);
}
