/** What the host and the worker of one run say to each other. */
import type { RunCommand, RunUpdate } from '#protocol/run-feed.ts';
import type { DrivingCommand } from '#host/run-driver.ts';

export type ToRunWorker =
  | {
      readonly type: 'begin';
      readonly runId: string;
      readonly scenariosFolder: string;
      readonly version: string;
      readonly command: Extract<RunCommand, { readonly type: 'start' }>;
    }
  | { readonly type: 'command'; readonly command: DrivingCommand }
  | { readonly type: 'report'; readonly id: number };

export type FromRunWorker =
  | { readonly type: 'update'; readonly update: RunUpdate }
  /** The run could not begin: every fault of its files, a line each. */
  | { readonly type: 'refused'; readonly why: string }
  /** `html` undefined: the run has not got so far that there is one. */
  | { readonly type: 'report'; readonly id: number; readonly html: string | undefined };
