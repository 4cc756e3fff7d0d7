/**
 * One node of a live cluster over all its incarnations: starts it, waits until it serves, keeps its port, and tells an end that
 * was ordered from one that was not.
 *
 *   down --start--> starting --ready--> up <--hold/release--> held
 *   starting, up, held --kill or stop--> ending --> down;  --ends by itself--> crashed
 */
import { assert } from '#core/assert.ts';
import type { FromNode, NodeConfig, NodeRole, NodeTelemetry, ToNode } from '#node/node-ipc.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { NodeProcess, SpawnNode } from '#testbed/live/node-process.ts';
import type { NodeProcessLog } from '#testbed/live/node-process-log.ts';

export type NodePhase = 'down' | 'starting' | 'up' | 'held' | 'ending' | 'crashed';

export interface LauncherNodeListener {
  readonly onPhase: (node: LauncherNode) => void;
  readonly onTelemetry: (node: LauncherNode, telemetry: NodeTelemetry) => void;
  readonly onLine: (node: LauncherNode, line: string) => void;
  /** It ended though nobody had ordered it, after it had served. */
  readonly onCrash: (node: LauncherNode, error: OperatingError) => void;
  /** This incarnation was killed, by order or because it did not stop in time. */
  readonly onKilled: (node: LauncherNode) => void;
}

export interface LauncherNodeOptions {
  readonly name: string;
  readonly role: NodeRole;
  readonly script: string;
  readonly spawn: SpawnNode;
  readonly log: NodeProcessLog;
  readonly readyMsMax: number;
  readonly stopMsMax: number;
  readonly listener: LauncherNodeListener;
}

/** What the launcher fills in for one start. */
export type ConfigOf = (node: LauncherNode) => NodeConfig;

export class LauncherNode {
  readonly name: string;
  readonly role: NodeRole;
  readonly log: NodeProcessLog;
  readonly #options: LauncherNodeOptions;
  #process: NodeProcess | undefined;
  #phase: NodePhase = 'down';
  #ended: Promise<void> = Promise.resolve();
  /** Why it ended last, in its own words where it had any. */
  #lastWords: string | null = null;
  #onReady: (port: number) => void = () => undefined;
  #killed = false;
  incarnation = 0;
  /** 0 before its first start; kept from then on. */
  port = 0;

  constructor(options: LauncherNodeOptions) {
    this.#options = options;
    this.name = options.name;
    this.role = options.role;
    this.log = options.log;
  }

  get phase(): NodePhase {
    return this.#phase;
  }

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  get runs(): boolean {
    return this.#process !== undefined;
  }

  /** Resolves when it serves; rejects with UNAVAILABLE when it ends before or takes too long (then it is killed). */
  async start(configOf: ConfigOf): Promise<void> {
    try {
      await this.#startOnce(configOf);
    } catch (error) {
      // Its old port was taken by a connection of somebody else's while it was down.
      if (this.port === 0 || !/EADDRINUSE/.test(this.#lastWords ?? '')) throw error;
      this.port = 0;
      await this.#startOnce(configOf);
    }
  }

  async #startOnce(configOf: ConfigOf): Promise<void> {
    assert(this.#process === undefined, `${this.name} is started when it does not run`);
    const { name, script, spawn, readyMsMax } = this.#options;
    this.incarnation += 1;
    this.#lastWords = null;
    this.#killed = false;
    const served = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    this.#ended = ended.promise;
    this.#onReady = (port) => {
      this.port = port;
      this.#setPhase('up');
      served.resolve();
    };
    const process = spawn(
      { name, script },
      {
        onMessage: (message) => this.#hear(message),
        onLine: (stream, line) => this.#options.listener.onLine(this, this.log.add(stream, line)),
        onEnd: (code, signal) => {
          served.reject(new OperatingError('UNAVAILABLE', `${name} did not start: ${this.#describeEnd(code, signal)}`));
          this.#finish(code, signal);
          ended.resolve();
        },
      },
    );
    this.#process = process;
    this.#setPhase('starting');
    process.tell({ type: 'configure', config: configOf(this) });
    const timer = setTimeout(() => {
      this.#lastWords ??= `not ready in ${readyMsMax / 1_000} s`;
      void this.kill();
    }, readyMsMax);
    await served.promise.finally(() => clearTimeout(timer));
  }

  tell(message: ToNode): void {
    this.#process?.tell(message);
  }

  /** SIGKILL; resolves when it is gone and all that it had said is heard. */
  async kill(): Promise<void> {
    if (this.#process === undefined) return;
    this.#setPhase('ending');
    if (!this.#killed) this.#options.listener.onKilled(this);
    this.#killed = true;
    this.#process.kill();
    await this.#ended;
  }

  /** Asks it to stop, and kills it when it does not in time. */
  async stop(): Promise<void> {
    if (this.#process === undefined) return this.#ended;
    if (this.#phase === 'held') this.#process.release();
    this.#setPhase('ending');
    this.#process.tell({ type: 'stop' });
    const timer = setTimeout(() => void this.kill(), this.#options.stopMsMax);
    await this.#ended;
    clearTimeout(timer);
  }

  hold(): void {
    assert(this.#phase === 'up' && this.#process !== undefined, `${this.name} is held when it is up`);
    this.#process.hold();
    this.#setPhase('held');
  }

  release(): void {
    assert(this.#phase === 'held' && this.#process !== undefined, `${this.name} is released when it is held`);
    this.#process.release();
    this.#setPhase('up');
  }

  #hear(message: FromNode): void {
    if (message.type === 'telemetry') this.#options.listener.onTelemetry(this, message);
    else if (message.type === 'failed') this.#lastWords = message.message;
    else if (this.#phase === 'starting') this.#onReady(message.port);
  }

  #finish(code: number | null, signal: NodeJS.Signals | null): void {
    const before = this.#phase;
    this.#process = undefined;
    if (before === 'ending') return this.#setPhase('down');
    this.#setPhase('crashed');
    if (before === 'starting') return;
    const why = this.#describeEnd(code, signal);
    this.#options.listener.onCrash(this, new OperatingError('UNAVAILABLE', `${this.name} ended unasked: ${why}`));
  }

  #describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
    if (this.#lastWords !== null) return this.#lastWords;
    return signal === null ? `exit code ${code}` : signal;
  }

  #setPhase(phase: NodePhase): void {
    if (this.#phase === phase) return;
    this.#phase = phase;
    this.#options.listener.onPhase(this);
  }
}
