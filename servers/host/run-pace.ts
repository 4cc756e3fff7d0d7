/**
 * Virtual time paced by wall time: how far a run should be by now at its speed, and how fast it truly went. A run that can't keep
 * up owes nothing: the pace starts anew from where it is, and the reached speed tells.
 */
import type { RunSpeed } from '#protocol/run-feed.ts';

export interface RunPace {
  /** From here on at this speed. */
  anchor(wallMs: number, virtualMs: number, speed: RunSpeed): void;
  /** Virtual ms that the run should have reached by `wallMs`; Infinity for `max`. */
  target(wallMs: number): number;
  /** The run is at `virtualMs`: forgets a debt of more than `DEBT_WALL_MS_MAX` wall milliseconds. */
  reached(wallMs: number, virtualMs: number): void;
  /** Virtual seconds a wall second over about the last second; 0 while nothing moved. */
  reachedSpeed(): number;
}

const DEBT_WALL_MS_MAX = 500;
const MEASURED_MS = 1_000;

export function createRunPace(): RunPace {
  let speed: RunSpeed = 1;
  let wallAnchor = 0;
  let virtualAnchor = 0;
  let samples: { readonly wallMs: number; readonly virtualMs: number }[] = [];

  const target = (wallMs: number): number =>
    speed === 'max' ? Number.POSITIVE_INFINITY : virtualAnchor + (wallMs - wallAnchor) * speed;
  return {
    anchor(wallMs, virtualMs, newSpeed) {
      speed = newSpeed;
      wallAnchor = wallMs;
      virtualAnchor = virtualMs;
      samples = [{ wallMs, virtualMs }];
    },
    target,
    reached(wallMs, virtualMs) {
      if (speed !== 'max' && target(wallMs) - virtualMs > DEBT_WALL_MS_MAX * speed) {
        wallAnchor = wallMs;
        virtualAnchor = virtualMs;
      }
      samples.push({ wallMs, virtualMs });
      while (samples.length > 2 && wallMs - (samples[1]?.wallMs ?? wallMs) >= MEASURED_MS) samples.shift();
    },
    reachedSpeed() {
      const first = samples[0];
      const last = samples.at(-1);
      if (!first || !last || last.wallMs <= first.wallMs) return 0;
      return (last.virtualMs - first.virtualMs) / (last.wallMs - first.wallMs);
    },
  };
}
