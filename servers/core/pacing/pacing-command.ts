/**
 * What-if: pacing is told another goal, target or algorithm while it runs. A command is an event of the contact center, stamped
 * and journalled like any other, and outlives a restart; the options stay what they are. It names what is to change, in
 * absolute terms, so that hearing it twice changes nothing.
 */
import type { OptimizationTarget } from './optimization-target.ts';
import type { PacingAlgorithm } from './pacing-algorithm.ts';
import type { PacedBy } from './plain-rule.ts';

/** What pacing goes by at the moment; all groups by the same. Shares are 0..1. */
export interface PacingInForce {
  readonly algorithm: PacingAlgorithm;
  readonly target: OptimizationTarget;
  readonly goalShare: number;
  readonly proactiveShare: number;
  readonly pacedBy: PacedBy;
}

/** What is left out stays as it is. A target comes with its goal: 3 % abandoned and 3 % busy are different wishes. */
export type PacingChange = { readonly [K in keyof PacingInForce]?: PacingInForce[K] | undefined };

/** Who gave it: the scenario's file, or somebody at the screen. */
export type PacingCommander = 'scenario' | 'screen';

export interface PacingCommand {
  readonly type: 'pacingCommand';
  /** Unique in the run: the same command may arrive twice. */
  readonly commandId: string;
  readonly by: PacingCommander;
  readonly change: PacingChange;
}

/** The row that keeps it: `serial` counts the commands in the order in which they were obeyed. */
export interface PacingCommandRow {
  readonly kind: 'pacingCommand';
  readonly id: string;
  readonly at: number;
  readonly serial: number;
  readonly change: PacingChange;
}

export function changePacing(inForce: PacingInForce, change: PacingChange): PacingInForce {
  return {
    algorithm: change.algorithm ?? inForce.algorithm,
    target: change.target ?? inForce.target,
    goalShare: change.goalShare ?? inForce.goalShare,
    proactiveShare: change.proactiveShare ?? inForce.proactiveShare,
    pacedBy: change.pacedBy ?? inForce.pacedBy,
  };
}

/** "goal 5 % instead of 3 %, algorithm PREDICTIVE_B instead of SUPER_PROGRESSIVE"; "nothing changes" where that is so. */
export function describePacingChange(before: PacingInForce, after: PacingInForce): string {
  const changes: string[] = [];
  const tell = (name: string, was: string, is: string): void => {
    if (was !== is) changes.push(`${name} ${is} instead of ${was}`);
  };
  tell('goal', goalText(before), goalText(after));
  tell('algorithm', before.algorithm, after.algorithm);
  tell('proactiveRatio', percent(before.proactiveShare), percent(after.proactiveShare));
  tell('paced by', pacedByText(before), pacedByText(after));
  return changes.length === 0 ? 'nothing changes' : changes.join(', ');
}

function goalText({ target, goalShare }: PacingInForce): string {
  return target === 'BUSY_FACTOR'
    ? `agents busy at least ${percent(goalShare)}`
    : `at most ${percent(goalShare)} abandoned`;
}

function pacedByText({ pacedBy }: PacingInForce): string {
  return pacedBy === 'algorithm' ? 'the algorithm' : `the plain rule ${pacedBy}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}
