/**
 * What a machine asks of its driver. `handle(event, out)` appends effects to a reused list; the driver carries them out
 * in order.
 *
 * 1. A `commit` gates the sends and acknowledgements that follow it in the same call: they wait until the group is
 * stored. Notes and
 *    wake-ups don't wait.
 * 2. Where the group can't be stored, the driver drops what it gated and gives the machine `storeFailed` with the
 * group.
 * 3. A timer is an effect out (`wake`) and an event back in; a machine ignores a wake-up that has become stale.
 * 4. A `note` is for people and figures: dropping every note changes nothing that the system does.
 */
import type {
  DeploymentOutcomeRow,
  DeploymentReport,
  DeploymentRow,
  KnownDeployments,
  RulesContent,
} from '#core/deployment/deployment.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { InteractionState } from '#core/engagement/interaction.ts';
import type { StrategyReply } from '#core/engagement/strategy-order.ts';
import type { UserData } from '#core/engagement/attachments.ts';
import type { PacerSnapshot } from '#core/pacing/pacer.ts';
import type { PacingCommandRow } from '#core/pacing/pacing-command.ts';
import type { PacingReply } from '#core/pacing/pacing-inquiry.ts';
import type { Callback, ChatOrigin, ChatState } from '#core/routing/chat.ts';
import type { FailureReason } from '#core/engagement/failure-reason.ts';
import type { Fact, StrategyKind } from '#core/statistics/fact.ts';
import type {
  EngagementChannel,
  StoreBatch,
  ToBackend,
  ToBrowser,
  ToContactCenter,
  ToDesk,
  ToFrontend,
} from '#core/messages.ts';

/** Events of a batch, for the history. */
export interface HistoryGroup {
  readonly store: 'history';
  readonly batch: StoreBatch;
}

/**
 * A row of the operations store: what the contact center must know to take an interaction, a chat, an agent or a pacer
 * up again after a restart, and the deployments of rules. The newest row of a (kind, id) is the one that counts.
 */
export type OperationsRow =
  | DeploymentRow
  | DeploymentOutcomeRow
  | PacingCommandRow
  /** A visitor who looked for help himself. */
  | {
      readonly kind: 'reactive';
      readonly id: string;
      readonly visitID: string;
      readonly at: number;
      readonly letIn: boolean;
    }
  | {
      readonly kind: 'interaction';
      readonly id: string;
      readonly visitID: string;
      readonly at: number;
      readonly state: InteractionState;
      readonly lead: HotLead;
      readonly attemptNumber: number;
      readonly step: number;
      /** The agent group that the permit is charged to; null: none. */
      readonly group: string | null;
      /** When that permit was given; null: none. */
      readonly permitAt: number | null;
      /** What the visitor is invited to; null: he is not invited. */
      readonly channel: EngagementChannel | null;
      /** When it is overdue in this state; null: never. */
      readonly dueAt: number | null;
      /** Why it ended in Failed; null or, in rows of before there was a reason, absent: it did not. */
      readonly reason?: FailureReason | null;
      /** When it came into this state; absent in rows of before it was told: at `at`. */
      readonly since?: number;
      /** What strategies have attached; absent in rows of before they could. */
      readonly attached?: UserData;
      /** Whether it has left its terminal queue; absent in rows of before it could stay there: it has. */
      readonly stopped?: boolean;
      /** Whether a chat was asked for after it had expired; absent: no. */
      readonly lateChat?: boolean;
      /** Whether the strategy wants the registration form filled in; absent: no. */
      readonly registrationRequired?: boolean;
    }
  | {
      readonly kind: 'chat';
      readonly id: string;
      readonly visitID: string;
      readonly at: number;
      readonly state: ChatState | 'abandoned' | 'ended';
      readonly group: string;
      readonly queuedAt: number;
      readonly agentId: string | null;
      readonly startedAt: number;
      readonly via: string;
      /** Absent in rows of before chats had any. */
      readonly userData?: UserData;
      /** Offers so far; who did not want it; whom alone it is for (null: anybody); whether an agent has passed it on. */
      readonly offers: number;
      readonly refusedBy: readonly string[];
      readonly forAgent: string | null;
      readonly transferred: boolean;
      /** Of a web callback. */
      readonly callback?: Omit<Callback, 'promisedBy'> & {
        /** Absent in rows of before calls were promised: no promise is open. */
        readonly promisedBy?: number | null;
      };
      /** Absent in rows of before it was told: proactive. */
      readonly origin?: ChatOrigin;
    }
  | {
      readonly kind: 'agent';
      readonly id: string;
      readonly at: number;
      readonly group: string;
      readonly capacity: number;
      readonly loggedIn: boolean;
      readonly ready: boolean;
      /** Why he is not ready; null: he is, or has not said. */
      readonly reason: string | null;
      /** Groups that he belongs to beside `group`. */
      readonly alsoIn?: readonly string[];
      readonly idleSince: number;
      readonly served: number;
      readonly via: string;
    }
  | {
      readonly kind: 'contact';
      /** The value of the identity key, or a phone number where there is none. */
      readonly id: string;
      readonly at: number;
      /** What desks are told. */
      readonly contactId: string;
      readonly createdAt: number;
      readonly phone: string | null;
      /** Chats and callbacks so far. */
      readonly interactions: number;
    }
  | {
      readonly kind: 'pacer';
      /** The agent group. */
      readonly id: string;
      readonly at: number;
      readonly state: PacerSnapshot;
    };

export interface OperationsGroup {
  readonly store: 'operations';
  readonly rows: readonly OperationsRow[];
}

export type CommitGroup = HistoryGroup | OperationsGroup;

