/** What a Backend tells of deployments: read from the store at each question, and from the Frontends themselves. */
import { listDeployments, readDeployments, type PastDeployment } from '#core/deployment/known-deployments.ts';
import type { RulesContent } from '#core/deployment/deployment.ts';
import type { OperationsRow } from '#core/effects.ts';
import type { NodeAddress } from '#node/node-ipc.ts';
import { aboutReplySchema } from '#protocol/wire-about.ts';
import type { Deployment, NodeRulesState, PastDeploymentReply, RulesReply } from '#protocol/wire-deploy.ts';
import type { Deployments } from './deployments.ts';

/** A Frontend that is silent for so long can't be reached, wall ms. */
const ABOUT_MS_MAX = 2_000;

export async function viewRules(deployments: Deployments, eventMode: boolean): Promise<RulesReply> {
  const rows = await deployments.rows();
  const { inForce, undecided } = readDeployments(rows, deployments.base);
  const nodes = await Promise.all(deployments.frontends.map(askFrontend));
  const { version, content } = inForce;
  return {
    version,
    inCharge: deployments.inCharge.name,
    fidelity: deployments.fidelity,
    eventMode,
    undecided: undecided === null ? null : Number(undecided.id),
    consistent: nodes.every((node) => !node.reachable || (node.version === version && node.fence === 'open')),
    packages: content.packages.map(({ name, version: of, about, rules }) => ({
      name,
      version: of,
      about,
      rules: rules.length,
    })),
    categories: content.categories.map(({ name }) => name),
    nodes,
  };
}

/** The newest first, down to version 0. */
export function viewHistory(rows: readonly OperationsRow[]): readonly Deployment[] {
  return [...listDeployments(rows).map(describe).toReversed(), AS_STARTED];
}

/** Undefined: there is no such version. */
export function viewVersion(
  rows: readonly OperationsRow[],
  version: number,
  base: RulesContent,
): PastDeploymentReply | undefined {
  if (version === 0) return withContent(AS_STARTED, base);
  const past = listDeployments(rows).find((one) => one.version === version);
  return past && withContent(describe(past), past.row.content);
}

const AS_STARTED: Deployment = {
  version: 0,
  at: null,
  by: null,
  change: 'what the nodes were started with',
  outcome: 'committed',
  reasons: [],
  nodes: [],
};

function withContent(deployment: Deployment, { packages, categories }: RulesContent): PastDeploymentReply {
  return {
    ...deployment,
    packages: packages.map((one) => ({ ...one })),
    categories: categories.map((one) => ({ ...one })),
  };
}

function describe({ version, row, outcome }: PastDeployment): Deployment {
  const { at, by, change } = row;
  const reasons = [...(outcome?.reasons ?? [])];
  const nodes = [...(outcome?.nodes ?? [])];
  return { version, at, by, change, outcome: outcome?.outcome ?? 'undecided', reasons, nodes };
}

async function askFrontend({ name, url }: NodeAddress): Promise<NodeRulesState> {
  try {
    const reply = await fetch(new URL('/frontend/about', url), { signal: AbortSignal.timeout(ABOUT_MS_MAX) });
    const { rules } = aboutReplySchema.parse(await reply.json());
    if (rules !== undefined) return { name, reachable: true, ...rules };
  } catch {
    // Not there, too slow, or somebody else at its address: it is told as that.
  }
  return { name, reachable: false, version: null, fence: null, queued: null };
}
