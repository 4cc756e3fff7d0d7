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
import type { Fact } from '#core/statistics/fact.ts';
import type { StoreBatch, ToBackend, ToBrowser, ToContactCenter, ToDesk, ToFrontend } from '#core/messages.ts';

/** Events of a batch, for the history. */
export interface HistoryGroup {
  readonly store: 'history';
  readonly batch: StoreBatch;
}

/** A row of the operations store: the state of an interaction or chat after this step, enough to take it up again. */
export interface OperationsRow {
  readonly kind: 'interaction' | 'chat';
  readonly id: string;
  readonly visitID: string;
  readonly state: string;
  readonly at: number;
}

export interface OperationsGroup {
  readonly store: 'operations';
  readonly rows: readonly OperationsRow[];
}

export type CommitGroup = HistoryGroup | OperationsGroup;

export type FrontendTimer = { readonly kind: 'visitSilent'; readonly visitID: string };

export type ContactCenterTimer =
  | { readonly kind: 'pacingRefresh' }
  /**
   * The invite was not shown, not answered, or its form not filled in time: which of them the interaction's state
   * tells.
   */
  | { readonly kind: 'interactionOverdue'; readonly interactionId: string; readonly step: number };

export type Timer = FrontendTimer | ContactCenterTimer;

export type Effect =
  | { readonly type: 'toFrontend'; readonly node: string; readonly message: ToFrontend }
  | { readonly type: 'toBackend'; readonly message: ToBackend }
  | { readonly type: 'toContactCenter'; readonly message: ToContactCenter }
  | { readonly type: 'toBrowser'; readonly visitID: string; readonly message: ToBrowser }
  | { readonly type: 'toDesk'; readonly message: ToDesk }
  | { readonly type: 'acknowledge'; readonly requestId: number; readonly stored: boolean }
  | { readonly type: 'commit'; readonly group: CommitGroup }
  | { readonly type: 'wake'; readonly at: number; readonly timer: Timer }
  | { readonly type: 'note'; readonly fact: Fact };

/** What a machine is given beside messages. */
export interface Woken<T extends Timer> {
  readonly type: 'wake';
  readonly timer: T;
}

export interface StoreFailed {
  readonly type: 'storeFailed';
  readonly group: CommitGroup;
}
