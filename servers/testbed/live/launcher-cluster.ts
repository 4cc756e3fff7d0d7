/** What a launched cluster is to those who drive it: its nodes' states, its clock, and the hands that hurt it. */
import type { PacingCommand } from '#core/pacing/pacing-command.ts';
import type { NodeRole, NodeTelemetry } from '#node/node-ipc.ts';
import type { StoreClient } from '#node/store-client.ts';
import type { StoreChoice } from '#ports/store-choice.ts';
import type { OperatingError } from '#protocol/operating-error.ts';
import type { Scenario } from '#protocol/scenario.ts';
import type { LauncherClock } from '#testbed/live/launcher-clock.ts';
import type { NodePhase } from '#testbed/live/launcher-node.ts';
import type { FaultReport, LiveFault } from '#testbed/live/live-faults.ts';
import type { PartitionKind } from '#testbed/live/live-peers.ts';
import type { SpawnNode } from '#testbed/live/node-process.ts';

export interface NodeState {
  readonly name: string;
  readonly role: NodeRole;
  readonly phase: NodePhase;
  readonly incarnation: number;
  readonly pid: number | null;
  /** Its own, which no proxy stands before; 0 before its first start. */
  readonly port: number;
  /** What its about said last: the dependency that fails it; null: well, or not asked yet. */
  readonly failing: string | null;
  /** What is wrong though it does its work, as its about said last; null: nothing, or not asked yet. */
  readonly degraded: string | null;
  /** Latency added each way. */
  readonly slowedMs: number;
  readonly partitioned: boolean;
}

/** An incarnation that ended by SIGKILL, and so without a word: what it alone knew is lost to this. */
export interface KilledIncarnation {
  readonly node: string;
  readonly incarnation: number;
  /** Domain time, epoch ms. */
  readonly atMs: number;
}

export type ClusterState =
  { readonly type: 'node'; readonly node: NodeState } | { readonly type: 'fault'; readonly fault: FaultReport };

export interface LaunchLimits {
  /** From a process's start until it serves. */
  readonly readyMsMax: number;
  /** From then until its about finds nothing failing. */
  readonly healthyMsMax: number;
  /** From the order to stop until SIGKILL. */
  readonly stopMsMax: number;
  /** Between two questions for a node's about. */
  readonly healthEveryMs: number;
}

export interface LaunchOptions {
  readonly scenario: Scenario;
  readonly store: StoreChoice;
  /** Journals, logs and SQLite files go here; it is made where it is missing. */
  readonly folder: string;
  readonly journal: boolean;
  /** A TCP proxy between every two nodes: what `slow` and `partition` need. */
  readonly proxies: boolean;
  /** Origins whose pages may talk to the nodes. */
  readonly allowedOrigins?: readonly string[];
  readonly onTelemetry: (node: string, incarnation: number, telemetry: NodeTelemetry) => void;
  /** A line of JSON. */
  readonly onLog: (node: string, line: string) => void;
  readonly onState: (state: ClusterState) => void;
  /** Ends the launch; a cluster that is up is stopped by `stopAll`. */
  readonly signal?: AbortSignal;
  readonly limits?: Partial<LaunchLimits>;
  readonly spawn?: SpawnNode;
  /** Path of a role's entry point. */
  readonly scriptOf?: (role: NodeRole) => string;
}

export interface Cluster {
  /** Where clients that are no node of it reach it. */
  readonly balancerUrl: string;
  /** Of this run, for what only its owner may ask of a node: deployments, notifications. */
  readonly secret: string;
  /** Held at the scenario's start until `resume`; the scenario's faults come by it. */
  readonly clock: Pick<LauncherClock, 'pause' | 'resume' | 'setSpeed' | 'now' | 'speed'>;
  /** Resolves when a node ended that nobody had ended, or when a fault could not be ended: the run is void. */
  readonly crashed: Promise<OperatingError>;
  /** In the order of their start. */
  nodes(): readonly NodeState[];
  /** Newest lines of a node's log, oldest first. */
  logOf(node: string): readonly string[];
  faults(): readonly FaultReport[];
  kills(): readonly KilledIncarnation[];
  /** Where clients outside reach one node past the balancer. */
  urlOf(node: string): Promise<string>;
  /** Starts the crowd's process, the last node; resolves when it is ready. */
  startCrowd(): Promise<void>;
  /** Ends the crowd cleanly, before the others; its last figures have been told when this resolves. */
  stopCrowd(): Promise<void>;
  /** Tells pacing something; the contact center hears it now, or when it is up again. */
  command(command: PacingCommand): void;
  applyFault(fault: LiveFault): Promise<void>;
  /** SIGKILL; it stays dead until `restart`. */
  kill(node: string): Promise<void>;
  /** Starts a killed node, or stops a running one cleanly and starts it again; resolves when it serves. */
  restart(node: string): Promise<void>;
  /** SIGSTOP. */
  stop(node: string): Promise<void>;
  /** SIGCONT. */
  resume(node: string): Promise<void>;
  slow(node: string, latencyMs: number): Promise<void>;
  partition(node: string, kind?: PartitionKind): Promise<void>;
  /** Ends what the node is under, whatever it is. */
  heal(node: string): Promise<void>;
  /** A client of the store, for reading back what was stored; the caller closes it. */
  readBack(): StoreClient;
  /** Stops all nodes in the reverse order of their start. A second call waits for the first. */
  stopAll(): Promise<void>;
}