export type FrontendTimer =
  | { readonly kind: 'visitSilent'; readonly visitID: string }
  /** A rule of the visit fires without an event, if nothing has come in between. */
  | { readonly kind: 'rulesDue'; readonly visitID: string }
  /** The fence has been up for a while. */
  | { readonly kind: 'fenceOverdue' };

export interface DeploymentTimer {
  readonly kind: 'deploymentOverdue';
  readonly version: number;
  readonly stage: 'preparing' | 'fencing' | 'opening' | 'pushing';
}

export type BackendTimer =
  | DeploymentTimer
  /** Chats are to be refreshed, or their refresh has not been answered in time. */
  | { readonly kind: 'chatsDue' };

export type ContactCenterTimer =
  | { readonly kind: 'pacingRefresh' }
  /** A day of the ledgers of pacing is over. */
  | { readonly kind: 'ledgerReset' }
  /** Interactions that are stuck are cleaned out of their queues. */
  | { readonly kind: 'cleaningDue' }
  /**
   * The invite was not shown, not answered, or its form not filled in time: which of them the interaction's state
   * tells.
   */
  | { readonly kind: 'interactionOverdue'; readonly interactionId: string; readonly step: number }
  /** The desks that have not logged in again after a restart will not. */
  | { readonly kind: 'desksOverdue' }
  /** An offer of a chat, the how-manieth of it, has rung for long enough. */
  | { readonly kind: 'ringOverdue'; readonly chatId: string; readonly offer: number }
  /** The time of a web callback has come. */
  | { readonly kind: 'callbackDue'; readonly chatId: string }
  /** The call of a web callback should have begun. */
  | { readonly kind: 'callbackLate'; readonly chatId: string }
  /** The agent of a chat has not come back to it in time. */
  | { readonly kind: 'restoreOverdue'; readonly chatId: string }
  /** A wait of a strategy's session is over: of interaction or chat `id`, stale unless `serial` is that of the wait. */
  | {
      readonly kind: 'strategyDue';
      readonly strategy: StrategyKind;
      readonly id: string;
      readonly sendId: string;
      readonly serial: number;
    };

export type Timer = FrontendTimer | BackendTimer | ContactCenterTimer;

export function isFrontendTimer(timer: Timer): timer is FrontendTimer {
  return timer.kind === 'visitSilent' || timer.kind === 'rulesDue' || timer.kind === 'fenceOverdue';
}

export function isBackendTimer(timer: Timer): timer is BackendTimer {
  return timer.kind === 'deploymentOverdue' || timer.kind === 'chatsDue';
}

export function isContactCenterTimer(timer: Timer): timer is ContactCenterTimer {
  return !isFrontendTimer(timer) && !isBackendTimer(timer);
}

/** How an author's order ended: with a deployment, or before there was one. */
export type OrderAnswer =
  | { readonly kind: 'deployed'; readonly report: DeploymentReport; readonly faults: readonly string[] }
  | {
      readonly kind: 'refused';
      readonly code: 'CONFLICT' | 'UNAVAILABLE' | 'NOT_FOUND' | 'TOO_LARGE';
      readonly message: string;
    };

export type Effect =
  | { readonly type: 'toFrontend'; readonly node: string; readonly message: ToFrontend }
  /** `node` null: whichever Backend the driver finds, the same one for a visit as long as it can. */
  | { readonly type: 'toBackend'; readonly node: string | null; readonly message: ToBackend }
  | { readonly type: 'toContactCenter'; readonly message: ToContactCenter }
  | { readonly type: 'toBrowser'; readonly visitID: string; readonly message: ToBrowser }
  | { readonly type: 'toDesk'; readonly message: ToDesk }
  /** The answer to a `pacingAsked` that came in here. */
  | { readonly type: 'toAsker'; readonly askId: string; readonly reply: PacingReply }
  /** The answer to a `strategyOrdered` that came in here. */
  | { readonly type: 'toStrategist'; readonly orderId: string; readonly reply: StrategyReply }
  | { readonly type: 'acknowledge'; readonly requestId: number; readonly stored: boolean }
  | { readonly type: 'commit'; readonly group: CommitGroup }
  /** Decides once for ever, in the store: answered by `claimWon` or `claimLost`. */
  | { readonly type: 'claim'; readonly key: string; readonly claimant: string }
  /** Reads the deployments from the store, and the content of a version: answered by `recalled`. */
  | { readonly type: 'recall'; readonly recallId: number; readonly version: number | null }
  | { readonly type: 'orderAnswered'; readonly orderId: number; readonly answer: OrderAnswer }
  | { readonly type: 'wake'; readonly at: number; readonly timer: Timer }
  | { readonly type: 'note'; readonly fact: Fact };

/** What a machine is given beside messages. */
export interface Woken<T extends Timer> {
  readonly type: 'wake';
  readonly timer: T;
}

/** First event of a contact center that comes back: its rows, the newest of each (kind, id), in order of `at`. */
export interface Recovered {
  readonly type: 'recovered';
  readonly rows: readonly OperationsRow[];
}

/** The answer to a claim: the first claimant of a key has won, also when it asks again; any other has lost. */
export interface Claimed {
  readonly type: 'claimWon' | 'claimLost';
  readonly key: string;
  readonly claimant: string;
}

/** What the store said to a `recall`, after it was asked. `content`: of the version asked for; null: there is none. */
export interface Recalled {
  readonly type: 'recalled';
  readonly recallId: number;
  readonly known: KnownDeployments;
  readonly content: RulesContent | null;
}

export interface StoreFailed {
  readonly type: 'storeFailed';
  readonly group: CommitGroup;
}
