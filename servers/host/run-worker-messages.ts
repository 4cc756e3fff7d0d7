/** What the host and the worker of one run say to each other. */
import type { DecisionReply } from '#protocol/control-api.ts';
import type { StoreRequest } from '#protocol/run-feed-live.ts';
import type { RunCommand, RunUpdate } from '#protocol/run-feed.ts';
import type { BackendAccess } from '#host/run-control.ts';
import type { DrivingCommand } from '#host/run-driver.ts';

export type ToRunWorker =
  | {
      readonly type: 'begin';
      readonly runId: string;
      readonly scenariosFolder: string;
      readonly version: string;
      /** Of a live run. */
      readonly store: StoreRequest;
      /** For what the nodes of a live run keep; the host's to remove. */
      readonly folder: string;
      readonly command: Extract<RunCommand, { readonly type: 'start' }>;
    }
  | { readonly type: 'command'; readonly command: DrivingCommand }
  | { readonly type: 'report'; readonly id: number }
  | { readonly type: 'decision'; readonly id: number; readonly group: string; readonly atMs: number }
  | { readonly type: 'access'; readonly id: number }
  /** Ends the thread and every process that it has started. */
  | { readonly type: 'end' };

export type FromRunWorker =
  | { readonly type: 'update'; readonly update: RunUpdate }
  /** The run could not begin: every fault of its files, a line each. */
  | { readonly type: 'refused'; readonly why: string }
  /** `html` undefined: the run has not got so far that there is one. */
  | { readonly type: 'report'; readonly id: number; readonly html: string | undefined }
  /** `decision` undefined: nothing of that group is known. */
  | { readonly type: 'decision'; readonly id: number; readonly decision: DecisionReply | undefined }
  /** `access` undefined: the run has no Backends, or not yet. */
  | { readonly type: 'access'; readonly id: number; readonly access: BackendAccess | undefined };
