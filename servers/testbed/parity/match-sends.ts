/**
 * Second half of the parity law: every message that one node's machine sends is an input of another's machine exactly once,
 * and the same message; or a named fault explains why it is not.
 */
import type { CommitGroup, Effect } from '#core/effects.ts';
import type { JournalHead, JournalRecord } from '#node/journal.ts';
import { lifeOf } from '#node/open-journal.ts';
import type { NamedFault } from './named-faults.ts';

export interface SendProblem {
  readonly kind: 'lost' | 'doubled' | 'changed' | 'unknown' | 'overtaken';
  readonly id: string;
  readonly text: string;
}

export interface SendReport {
  readonly sends: number;
  /** Messages that a fault explains, by what happened to them. */
  readonly lostToFaults: number;
  readonly repeatedByFaults: number;
  readonly refusedByStore: number;
  /** Messages that nobody had heard yet when a simulated run ended. */
  readonly underWay: number;
  readonly problems: readonly SendProblem[];
}

interface Sent {
  readonly id: string;
  readonly from: string;
  readonly incarnation: number;
  /** Names that it may have gone to. */
  readonly to: string;
  readonly message: string;
  readonly at: number;
  /** Of a simulated run, which does not wait for what is under way at its end. */
  readonly isSimulated: boolean;
  /** Commit groups that had to be stored before it could leave. */
  readonly gates: readonly string[];
}

interface Received {
  readonly node: string;
  readonly incarnation: number;
  readonly message: string;
}

type SendEffect = Extract<Effect, { type: 'toFrontend' | 'toBackend' | 'toContactCenter' }>;

/** No message of the simulator takes longer, with its commit and the slowness of both of its nodes, ms. */
const UNDER_WAY_MS = 2_000;

export class SendMatcher {
  readonly #sent = new Map<string, Sent>();
  readonly #received = new Map<string, Received[]>();
  /** Groups that could not be stored, by node and life. */
  readonly #unstored = new Set<string>();
  readonly #counts = new Map<string, number>();
  /** Last number heard from a life, by hearer and sender. */
  readonly #heard = new Map<string, number>();
  readonly #overtaken: SendProblem[] = [];
  /** Of all records so far. */
  #lastAt = -Infinity;

  /** Takes a record of the journal that `head` begins, in order. */
  take(head: JournalHead, record: JournalRecord): void {
    const life = lifeOf(head.node, head.incarnation);
    this.#lastAt = Math.max(this.#lastAt, record.at);
    if (record.from !== null) this.#hear(head, life, record);
    const failed = failedGroup(record.input);
    if (failed !== undefined) this.#unstored.add(`${life} ${failed}`);
    const gates: string[] = [];
    for (const effect of record.effects) {
      if (effect.type === 'commit') gates.push(`${life} ${keyOfGroup(effect.group)}`);
      if (isSend(effect)) this.#send(head, life, record.at, effect, [...gates]);
    }
  }

