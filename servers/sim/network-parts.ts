/** What the simulated network is made with, and whom it tells. */
import type { BackendNode } from '#core/backend-node.ts';
import type { ContactCenter } from '#core/contact-center.ts';
import type { FrontendNode } from '#core/frontend-node.ts';
import type { ToBrowser, ToDesk } from '#core/messages.ts';
import type { PacingReply } from '#core/pacing/pacing-inquiry.ts';
import type { Fact } from '#core/statistics/fact.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import type { Kernel } from './kernel.ts';
import type { LatencyProfile } from './latency.ts';
import type { JournalEntry } from './sim-journal.ts';

/** How the machines are made, and a new life of one after a kill. */
export interface MachineSource {
  readonly frontends: number;
  readonly backends: number;
  createFrontend(name: string, incarnation: number): FrontendNode;
  createBackend(name: string): BackendNode;
  createContactCenter(): ContactCenter;
}

export interface NetworkOutlet {
  toBrowser(message: ToBrowser): void;
  toDesk(message: ToDesk): void;
  /** The answer to a `pacingAsked` of the crowd. */
  toAsker(askId: string, reply: PacingReply): void;
  acknowledged(requestId: number, stored: boolean): void;
  fact(fact: Fact): void;
  /** Each event as it goes into the history. Undefined: nobody wants them, which is faster. */
  readonly event: ((event: VisitEvent) => void) | undefined;
  /** Each input and its effects, for the journal of a node. */
  readonly journal: ((entry: JournalEntry) => void) | undefined;
}

export interface NetworkParts {
  readonly source: MachineSource;
  readonly kernel: Kernel;
  /** Epoch ms of kernel time 0. */
  readonly clockMs: number;
  readonly latency: LatencyProfile;
  readonly outlet: NetworkOutlet;
  /** Keeps what only a fault makes anyone ask for. */
  readonly expectsFaults: boolean;
}
