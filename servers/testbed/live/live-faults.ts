/**
 * What is done to the nodes of a live run on purpose: by the scenario's schedule, in domain time, or by command. Each fault is
 * told when it is applied and when it has ended, so that reports and the parity check know what was lost to whom.
 */
import { assertNever } from '#core/assert.ts';
import type { DomainTimers } from '#node/domain-timers.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { Fault, FaultKind } from '#protocol/scenario.ts';
import type { PartitionKind } from '#testbed/live/live-peers.ts';

/** Added each way to the connections of a node that is slowed. */
const SLOW_MS_DEFAULT = 200;

export interface FaultReport {
  /** Counts from 1 in the order of application. */
  readonly id: number;
  readonly kind: FaultKind;
  readonly node: string;
  /** The incarnation that it struck. */
  readonly incarnation: number;
  /** `refused`: it met a node that was already struck or did not run, and did nothing; `why` says so. */
  readonly phase: 'applied' | 'ended' | 'refused';
  /** Domain time, epoch ms. */
  readonly atMs: number;
  readonly why: string | null;
}

/** A fault as it is struck: a scenario's, or by command with more to say. `forMs` null: until it is ended by hand. */
export interface LiveFault extends Pick<Fault, 'kind' | 'node' | 'forMs'> {
  /** Of `slow`, each way. */
  readonly latencyMs?: number;
  readonly partition?: PartitionKind;
}

/** What faults can do to a cluster. */
export interface FaultHands {
  incarnationOf(node: string): number;
  runs(node: string): boolean;
  kill(node: string): Promise<void>;
  /** Clean. */
  end(node: string): Promise<void>;
  /** Resolves when it serves again. */
  start(node: string): Promise<void>;
  hold(node: string): void;
  release(node: string): void;
  slow(node: string, latencyMs: number): void;
  partition(node: string, kind: PartitionKind): void;
  heal(node: string): void;
}

export class LiveFaults {
  readonly #hands: FaultHands;
  readonly #clock: { now(): number };
  readonly #timers: DomainTimers;
  readonly #onReport: (report: FaultReport) => void;
  /** A fault that could not be applied or ended as it should. */
  readonly #onError: (error: unknown) => void;
  /** By node: its fault that has not ended. */
  readonly #active = new Map<string, FaultReport>();
  readonly #reports: FaultReport[] = [];
  #lastId = 0;

  constructor(
    hands: FaultHands,
    clock: { now(): number },
    timers: DomainTimers,
    onReport: (report: FaultReport) => void,
    onError: (error: unknown) => void,
  ) {
    this.#hands = hands;
    this.#clock = clock;
    this.#timers = timers;
    this.#onReport = onReport;
    this.#onError = onError;
  }

  /** All that was told, in its order. */
  get reports(): readonly FaultReport[] {
    return this.#reports;
  }

  /** @param startsAtMs the run's first moment, epoch ms. A fault whose node is already struck is told as refused. */
  schedule(faults: readonly Fault[], startsAtMs: number): void {
    for (const fault of faults) {
      this.#timers.at(startsAtMs + fault.atMs, () => {
        this.apply(fault).catch((error: unknown) => {
          if (!(error instanceof OperatingError) || error.code !== 'CONFLICT') return this.#onError(error);
          this.#tell({ ...this.#describe(fault), phase: 'refused', why: error.message });
        });
      });
    }
  }

  /**
   * Strikes now; resolves when it is applied, a restart without `forMs` when the node serves again. Rejects with CONFLICT where
   * the node is already struck or does not run. Its end comes by itself after `forMs` of domain time, if that is given.
   */
  async apply(fault: LiveFault): Promise<void> {
    const { node, kind, forMs } = fault;
    const struck = this.#active.get(node);
    if (struck !== undefined) throw new OperatingError('CONFLICT', `${node} is still under its ${struck.kind}`);
    if (!this.#hands.runs(node)) throw new OperatingError('CONFLICT', `${node} does not run`);
    const report = this.#describe(fault);
    this.#active.set(node, report);
    try {
      await this.#strike(fault);
    } catch (error) {
      this.#active.delete(node);
      throw error;
    }
    this.#tell(report);
    if (kind === 'restart' && forMs === null) await this.end(node);
    if (forMs === null) return;
    this.#timers.at(report.atMs + forMs, () => {
      // It may have been ended by hand, and the node be under another.
      if (this.#active.get(node)?.id === report.id) this.end(node).catch(this.#onError);
    });
  }

  /** Ends the node's fault before its time, or one that has no end. Rejects with CONFLICT where there is none. */
  async end(node: string): Promise<void> {
    const report = this.#active.get(node);
    if (report === undefined) throw new OperatingError('CONFLICT', `${node} is under no fault`);
    this.#active.delete(node);
    await this.#undo(report.kind, node);
    this.#tell({ ...report, phase: 'ended', atMs: this.#clock.now() });
  }

  /** The fault that the node is under. */
  activeOn(node: string): FaultKind | null {
    return this.#active.get(node)?.kind ?? null;
  }

  #describe({ kind, node }: Pick<Fault, 'kind' | 'node'>): FaultReport {
    this.#lastId += 1;
    const incarnation = this.#hands.incarnationOf(node);
    return { id: this.#lastId, kind, node, incarnation, phase: 'applied', atMs: this.#clock.now(), why: null };
  }

  #strike({ kind, node, latencyMs, partition }: LiveFault): Promise<void> | void {
    switch (kind) {
      case 'kill':
        return this.#hands.kill(node);
      case 'restart':
        return this.#hands.end(node);
      case 'stop':
        return this.#hands.hold(node);
      case 'slow':
        return this.#hands.slow(node, latencyMs ?? SLOW_MS_DEFAULT);
      case 'partition':
        return this.#hands.partition(node, partition ?? 'blackhole');
      default:
        return assertNever(kind, 'fault');
    }
  }

  #undo(kind: FaultKind, node: string): Promise<void> | void {
    switch (kind) {
      case 'kill':
      case 'restart':
        return this.#hands.start(node);
      case 'stop':
        return this.#hands.release(node);
      case 'slow':
        return this.#hands.slow(node, 0);
      case 'partition':
        return this.#hands.heal(node);
      default:
        return assertNever(kind, 'fault');
    }
  }

  #tell(report: FaultReport): void {
    this.#reports.push(report);
    this.#onReport(report);
  }
}
