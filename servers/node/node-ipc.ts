/**
 * What a live node and its launcher tell each other over the process's own channel (child_process.fork, serialization
 * 'advanced'). The secret travels here and nowhere else.
 */
import type { PacingCommand } from '#core/pacing/pacing-command.ts';
import type { Fact } from '#core/statistics/fact.ts';
import type { BackupPlan } from '#ports/backups.ts';
import type { StoreChoice } from '#ports/store-choice.ts';
import type { Scenario } from '#protocol/scenario.ts';
import type { ClockLaw } from './domain-clock.ts';

export type NodeRole = 'frontend' | 'backend' | 'contactCenter' | 'store' | 'balancer' | 'crowd';

export interface NodeAddress {
  readonly name: string;
  /** http://127.0.0.1:port */
  readonly url: string;
}

/** Where the others are; null: there is none (yet). */
export interface Peers {
  readonly store: string | null;
  readonly contactCenter: string | null;
  readonly backends: readonly NodeAddress[];
  readonly frontends: readonly NodeAddress[];
  readonly balancer: string | null;
}

export interface NodeConfig {
  readonly role: NodeRole;
  /** Unique in the run: `frontend-1`; [A-Za-z0-9._-]{1,32}. */
  readonly name: string;
  /** 1 at the node's first start, one more at each further one. */
  readonly incarnation: number;
  readonly host: string;
  /** 0: any free one. A restarted node may be given the port that it had. */
  readonly port: number;
  /** The run's shared secret, for what nodes tell each other; in no log, argument or environment. */
  readonly secret: string;
  /** Where the node writes what it keeps (journal, SQLite file). */
  readonly folder: string;
  readonly journal: boolean;
  readonly law: ClockLaw;
  readonly scenario: Scenario;
  readonly store: StoreChoice;
  /** Of the SQLite files; absent: there are no backups. */
  readonly backups?: BackupPlan;
  readonly peers: Peers;
  /** Origins whose pages may talk to the client-facing servers: `http://127.0.0.1:8080`. */
  readonly allowedOrigins: readonly string[];
}

export type ToNode =
  /** First and once. */
  | { readonly type: 'configure'; readonly config: NodeConfig }
  | { readonly type: 'peers'; readonly peers: Peers }
  | { readonly type: 'clock'; readonly law: ClockLaw }
  /** For the contact center; told again after a restart, since it may not have heard it. */
  | { readonly type: 'pacingCommand'; readonly command: PacingCommand }
  /** Let what is under way end, then exit with 0. */
  | { readonly type: 'stop' };

export interface NodeTelemetry {
  /** Facts of one input, told before that input's effects are performed. */
  readonly facts: readonly Fact[];
  /** Figures by name, as they stand. */
  readonly counters: Readonly<Record<string, number>>;
}

export type FromNode =
  | { readonly type: 'ready'; readonly port: number }
  | ({ readonly type: 'telemetry' } & NodeTelemetry)
  /** The node has met a bug or could not start, and exits with 1. */
  | { readonly type: 'failed'; readonly message: string };
