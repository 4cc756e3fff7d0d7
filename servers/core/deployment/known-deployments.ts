/** What the rows of the operations store say about deployments: which version is in force, and whether one is undecided. */
import type { OperationsRow } from '#core/effects.ts';
import type {
  DeploymentOutcomeRow,
  DeploymentRow,
  KnownDeployments,
  RulesContent,
  RulesVersion,
} from './deployment.ts';

/** Rows that tell of deployments. */
export const DEPLOYMENT_KINDS: readonly OperationsRow['kind'][] = ['deployment', 'deploymentOutcome'];

export interface PastDeployment {
  readonly version: number;
  readonly row: DeploymentRow;
  /** Null: undecided. */
  readonly outcome: DeploymentOutcomeRow | null;
}

/** All deployments of which there are rows, in the order of their versions. */
export function listDeployments(rows: readonly OperationsRow[]): readonly PastDeployment[] {
  const outcomes = new Map<string, DeploymentOutcomeRow>();
  for (const row of rows) if (row.kind === 'deploymentOutcome') outcomes.set(row.id, row);
  return rows
    .filter((row) => row.kind === 'deployment')
    .map((row) => ({ version: Number(row.id), row, outcome: outcomes.get(row.id) ?? null }))
    .toSorted((a, b) => a.version - b.version);
}

/** `base`: what the nodes were started with. */
export function readDeployments(rows: readonly OperationsRow[], base: RulesContent): KnownDeployments {
  const past = listDeployments(rows);
  const committed = past.findLast(({ outcome }) => outcome?.outcome === 'committed');
  const last = past.at(-1);
  return {
    inForce: committed === undefined ? { version: 0, content: base } : versionOf(committed.row),
    decided: past.findLast(({ outcome }) => outcome !== null)?.version ?? 0,
    undecided: last !== undefined && last.outcome === null ? last.row : null,
  };
}

/** What was in force under a version that was committed, or under 0; undefined where there is no such version. */
export function contentOf(
  rows: readonly OperationsRow[],
  version: number,
  base: RulesContent,
): RulesContent | undefined {
  if (version === 0) return base;
  const found = listDeployments(rows).find((one) => one.version === version);
  return found?.outcome?.outcome === 'committed' ? found.row.content : undefined;
}

export function versionOf(row: DeploymentRow): RulesVersion {
  return { version: Number(row.id), content: row.content };
}
