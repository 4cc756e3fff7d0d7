/** What-if as a form holds it: what pacing goes by, in per cent, and what of it was changed. */
import type { PacingChange, PacingInForce } from '#protocol/run-feed.ts';

export interface WhatIfForm {
  readonly target: PacingInForce['target'];
  /** Per cent; null: the field is empty. */
  readonly goal: number | null;
  readonly algorithm: PacingInForce['algorithm'];
  readonly proactiveRatio: number | null;
  readonly pacedBy: PacingInForce['pacedBy'];
}

export interface WhatIfAnswer {
  /** What is to be told; null: nothing changes, or something is wrong. */
  readonly change: PacingChange | null;
  readonly problems: Readonly<Partial<Record<keyof WhatIfForm, string>>>;
}

export const ALGORITHM_LABELS: readonly { readonly value: PacingInForce['algorithm']; readonly label: string }[] = [
  { value: 'SUPER_PROGRESSIVE', label: 'SUPER_PROGRESSIVE (1 to 30 agents)' },
  { value: 'SUPER_PROGRESSIVE_DUAL', label: 'SUPER_PROGRESSIVE_DUAL (reactive too)' },
  { value: 'PREDICTIVE_B', label: 'PREDICTIVE_B (from 30 agents on)' },
  { value: 'PREDICTIVE_B_DUAL', label: 'PREDICTIVE_B_DUAL (reactive too)' },
];

export const PACED_BY_LABELS: readonly { readonly value: PacingInForce['pacedBy']; readonly label: string }[] = [
  { value: 'algorithm', label: 'the algorithm' },
  { value: 'none', label: 'none: every usable hot lead is invited' },
  { value: 'progressive', label: 'progressive: one a ready slot' },
  { value: 'ratio', label: 'ratio: ready slots / accept share' },
  { value: 'erlangA', label: 'erlangA: an open loop at its rate' },
];

export function isDualForm({ algorithm }: WhatIfForm): boolean {
  return algorithm.endsWith('_DUAL');
}

export function whatIfForm(inForce: PacingInForce): WhatIfForm {
  const { target, goalShare, algorithm, proactiveShare, pacedBy } = inForce;
  return { target, goal: percent(goalShare), algorithm, proactiveRatio: percent(proactiveShare), pacedBy };
}

/** A target always comes with its goal: 3 % abandoned and 3 % busy are different wishes. */
export function answerWhatIf(inForce: PacingInForce, form: WhatIfForm): WhatIfAnswer {
  const { target, goal, algorithm, proactiveRatio, pacedBy } = form;
  const problems: Partial<Record<keyof WhatIfForm, string>> = {};
  if (goal === null || goal < 1 || goal > 99) problems.goal = 'from 1 to 99 %';
  if (isDualForm(form) && (proactiveRatio === null || proactiveRatio < 0 || proactiveRatio > 100))
    problems.proactiveRatio = 'from 0 to 100 %';
  if (Object.keys(problems).length > 0 || goal === null) return { change: null, problems };
  const was = whatIfForm(inForce);
  const change: PacingChange = {
    ...(target === was.target ? {} : { target }),
    ...(target === was.target && goal === was.goal ? {} : { goalShare: goal / 100 }),
    ...(algorithm === was.algorithm ? {} : { algorithm }),
    ...(!isDualForm(form) || proactiveRatio === null || proactiveRatio === was.proactiveRatio
      ? {}
      : { proactiveShare: proactiveRatio / 100 }),
    ...(pacedBy === was.pacedBy ? {} : { pacedBy }),
  };
  return { change: Object.keys(change).length > 0 ? change : null, problems };
}

/** To what it was before a command: all of it, whatever the command changed. */
export function changeBack(before: PacingInForce): PacingChange {
  const { algorithm, target, goalShare, proactiveShare, pacedBy } = before;
  return { algorithm, target, goalShare, proactiveShare, pacedBy };
}

function percent(share: number): number {
  return Number((share * 100).toPrecision(6));
}
