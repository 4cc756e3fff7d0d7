/** Runs of the test simulator with reactive visitors beside proactive ones, and their figures as shares. */
import { createForecast, epochsOf } from '#core/pacing/create-forecast.ts';
import { createPacer } from '#core/pacing/create-pacer.ts';
import { DualSide } from '#core/pacing/dual-side.ts';
import { GroupPacer } from '#core/pacing/group-pacer.ts';
import { GroupWatch } from '#core/pacing/group-watch.ts';
import type { Pacer, PacingSettings } from '#core/pacing/pacer.ts';
import { defaultTuning, type PacingTuning } from '#core/pacing/tuning.ts';
import { abandonmentGoal, busyGoal } from '#tests/core/pacing/fixture-pacing.ts';
import { drawWebVisitor } from '#tests/oracles/pacing-scenarios.ts';
import { simulatePacing, type InviteRule } from '#tests/oracles/pacing-simulator.ts';

export interface DualCase {
  readonly slots: number;
  /** Reactive chats asked for, in Erlang a slot. */
  readonly load: number;
  /** proactiveRatio as a share. */
  readonly ratio: number;
  readonly runs: number;
  readonly hours: number;
  /** BUSY_FACTOR with this goal; else abandonment of at most 3 %. */
  readonly busyGoal?: number;
  /** Reactive visitors are not held back where the ratio is 0. */
  readonly faithful?: boolean;
  /** To break the pacer on purpose. */
  readonly tuning?: Partial<PacingTuning>;
  /** The same: an invite's risk is that of the chats already there, without the price of a slot to those who are to come. */
  readonly unpriced?: boolean;
}

/** Of all chats, of proactive and of reactive ones; of all slot time; of those who asked. */
export interface DualFigures {
  readonly abandoned: number;
  readonly proactiveAbandoned: number;
  readonly reactiveAbandoned: number;
  readonly proactiveBusy: number;
  readonly reactiveBusy: number;
  readonly letIn: number;
}

/** SUPER_PROGRESSIVE_DUAL below 30 slots, PREDICTIVE_B_DUAL from there on; handle time 240 s; two hours of warm-up. */
export function dualFigures(given: DualCase): readonly DualFigures[] {
  return Array.from({ length: given.runs }, (_, index) => runDual(given, index + 1));
}

export function meanShare(figures: readonly DualFigures[], name: keyof DualFigures): number {
  return figures.reduce((sum, figure) => sum + figure[name], 0) / figures.length;
}

function runDual({ slots, load, ratio, hours, busyGoal: goal, ...broken }: DualCase, seed: number): DualFigures {
  const settings: PacingSettings = {
    ...(goal === undefined ? abandonmentGoal : busyGoal(goal)),
    algorithm: slots < 30 ? 'SUPER_PROGRESSIVE_DUAL' : 'PREDICTIVE_B_DUAL',
    proactiveShare: ratio,
    reactiveProtected: broken.faithful !== true,
  };
  const tuning = { ...defaultTuning, ...broken.tuning };
  const pacer = broken.unpriced === true ? createUnpriced(settings, tuning) : createPacer('chat', settings, tuning);
  const reactive = { perHour: load * slots * 15, reserved: Math.ceil(ratio * slots - 1e-9) };
  const scenario = { slots, draw: drawWebVisitor, leadsPerHour: null, hours, warmupHours: 2, seed, reactive };
  const figures = simulatePacing(scenario, pacer satisfies InviteRule);
  return {
    abandoned:
      (figures.abandoned + figures.reactive.abandoned) / Math.max(1, figures.accepted + figures.reactive.letIn),
    proactiveAbandoned: figures.abandoned / Math.max(1, figures.accepted),
    reactiveAbandoned: figures.reactive.abandoned / Math.max(1, figures.reactive.letIn),
    proactiveBusy: figures.busyShare - figures.reactive.busyShare,
    reactiveBusy: figures.reactive.busyShare,
    letIn: figures.reactive.letIn / Math.max(1, figures.reactive.asked),
  };
}

/** As `createPacer` makes it, but for its forecast: the shadow price is taken out. */
function createUnpriced(settings: PacingSettings, tuning: PacingTuning): Pacer {
  const own = { ...tuning, epochs: epochsOf(settings.algorithm, tuning) };
  const watch = new GroupWatch(settings.inviteTimeoutMs, own);
  const forecast = createForecast(settings.algorithm, own.epochs);
  forecast.risk = () => forecast.presentRisk();
  return new GroupPacer('chat', settings, { watch, forecast, dual: new DualSide(settings, own, watch) }, own);
}
