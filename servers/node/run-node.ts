/**
 * The frame of every node process: takes its configuration and orders from the launcher, ends cleanly when told to, with
 * an error when it meets a bug, and with its parent.
 */
import type { Logger } from 'pino';
import type { PacingCommand } from '#core/pacing/pacing-command.ts';
import { DomainClock } from './domain-clock.ts';
import { DomainTimers } from './domain-timers.ts';
import type { FromNode, NodeConfig, NodeTelemetry, Peers, ToNode } from './node-ipc.ts';
import { createNodeLog, logLevelOf } from './node-log.ts';

export interface NodeFrame {
  readonly log: Logger;
  readonly clock: DomainClock;
  readonly timers: DomainTimers;
  /** Tells the launcher; is on its way when this returns. */
  telemetry(telemetry: NodeTelemetry): void;
  /** Calls `listener` with the peers of now, and with each later set. */
  onPeers(listener: (peers: Peers) => void): void;
  /** Calls `listener` with what pacing was told so far, and with each later command. */
  onPacingCommand(listener: (command: PacingCommand) => void): void;
}

export interface StartedNode {
  readonly port: number;
  /** Takes nothing new, lets what is under way end, closes what is open. */
  stop(): Promise<void>;
}

/** How long a clean stop may take before the process ends without it. */
const STOP_MS_MAX = 5_000;
/** How long the last words may take to reach the launcher. */
const LAST_WORDS_MS_MAX = 500;

/**
 * Runs this process as a node. `start` resolves when the node serves; where it rejects, the launcher is told `failed` and
 * the process exits with 1, as it does for any uncaught error.
 */
export function runNode(start: (config: NodeConfig, frame: NodeFrame) => Promise<StartedNode>): void {
  const node = new NodeProcess(start);
  // The parent's channel is the one boundary here; it forks this very version.
  process.on('message', (message) => node.obey(message as ToNode));
  process.on('disconnect', () => node.stop());
  process.on('SIGTERM', () => node.stop());
  // Ctrl-C reaches every process of a terminal: the parent decides what it means.
  process.on('SIGINT', ignoreSignal);
  process.on('uncaughtException', (error) => node.fail(error));
  process.on('unhandledRejection', (reason) => node.fail(reason));
}

class NodeProcess {
  readonly #start: (config: NodeConfig, frame: NodeFrame) => Promise<StartedNode>;
  readonly #peersListeners: ((peers: Peers) => void)[] = [];
  #peers: Peers | undefined;
  /** Until somebody listens. */
  readonly #commands: PacingCommand[] = [];
  #commandListener: ((command: PacingCommand) => void) | undefined;
  #frame: NodeFrame | undefined;
  #started: Promise<StartedNode> | undefined;
  #ending = false;

  constructor(start: (config: NodeConfig, frame: NodeFrame) => Promise<StartedNode>) {
    this.#start = start;
  }

  obey(message: ToNode): void {
    if (message.type === 'configure') this.#configure(message.config);
    else if (message.type === 'clock') this.#frame?.clock.set(message.law);
    else if (message.type === 'peers') this.#setPeers(message.peers);
    else if (message.type === 'pacingCommand') this.#command(message.command);
    else this.stop();
  }

  #configure(config: NodeConfig): void {
    const clock = new DomainClock(config.law);
    const log = createNodeLog(config, logLevelOf(config.scenario, config.role));
    this.#peers = config.peers;
    this.#frame = {
      log,
      clock,
      timers: new DomainTimers(clock),
      telemetry: (telemetry) => tell({ type: 'telemetry', ...telemetry }),
      onPeers: (listener) => {
        this.#peersListeners.push(listener);
        listener(this.#peers ?? config.peers);
      },
      onPacingCommand: (listener) => {
        this.#commandListener = listener;
        for (const command of this.#commands.splice(0)) listener(command);
      },
    };
    this.#started = this.#start(config, this.#frame);
    this.#started.then(
      ({ port }) => {
        log.info({ port }, 'ready');
        tell({ type: 'ready', port });
      },
      (error: unknown) => this.fail(error),
    );
  }

  #command(command: PacingCommand): void {
    if (this.#commandListener === undefined) this.#commands.push(command);
    else this.#commandListener(command);
  }

  #setPeers(peers: Peers): void {
    this.#peers = peers;
    for (const listener of this.#peersListeners) listener(peers);
  }

  /** Ends cleanly, with 0; a second call changes nothing. */
  stop(): void {
    if (this.#ending) return;
    this.#ending = true;
    setTimeout(() => this.#exit(1, 'not stopped in time'), STOP_MS_MAX).unref();
    void this.#stopStarted().then(
      () => this.#exit(0, 'stopped'),
      (error: unknown) => this.fail(error),
    );
  }

  async #stopStarted(): Promise<void> {
    const started = await this.#started;
    await started?.stop();
    this.#frame?.timers.close();
  }

  /** Says what is wrong and ends with 1 as soon as that is told. */
  fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#frame?.log.fatal({ err: error }, 'failed');
    if (this.#frame === undefined) console.error(error);
    this.#ending = true;
    if (process.send === undefined || !process.connected) this.#exit(1, 'failed');
    process.send?.({ type: 'failed', message } satisfies FromNode, undefined, undefined, () => this.#exit(1, 'failed'));
    setTimeout(() => this.#exit(1, 'failed'), LAST_WORDS_MS_MAX);
  }

  #exit(code: number, why: string): void {
    this.#frame?.log.info({ code }, why);
    process.exit(code);
  }
}

/** A node that nobody has forked, or whose parent has just gone, has nobody to tell. */
function tell(message: FromNode): void {
  if (process.connected) process.send?.(message, undefined, undefined, ignoreLoss);
}

function ignoreLoss(): void {
  // The channel has closed: `disconnect` ends the node.
}

function ignoreSignal(): void {
  // See where it is put in place.
}
