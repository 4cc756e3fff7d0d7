/**
 * `engage rules deploy|status|history|rollback` and `engage categories deploy`: rules and categories of a running installation, by
 * the REST interface of the Backend in charge (docs/deployment.md).
 */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import pc from 'picocolors';
import type { Problem } from '#core/result.ts';
import { ENGAGE_CONFIG_FILE } from '#protocol/engage-config.ts';
import { EXIT, OperatingError } from '#protocol/operating-error.ts';
import {
  parseDeploymentAnswer,
  parseDeploymentHistory,
  parseRulesStatus,
  type Deployment,
  type RulesStatus,
} from '#protocol/wire-deploy-answers.ts';
import { readInstallation } from './installation.ts';

interface Where {
  readonly config: string;
  readonly backend?: string;
  readonly secretEnv?: string;
  readonly json?: true;
}

/** Where to ask, and by which secret. */
interface Door {
  readonly url: string;
  readonly secret: string;
}

const EXAMPLES = `
Examples:
  engage rules deploy rules/shop.yaml                       to the installation that engage.yaml describes
  engage rules deploy rules/shop.yaml --config /etc/engage/engage.yaml
  engage rules deploy rules/shop.yaml --backend http://127.0.0.1:9081 --secret-env ENGAGE_SECRET
  engage rules status                                       which packages are in force, and on which node which version
  engage rules history
  engage rules rollback 3                                   back to what version 3 had in force
  engage categories deploy categories/shop.yaml

Exit status: 0 every Frontend has it, 2 the file has faults or another deployment is under way, 4 a Frontend or the Backend was not
to be had. What happens in between, and what remains after a failure: docs/deployment.md.`;

/** Under `engage rules`. */
export function addRulesDeployCommands(rules: Command): void {
  withWhere(rules.command('deploy'))
    .description('a rule package into force on all Frontends, without a restart')
    .argument('<package>', 'a rule package file')
    .action(async (file: string, where: Where) => {
      await deploy('POST', '/backend/data/rules/deploy', file, readText(file), where);
    });
  withWhere(rules.command('status'))
    .description('the packages in force and the version of each Frontend')
    .action(async (where: Where) => {
      const status = parseRulesStatus(await ask(doorOf(where), 'GET', '/backend/data/rules'));
      say(where, status, () => describeStatus(status));
      if (!status.consistent) process.exitCode = EXIT.unavailable;
    });
  withWhere(rules.command('history'))
    .description('what was deployed, the newest first')
    .action(async (where: Where) => {
      const history = parseDeploymentHistory(await ask(doorOf(where), 'GET', '/backend/data/rules/history'));
      say(where, history, () => history.map(describeDeployment));
    });
  withWhere(rules.command('rollback'))
    .description('back to the packages and categories of an earlier version, as a new version')
    .argument('<version>', 'a version of the history')
    .action(async (version: string, where: Where) => {
      if (!/^\d{1,15}$/.test(version)) {
        throw new OperatingError('INVALID_USAGE', `expected a version such as 3, got ${version}`);
      }
      const body = JSON.stringify({ version: Number(version) });
      await deploy('POST', '/backend/data/rules/rollback', `version ${version}`, body, where);
    });
}

/** Under `engage categories`. */
export function addCategoriesDeployCommand(categories: Command): void {
  withWhere(categories.command('deploy'))
    .description('a category file into force on all Frontends, without a restart')
    .argument('<file>', 'a category file; it replaces all categories')
    .action(async (file: string, where: Where) => {
      await deploy('PUT', '/backend/data/categories', file, readText(file), where);
    });
}

function withWhere(command: Command): Command {
  return command
    .option('--config <file>', 'the configuration of the installation', ENGAGE_CONFIG_FILE)
    .option('--backend <url>', 'the Backend in charge, instead of a configuration')
    .option('--secret-env <name>', 'the environment variable with the secret, with --backend', 'ENGAGE_SECRET')
    .option('--json', 'the answer, for machines')
    .addHelpText('after', EXAMPLES);
}

/** By the configuration, the Backend in charge is the first by name. */
function doorOf({ config, backend, secretEnv = 'ENGAGE_SECRET' }: Where): Door {
  if (backend !== undefined) {
    const url = URL.parse(backend);
    if (url === null || !/^https?:$/.test(url.protocol)) {
      throw new OperatingError(
        'INVALID_USAGE',
        `expected --backend to be a URL such as http://127.0.0.1:9081, got ${backend}`,
      );
    }
    const secret = process.env[secretEnv]?.trim() ?? '';
    if (secret === '')
      throw new OperatingError('INVALID_USAGE', `expected the secret in the environment variable ${secretEnv}`);
    return { url: url.origin, secret };
  }
  const installation = readInstallation(config);
  const [first] = installation.config.nodes
    .filter(({ role }) => role === 'backend')
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  if (first === undefined) throw new OperatingError('INVALID_INPUT', `${config} names no Backend`);
  return { url: `http://${first.host}:${first.port}`, secret: installation.secret };
}

