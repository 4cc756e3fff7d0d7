/** A machine driver with a machine that does as its input says, and an outlet that writes down what reaches it. */
import { assert } from '#core/assert.ts';
import type { CommitGroup, Effect, Timer } from '#core/effects.ts';
import type { Fact } from '#core/statistics/fact.ts';
import { DomainClock } from '#node/domain-clock.ts';
import { DomainTimers } from '#node/domain-timers.ts';
import type { Journal } from '#node/journal.ts';
import { MachineDriver, type DriverOutlet, type LocalEffect, type SendEffect } from '#node/machine-driver.ts';

/** An input with the effects that its handling has. */
export interface Script {
  readonly name: string;
  readonly effects: readonly Effect[];
}

interface OpenCommit {
  readonly name: string;
  readonly answer: (ok: boolean) => void;
}

export class RecordingOutlet implements DriverOutlet {
  readonly log: string[] = [];
  readonly commits: OpenCommit[] = [];
  readonly unanswered = new Map<string, () => void>();
  /** What a store in memory does: answers within the call. */
  answerAtOnce: boolean | undefined;

  send(effect: SendEffect, id: string, onAcked: () => void): void {
    this.log.push(`${describeEffect(effect)} ${id}`);
    this.unanswered.set(id, onAcked);
  }

  local(effect: LocalEffect): void {
    this.log.push(describeEffect(effect));
  }

  commit(group: CommitGroup, onStored: (ok: boolean) => void): void {
    const name = describeGroup(group);
    this.log.push(`commit ${name}`);
    if (this.answerAtOnce === undefined) this.commits.push({ name, answer: onStored });
    else onStored(this.answerAtOnce);
  }

  facts(facts: readonly Fact[]): void {
    this.log.push(`facts ${facts.length}`);
  }

  answer(name: string, ok: boolean): void {
    const index = this.commits.findIndex((open) => open.name === name);
    const [answered] = this.commits.splice(index, 1);
    answered?.answer(ok);
  }

  acknowledge(id: string): void {
    this.unanswered.get(id)?.();
  }
}

export class DriverStage {
  readonly mono = { ms: 0 };
  readonly clock = new DomainClock(
    { anchorMonoMs: 0, anchorDomainMs: 1_000, speed: 1, fromMonoMs: 0 },
    () => this.mono.ms,
  );
  readonly timers = new DomainTimers(this.clock);
  readonly outlet = new RecordingOutlet();
  readonly handled: string[] = [];
  readonly stamps: number[] = [];
  readonly crashes: unknown[] = [];
  readonly driver: MachineDriver<Script>;

  constructor(options: { relays?: boolean; journal?: Journal; outlet?: DriverOutlet } = {}) {
    this.driver = new MachineDriver<Script>({
      node: 'node-1',
      incarnation: 3,
      machine: {
        handle: (script, at, out) => {
          assert(script.name !== 'bug', 'a machine has no bug');
          this.handled.push(script.name);
          this.stamps.push(at);
          out.push(...script.effects);
        },
      },
      clock: this.clock,
      timers: this.timers,
      journal: options.journal ?? null,
      outlet: options.outlet ?? this.outlet,
      relays: options.relays ?? false,
      wake: (timer) => ({ name: `wake ${timer.kind}`, effects: [toDesk('woken')] }),
      storeFailed: (group) => ({
        name: `failed ${describeGroup(group)}`,
        effects: [toFrontend(`refused-${describeGroup(group)}`)],
      }),
      crash: (error) => this.crashes.push(error),
    });
  }

  deliver(name: string, effects: readonly Effect[], onDone?: (ok: boolean) => void): void {
    this.driver.deliver({ name, effects }, null, onDone);
  }
}

export function commit(name: string): Effect {
  return { type: 'commit', group: { store: 'history', batch: batchOf(name) } };
}

export function toFrontend(name: string): Effect {
  return { type: 'toFrontend', node: 'frontend-1', message: { type: 'batchStored', batchId: name } };
}

export function toContactCenter(name: string): Effect {
  return { type: 'toContactCenter', message: { type: 'visitEnded', visitID: name } };
}

export function toDesk(name: string): Effect {
  return { type: 'toDesk', message: { type: 'chatClosed', agentId: 'agent-1', chatId: name } };
}

export function acknowledge(requestId: number): Effect {
  return { type: 'acknowledge', requestId, stored: true };
}

export function wake(at: number): Effect {
  const timer: Timer = { kind: 'pacingRefresh' };
  return { type: 'wake', at, timer };
}

export const NOTE: Effect = {
  type: 'note',
  fact: { kind: 'inviteShown', at: 1_000, interactionId: 'i1', visitID: 'v1' },
};

function batchOf(batchId: string): Extract<CommitGroup, { store: 'history' }>['batch'] {
  return { type: 'storeBatch', batchId, frontend: 'frontend-1', visitID: 'v1', events: [], leads: undefined };
}

function describeGroup(group: CommitGroup): string {
  return group.store === 'history' ? group.batch.batchId : 'rows';
}

function describeEffect(effect: SendEffect | LocalEffect): string {
  if (effect.type === 'acknowledge') return `acknowledge ${effect.requestId}`;
  if (!('message' in effect)) return effect.type;
  const { message } = effect;
  if (message.type === 'batchStored') return `${effect.type} ${message.batchId}`;
  if (message.type === 'visitEnded') return `${effect.type} ${message.visitID}`;
  if (message.type === 'chatClosed') return `${effect.type} ${message.chatId}`;
  return effect.type;
}