  report(faults: readonly NamedFault[]): SendReport {
    const problems: SendProblem[] = [];
    let lostToFaults = 0;
    let repeatedByFaults = 0;
    let refusedByStore = 0;
    let underWay = 0;
    for (const sent of this.#sent.values()) {
      const received = this.#received.get(sent.id) ?? [];
      for (const one of received) {
        if (one.message !== sent.message) problems.push(changed(sent, one));
      }
      if (received.length === 0) {
        if (sent.gates.some((gate) => this.#unstored.has(gate))) refusedByStore += 1;
        else if (isLostToFault(sent, faults)) lostToFaults += 1;
        else if (sent.isSimulated && this.#lastAt - sent.at <= UNDER_WAY_MS) underWay += 1;
        else problems.push({ kind: 'lost', id: sent.id, text: `${sent.from} sent it to ${sent.to}; nobody heard it` });
      } else if (received.length > 1) {
        if (isRepeatedByFault(received, faults)) repeatedByFaults += 1;
        else problems.push(doubled(sent, received));
      }
    }
    for (const [id, received] of this.#received) {
      if (this.#sent.has(id)) continue;
      problems.push({ kind: 'unknown', id, text: `${received[0]?.node} heard it; nobody sent it` });
    }
    const overtaken = faults.length === 0 ? this.#overtaken : [];
    return {
      sends: this.#sent.size,
      lostToFaults,
      repeatedByFaults,
      refusedByStore,
      underWay,
      problems: [...problems, ...overtaken],
    };
  }

  #hear(head: JournalHead, life: string, { from, input }: JournalRecord): void {
    const id = from ?? '';
    const received = { node: head.node, incarnation: head.incarnation, message: textOfHeard(input) };
    const others = this.#received.get(id);
    if (others === undefined) this.#received.set(id, [received]);
    else others.push(received);
    const [sender = '', number = '0'] = id.split('#');
    const pair = `${life} ${sender}`;
    const last = this.#heard.get(pair) ?? 0;
    if (Number(number) < last && sender !== '' && !isRelayed(sender) && !isPassable(head)) {
      this.#overtaken.push({ kind: 'overtaken', id, text: `${head.node} heard it after number ${last} of ${sender}` });
    }
    this.#heard.set(pair, Math.max(last, Number(number)));
  }

  #send(head: JournalHead, life: string, at: number, effect: SendEffect, gates: readonly string[]): void {
    const number = (this.#counts.get(life) ?? 0) + 1;
    this.#counts.set(life, number);
    const id = `${life}#${number}`;
    this.#sent.set(id, {
      id,
      from: head.node,
      incarnation: head.incarnation,
      to: targetOf(effect),
      message: JSON.stringify(effect.message),
      at,
      isSimulated: head.mode === 'sim',
      gates,
    });
  }
}

/** A Backend sends replies and relays on different ways, whose order it does not promise to one another. */
function isRelayed(sender: string): boolean {
  return sender.startsWith('backend-');
}

/** The simulator spares runs without faults the lanes of live nodes: who waits for the store there is passed by who does not. */
function isPassable({ mode }: JournalHead): boolean {
  return mode === 'sim';
}

function isSend(effect: Effect): effect is SendEffect {
  return effect.type === 'toFrontend' || effect.type === 'toBackend' || effect.type === 'toContactCenter';
}

function targetOf(effect: SendEffect): string {
  if (effect.type === 'toContactCenter') return 'contact-center';
  return effect.node ?? 'backend';
}

/** The message as it was sent: the contact center adds an interaction's id to a lead that it hears. */
function textOfHeard(input: unknown): string {
  if (typeof input !== 'object' || input === null || !('interactionId' in input)) return JSON.stringify(input);
  if (!('type' in input) || input.type !== 'leadArrived') return JSON.stringify(input);
  const { interactionId: _given, ...message } = input;
  return JSON.stringify(message);
}

function failedGroup(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null || !('type' in input) || input.type !== 'storeFailed')
    return undefined;
  return 'group' in input ? keyOfGroup(input.group as CommitGroup) : undefined;
}

function keyOfGroup(group: CommitGroup): string {
  return group.store === 'history' ? group.batch.batchId : JSON.stringify(group.rows);
}

/** The sender was killed before it got through, or the receiver was away and what it should hear has become pointless. */
function isLostToFault(sent: Sent, faults: readonly NamedFault[]): boolean {
  return faults.some(({ node, incarnation }) => {
    if (node === sent.from) return incarnation === sent.incarnation;
    return sent.to === 'backend' ? node.startsWith('backend-') : node === sent.to;
  });
}

/** It was heard in another life, or by another node, because the first hearer was away before it could say so. */
function isRepeatedByFault(received: readonly Received[], faults: readonly NamedFault[]): boolean {
  const lives = new Set(received.map(({ node, incarnation }) => `${node}~${incarnation}`));
  if (lives.size < received.length) return false;
  return received.some(({ node }) => faults.some((fault) => fault.node === node));
}

function changed(sent: Sent, received: Received): SendProblem {
  return {
    kind: 'changed',
    id: sent.id,
    text: `${sent.from} sent ${sent.message.slice(0, 200)}; ${received.node} heard ${received.message.slice(0, 200)}`,
  };
}

function doubled(sent: Sent, received: readonly Received[]): SendProblem {
  const hearers = received.map(({ node, incarnation }) => `${node} (life ${incarnation})`).join(', ');
  return { kind: 'doubled', id: sent.id, text: `${sent.from} sent it once; it was heard by ${hearers}` };
}