async function deploy(method: 'POST' | 'PUT', path: string, what: string, body: string, where: Where): Promise<void> {
  const isJson = body.trimStart().startsWith('{');
  const by = encodeURIComponent((process.env['USER'] ?? process.env['USERNAME'] ?? 'unknown').slice(0, 100));
  const type = isJson ? 'application/json' : 'application/yaml';
  const answer = await ask(doorOf(where), method, `${path}?by=${by}`, { type, body, what });
  const deployment = parseDeploymentAnswer(answer);
  say(where, deployment, () => [describeDeployment(deployment), ...describeNodes(deployment.nodes)]);
}

interface Sent {
  readonly type: string;
  readonly body: string;
  /** The file or version, for problems. */
  readonly what: string;
}

/** The answer's body. Throws OperatingError for every answer but 200, with all that it says. */
async function ask(door: Door, method: string, path: string, sent?: Sent): Promise<unknown> {
  const headers: Record<string, string> = { authorization: `Bearer ${door.secret}` };
  if (sent !== undefined) headers['content-type'] = sent.type;
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(`${door.url}${path}`, {
      method,
      headers,
      ...(sent === undefined ? {} : { body: sent.body }),
    });
    answer = await response.json();
  } catch (error) {
    const reason = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : '';
    throw new OperatingError('UNAVAILABLE', `no Backend answers at ${door.url}: ${reason}`);
  }
  if (response.ok) return answer;
  throw refusalOf(response.status, answer, door, sent?.what ?? '');
}

function refusalOf(status: number, answer: unknown, door: Door, what: string): OperatingError {
  const { message, problems, deployment } = refusalBody(answer);
  const outcome = deployment === undefined ? [] : ['', ...describeNodes(deployment.nodes)];
  const text = [message ?? `the Backend at ${door.url} answered ${status}`, ...outcome].join('\n');
  if (status === 400 || status === 413 || status === 415) {
    return new OperatingError(
      'INVALID_INPUT',
      text,
      problems.map((one) => ({ ...one, file: what })),
    );
  }
  if (status === 401) return new OperatingError('INVALID_USAGE', `the Backend at ${door.url} knows another secret`);
  if (status === 404) return new OperatingError('NOT_FOUND', text);
  if (status === 409) return new OperatingError('CONFLICT', text);
  return new OperatingError('UNAVAILABLE', text);
}

function refusalBody(answer: unknown): {
  readonly message: string | undefined;
  readonly problems: readonly Problem[];
  readonly deployment: Deployment | undefined;
} {
  const body = answer as { error?: { message?: string; problems?: readonly Problem[] }; deployment?: unknown } | null;
  return {
    message: body?.error?.message,
    problems: body?.error?.problems ?? [],
    deployment: body?.deployment === undefined ? undefined : parseDeploymentAnswer(body.deployment),
  };
}

function say(where: Where, answer: unknown, describe: () => readonly string[]): void {
  const text = where.json === true ? JSON.stringify(answer, null, 2) : describe().join('\n');
  process.stdout.write(`${text}\n`);
}

function describeStatus(status: RulesStatus): readonly string[] {
  const { version, inCharge, fidelity, undecided, consistent, packages, categories, nodes } = status;
  return [
    `version ${version}, ${inCharge} in charge, ${fidelity}${undecided === null ? '' : `; version ${undecided} is under way`}`,
    ...packages.map(
      (one) => `  ${pc.bold(one.name)} ${one.version}  ${one.rules} ${one.rules === 1 ? 'rule' : 'rules'}`,
    ),
    `  categories: ${categories.join(', ') || 'none'}`,
    ...nodes.map((node) =>
      node.reachable
        ? `  ${node.name}  version ${node.version ?? 'unknown'}, ${node.fence === 'up' ? `fenced, ${node.queued ?? 0} requests wait` : (node.fence ?? '')}`
        : `  ${pc.red(node.name)}  can not be reached`,
    ),
    consistent ? pc.green('every Frontend has it') : pc.red('not every Frontend has it'),
  ];
}

function describeDeployment({ version, at, by, change, outcome, reasons }: Deployment): string {
  const when = at === null ? '' : ` ${new Date(at).toISOString()} by ${by ?? 'unknown'}`;
  const colour = outcome === 'committed' ? pc.green : pc.red;
  return [`${colour(outcome)}  version ${version}${when}: ${change}`, ...reasons.map((reason) => `  ${reason}`)].join(
    '\n',
  );
}

function describeNodes(nodes: Deployment['nodes']): readonly string[] {
  return nodes.map(
    ({ name, version }) => `  ${name}  ${version === null ? pc.red('has not confirmed') : `version ${version}`}`,
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new OperatingError('FILE_NOT_FOUND', `there is no file ${file} that can be read`);
  }
}
