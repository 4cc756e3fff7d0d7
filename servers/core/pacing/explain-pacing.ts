/**
 * What pacing would decide in a state that is written down, with known parameters: the rule without estimators and
 * controllers, for worked examples and for `engage pacing explain`.
 */
import { assert } from '../assert.ts';
import { SUPPORTED_ALGORITHMS } from './create-pacer.ts';
import type { Binding, PacingAlgorithm } from './pacer.ts';
import { PoissonBinomialBacklog } from './poisson-binomial-backlog.ts';
import { createExponentialResponse } from './response-model.ts';
import { defaultTuning } from './tuning.ts';

/** Every invite ends after an exponential time of `response.meanSeconds`, accepted with `response.acceptShare`. */
export interface PacingQuestion {
  readonly algorithm: PacingAlgorithm;
  readonly slots: number;
  readonly busy: number;
  readonly queued: number;
  readonly pending: number;
  readonly response: { readonly acceptShare: number; readonly meanSeconds: number };
  readonly handleMeanSeconds: number;
  /** null: who finds all slots busy is lost. */
  readonly patienceMeanSeconds: number | null;
  /** At least one of the two limits is needed; null: not limited by it. */
  readonly riskLimit: number | null;
  readonly idleLimit: number | null;
}

export interface PacingAnswer {
  /** Invites that may go out now. */
  readonly invites: number;
  /** Risk and expected idle slots of the first, second, ... invite, up to the one that is not sent any more. */
  readonly risk: readonly number[];
  readonly idle: readonly number[];
  /** The limit that ended it; null where the safeguard or the empty group did. */
  readonly limit: number | null;
  readonly binding: Binding;
}

export function explainPacing(question: PacingQuestion): PacingAnswer {
  const { slots, busy, queued, pending, response, patienceMeanSeconds, riskLimit, idleLimit } = question;
  assert(
    SUPPORTED_ALGORITHMS.includes(question.algorithm),
    `pacing algorithm ${question.algorithm} is not supported yet`,
  );
  assert(riskLimit !== null || idleLimit !== null, 'a risk limit or an idle limit is needed');
  if (slots === 0) return { invites: 0, risk: [], idle: [], limit: null, binding: 'group' };
  const backlog = new PoissonBinomialBacklog(defaultTuning.epochs);
  backlog.begin(
    {
      slots,
      busy,
      queued,
      pending,
      ages: new Float64Array(pending),
      releasePerSecond: 1 / question.handleMeanSeconds,
      abandonPerSecond: patienceMeanSeconds === null ? Infinity : 1 / patienceMeanSeconds,
    },
    createExponentialResponse(response.acceptShare, response.meanSeconds, defaultTuning.epochs),
  );
  const room = Math.ceil((2 * slots) / Math.max(response.acceptShare, defaultTuning.acceptShareMin)) - pending;
  const risk: number[] = [];
  const idle: number[] = [];
  for (let invites = 0; ; invites += 1) {
    backlog.setInvites(invites);
    const nextRisk = backlog.risk();
    const nextIdle = backlog.idle();
    risk.push(nextRisk);
    idle.push(nextIdle);
    if (riskLimit !== null && nextRisk > riskLimit) return { invites, risk, idle, limit: riskLimit, binding: 'risk' };
    if (idleLimit !== null && nextIdle <= idleLimit) return { invites, risk, idle, limit: idleLimit, binding: 'idle' };
    if (invites >= room) return { invites, risk, idle, limit: null, binding: 'kmax' };
  }
}
