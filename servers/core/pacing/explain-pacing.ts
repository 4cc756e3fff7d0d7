/**
 * What pacing would decide in a state that is written down, with known parameters: the rule without estimators and
 * controllers, for worked examples and for `engage pacing explain`.
 */
import { assert } from '../assert.ts';
import type { BacklogForecast } from './backlog-forecast.ts';
import { createForecast, epochsOf } from './create-forecast.ts';
import type { Binding } from './pacer.ts';
import { isDual, type PacingAlgorithm } from './pacing-algorithm.ts';
import { reservedSlots } from './reserved-slots.ts';
import { createExponentialResponse } from './response-model.ts';
import { defaultTuning } from './tuning.ts';

/** Every invite ends after an exponential time of `response.meanSeconds`, accepted with `response.acceptShare`. */
export interface PacingQuestion {
  readonly algorithm: PacingAlgorithm;
  readonly slots: number;
  /** `busy`, `queued` and `pending` count proactive chats and invites. */
  readonly busy: number;
  readonly queued: number;
  readonly pending: number;
  readonly response: { readonly acceptShare: number; readonly meanSeconds: number };
  readonly handleMeanSeconds: number;
  /** null: who finds all slots busy is lost. */
  readonly patienceMeanSeconds: number | null;
  /** At least one of the limits is needed; null: not limited by it. */
  readonly riskLimit: number | null;
  readonly idleLimit: number | null;
  /** Limit on the risk to those who are there by then, which is all there is without reactive traffic; null: `riskLimit`. */
  readonly proactiveRiskLimit?: number | null;
  /** For the DUAL algorithms alone. */
  readonly reactive?: ReactiveQuestion;
  /** Share of the slots that is kept from reactive chats; the DUAL algorithms look at it. */
  readonly proactiveShare?: number;
}

export interface ReactiveQuestion {
  /** Reactive chats that are let in. */
  readonly ratePerSecond: number;
  readonly busy: number;
  readonly queued: number;
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

interface Limits {
  readonly risk: number | null;
  readonly present: number | null;
  readonly idle: number | null;
}

interface Ending {
  readonly limit: number | null;
  readonly binding: Binding;
}

export function explainPacing(question: PacingQuestion): PacingAnswer {
  const { slots, pending, response, riskLimit, idleLimit, proactiveRiskLimit = null } = question;
  assert(
    riskLimit !== null || idleLimit !== null || proactiveRiskLimit !== null,
    'a risk limit or an idle limit is needed',
  );
  if (slots === 0) return { invites: 0, risk: [], idle: [], limit: null, binding: 'group' };
  const reserved = isDual(question.algorithm) ? reservedSlots(slots, question.proactiveShare ?? 0) : 0;
  const shared = forecastOf(question, slots, reserved);
  const own = reserved > 0 ? forecastOf({ ...question, reactive: undefined }, reserved, 0) : null;
  const limits = { risk: riskLimit, present: proactiveRiskLimit, idle: idleLimit };
  const ownRisk = proactiveRiskLimit ?? riskLimit;
  const ownIdle = idleLimit === null ? null : (idleLimit * reserved) / slots;
  const ownLimits = { risk: ownRisk, present: null, idle: ownIdle };
  const room = Math.ceil((2 * slots) / Math.max(response.acceptShare, defaultTuning.acceptShareMin)) - pending;
  const risk: number[] = [];
  const idle: number[] = [];
  for (let invites = 0; ; invites += 1) {
    shared.setInvites(invites);
    risk.push(shared.risk());
    idle.push(shared.idle());
    const ending = endingOf(shared, limits);
    own?.setInvites(invites);
    if (ending !== null && (own === null || endingOf(own, ownLimits) !== null))
      return { invites, risk, idle, ...ending };
    if (invites >= room) return { invites, risk, idle, limit: null, binding: 'kmax' };
  }
}

/** Which limit forbids the next invite; null: none. */
function endingOf(forecast: BacklogForecast, limits: Limits): Ending | null {
  if (limits.risk !== null && forecast.risk() > limits.risk) return { limit: limits.risk, binding: 'risk' };
  if (limits.present !== null && forecast.presentRisk() > limits.present)
    return { limit: limits.present, binding: 'risk' };
  if (limits.idle !== null && forecast.idle() <= limits.idle) return { limit: limits.idle, binding: 'idle' };
  return null;
}

/** What is to come on so many slots, some of them kept from reactive chats. */
function forecastOf(
  question: Omit<PacingQuestion, 'reactive'> & { readonly reactive?: ReactiveQuestion | undefined },
  slots: number,
  reserved: number,
): BacklogForecast {
  const { algorithm, busy, queued, pending, response, patienceMeanSeconds, reactive } = question;
  const epochs = epochsOf(algorithm, defaultTuning);
  const forecast = createForecast(algorithm, epochs);
  const slotsMax = reserved === 0 ? Infinity : slots - reserved;
  forecast.begin(
    {
      slots,
      busy,
      queued,
      pending,
      ages: new Float64Array(pending),
      releasePerSecond: 1 / question.handleMeanSeconds,
      abandonPerSecond: patienceMeanSeconds === null ? Infinity : 1 / patienceMeanSeconds,
      ...(isDual(algorithm) && reactive !== undefined ? { reactive: { ...reactive, slotsMax } } : {}),
    },
    createExponentialResponse(response.acceptShare, response.meanSeconds, epochs),
  );
  return forecast;
}
