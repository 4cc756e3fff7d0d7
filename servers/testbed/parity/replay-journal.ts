/**
 * First half of the parity law: a journal's inputs, given to the same machine in virtual time, have the same effects,
 * exactly. The machine is built by the very functions that the simulator uses.
 */
import { assertNever } from '#core/assert.ts';
import type { BackendEvent } from '#core/backend-node.ts';
import type { ContactCenterEvent } from '#core/contact-center.ts';
import type { Effect } from '#core/effects.ts';
import type { FrontendEvent } from '#core/frontend-node.ts';
import { createBackendNode, createContactCenter, createFrontendNode } from '#node/create-machines.ts';
import type { JournalHead, JournalRecord } from '#node/journal.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { Scenario } from '#protocol/scenario.ts';

/** A record whose effects are not those of the machine. */
export interface Difference {
  readonly n: number;
  readonly at: number;
  /** Place of the first effect that differs, and both as JSON; null: there is none at that place. */
  readonly index: number;
  readonly journalled: string | null;
  readonly replayed: string | null;
}

export interface JournalReplay {
  /** The machine's effects for this record; undefined where they are the journal's. */
  take(record: JournalRecord): Difference | undefined;
  /** Gives back what the machine holds. */
  close(): void;
}

/** Throws OperatingError INVALID_INPUT for a journal of a node that has no machine, or without its scenario. */
export function createJournalReplay(head: JournalHead): JournalReplay {
  const { handle, close } = createReplayed(head);
  const out: Effect[] = [];
  return {
    take(record) {
      out.length = 0;
      handle(record.input, record.at, out);
      return differ(record, out);
    },
    close,
  };
}

interface Replayed {
  readonly handle: (input: unknown, at: number, out: Effect[]) => void;
  readonly close: () => void;
}

const NOTHING_HELD = (): void => undefined;

function createReplayed(head: JournalHead): Replayed {
  const { scenario: given } = head.config;
  if (typeof given !== 'object') {
    throw new OperatingError('INVALID_INPUT', `the journal of ${head.node} does not hold the scenario of its run`);
  }
  // The journal was written by this program, which checked the scenario when it loaded it.
  const scenario = given as Scenario;
  switch (head.role) {
    case 'frontend': {
      const machine = createFrontendNode(scenario, head.node, head.incarnation);
      return { handle: (input, at, out) => machine.handle(input as FrontendEvent, at, out), close: NOTHING_HELD };
    }
    case 'backend': {
      const machine = createBackendNode(scenario, head.node);
      return { handle: (input, at, out) => machine.handle(input as BackendEvent, at, out), close: NOTHING_HELD };
    }
    case 'contactCenter': {
      const machine = createContactCenter(scenario);
      return {
        handle: (input, at, out) => machine.handle(input as ContactCenterEvent, at, out),
        close: () => machine.close(),
      };
    }
    case 'store':
    case 'balancer':
    case 'crowd':
      throw new OperatingError(
        'INVALID_INPUT',
        `${head.node} is no machine that decides: its journal can't be replayed`,
      );
    default:
      return assertNever(head.role, 'role');
  }
}

function differ(record: JournalRecord, replayed: readonly Effect[]): Difference | undefined {
  const length = Math.max(record.effects.length, replayed.length);
  for (let index = 0; index < length; index += 1) {
    const here = textOf(record.effects[index]);
    const there = textOf(replayed[index]);
    if (here !== there) return { n: record.n, at: record.at, index, journalled: here, replayed: there };
  }
  return undefined;
}

function textOf(effect: Effect | undefined): string | null {
  return effect === undefined ? null : JSON.stringify(effect);
}
