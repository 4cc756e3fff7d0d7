/**
 * One simulated run of a scenario, advanced by hand: figures, course, agents and stream at any moment. Deterministic by
 * scenario and seed, however it is advanced.
 */
import type { PacingChange } from '#core/pacing/pacing-command.ts';
import type { Scenario } from '#protocol/scenario.ts';
import type { StoreProfile } from '#sim/latency.ts';
import type { Simulation } from '#sim/simulation.ts';
import { RunBook } from './run-book.ts';
import type { EventWriter, JournalWriter } from './run-recorder.ts';
import { createSimulation } from './sim-nodes.ts';

export interface SimRunChoice {
  readonly seed: number;
  readonly store?: StoreProfile;
  /** Keep the stream of events for a screen; off by default, as it costs time. */
  readonly stream?: boolean;
  readonly journal?: JournalWriter;
  readonly events?: EventWriter | undefined;
}

export function createSimRun(scenario: Scenario, choice: SimRunChoice): SimRun {
  return new SimRun(scenario, choice);
}

export class SimRun extends RunBook {
  readonly #simulation: Simulation;

  constructor(scenario: Scenario, choice: SimRunChoice) {
    const { seed, stream, journal, events } = choice;
    super(scenario, { mode: 'sim', seed, stream, journal, events });
    const simulation = createSimulation(scenario, {
      seed: choice.seed,
      store: choice.store ?? 'sqlite',
      observer: this.recorder,
    });
    this.#simulation = simulation;
    simulation.start();
    this.open({
      traffic: () => ({ ...simulation.network.traffic(), dropped: simulation.dropped }),
      visitsInProgress: () => simulation.visitorsOnSite,
    });
  }

  get kernelEvents(): number {
    return this.#simulation.kernelEvents;
  }

  /**
   * Advances to `virtualMs` (or the end) in steps of at most a bucket; stops early where `shouldYield`, asked after
   * each step, says so. Returns what was reached.
   */
  advanceTo(virtualMs: number, shouldYield?: () => boolean): number {
    const target = Math.min(virtualMs, this.totalMs);
    while (this.virtualMs < target) {
      this.#simulateTo(Math.min(target, this.nextBoundaryMs));
      if (shouldYield?.() === true) break;
    }
    return this.virtualMs;
  }

  /** To the next decision of rules or pacing, or the end; the clock then stands at the full millisecond after it. */
  stepToDecision(): number {
    const { decisions } = this.recorder;
    while (this.recorder.decisions === decisions && !this.finished) {
      const boundaryUs = this.nextBoundaryMs * 1_000;
      if (this.#simulation.nextUs > boundaryUs) {
        this.#simulateTo(boundaryUs / 1_000);
        continue;
      }
      this.#simulation.step();
      if (this.recorder.decisions !== decisions) this.#simulateTo(Math.ceil(this.#simulation.nowUs / 1_000));
    }
    return this.virtualMs;
  }

  /** Throws CONFLICT where pacing is off. */
  command(change: PacingChange): void {
    this.#simulation.command(this.createCommand(change));
  }

  /** Gives back what the machines hold; what was found stays to be asked. Who forgets leaves it to the collector. */
  close(): void {
    this.#simulation.network.contactCenter.machine.close();
  }

  #simulateTo(virtualMs: number): void {
    this.#simulation.runUntil(virtualMs * 1_000);
    this.reach(virtualMs);
  }
}
