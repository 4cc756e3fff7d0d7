/**
 * A Backend's part in deployments: carries out those that it is ordered to, one at a time, and tells Frontends that ask what is in
 * force. Every answer rests on what the store said after the question had come, so that any Backend may give it:
 *
 *   a Frontend asks --> recall --> told; a version that is undecided and has waited enough is decided here first: aborted
 *   an author orders --> recall --> an undecided version is decided first --> the deployment (deployment-run.ts) --> answered
 */
import type { Claimed, DeploymentTimer, Effect, OrderAnswer, Recalled } from '#core/effects.ts';
import type { DeploymentOfFrontend, RulesAsked } from './deployment-messages.ts';
import { changeContent } from './change-content.ts';
import { DeploymentRun } from './deployment-run.ts';
import {
  CONTENT_CHARS_MAX,
  decisionKeyOf,
  failureOf,
  type DeploymentChange,
  type DeploymentFidelity,
  type DeploymentOutcome,
  type DeploymentRow,
  type KnownDeployments,
  type RulesContent,
} from './deployment.ts';
import { versionOf } from './known-deployments.ts';

/** From the driver: an author's order, with the Frontends as this Backend sees them. */
export interface DeploymentOrder {
  readonly type: 'deploymentOrder';
  readonly orderId: number;
  readonly by: string;
  readonly fidelity: DeploymentFidelity;
  readonly change: DeploymentChange;
  readonly frontends: readonly { readonly name: string; readonly isUp: boolean }[];
}

/** From the driver: a Frontend's connection is gone. */
export interface FrontendLost {
  readonly type: 'frontendLost';
  readonly node: string;
}

export type DeploymentEvent = DeploymentOfFrontend | DeploymentOrder | FrontendLost | Recalled | Claimed;

/** Who waits for an answer of the store. */
type Waiter = RulesAsked | DeploymentOrder;

/** A version of another Backend, or of an earlier life, that is being decided here. */
interface Settlement {
  readonly row: DeploymentRow;
  readonly known: KnownDeployments;
  readonly content: RulesContent | null;
  readonly waiter: Waiter;
}

export class DeploymentDesk {
  readonly #backend: string;
  #run: DeploymentRun | null = null;
  /** The order that there is no run for yet. */
  #ordered: DeploymentOrder | null = null;
  /** Frontends that were lost since then. */
  readonly #lost = new Set<string>();
  readonly #recalls = new Map<number, Waiter>();
  readonly #settlements: Settlement[] = [];
  #recallId = 0;

  constructor(backend: string) {
    this.#backend = backend;
  }

  handle(event: DeploymentEvent, at: number, out: Effect[]): void {
    switch (event.type) {
      case 'deploymentOrder':
        this.#order(event, out);
        return;
      case 'rulesAsked':
        this.#recall(event, null, out);
        return;
      case 'recalled':
        this.#recalled(event, at, out);
        return;
      case 'claimWon':
      case 'claimLost':
        this.#claimed(event, at, out);
        return;
      case 'frontendLost':
        this.#lost.add(event.node);
        this.#run?.frontendLost(event.node, at, out);
        break;
      case 'rulesPrepared':
        this.#runOf(event.version)?.prepared(event, at, out);
        break;
      case 'fenceRaised':
        this.#runOf(event.version)?.fenceRaised(event.frontend, out);
        break;
      default:
        this.#runOf(event.version)?.taken(event, at, out);
    }
    this.#endRun(at, out);
  }

  overdue({ version, stage }: DeploymentTimer, at: number, out: Effect[]): void {
    this.#runOf(version)?.overdue(stage, at, out);
    this.#endRun(at, out);
  }

  #order(order: DeploymentOrder, out: Effect[]): void {
    const down = order.frontends.filter(({ isUp }) => !isUp).map(({ name }) => name);
    if (this.#ordered !== null || this.#run !== null) {
      refuse(order, 'CONFLICT', 'another deployment is under way', out);
    } else if (order.frontends.length === 0) {
      refuse(order, 'UNAVAILABLE', 'there is no Frontend to deploy to', out);
    } else if (down.length > 0) {
      refuse(order, 'UNAVAILABLE', `not up: ${down.join(', ')}; nothing was deployed`, out);
    } else {
      this.#ordered = order;
      this.#lost.clear();
      this.#recall(order, order.change.kind === 'rollback' ? order.change.version : null, out);
    }
  }

  #recall(waiter: Waiter, version: number | null, out: Effect[]): void {
    this.#recallId += 1;
    this.#recalls.set(this.#recallId, waiter);
    out.push({ type: 'recall', recallId: this.#recallId, version });
  }

  #recalled({ recallId, known, content }: Recalled, at: number, out: Effect[]): void {
    const waiter = this.#recalls.get(recallId);
    if (waiter === undefined) return;
    this.#recalls.delete(recallId);
    const row = known.undecided;
    const canWait = waiter.type === 'rulesAsked' && waiter.settle !== Number(row?.id);
    if (row === null || canWait) this.#serve(waiter, known, content, at, out);
    else {
      this.#settlements.push({ row, known, content, waiter });
      out.push({ type: 'claim', key: decisionKeyOf(Number(row.id)), claimant: failureOf(row.fidelity) });
    }
  }

  #claimed({ type, key, claimant }: Claimed, at: number, out: Effect[]): void {
    const run = this.#run;
    if (run !== null && key === decisionKeyOf(run.version) && run.awaits(claimant)) {
      run.decided(type === 'claimWon', at, out);
      this.#endRun(at, out);
      return;
    }
    const place = this.#settlements.findIndex(({ row }) => key === decisionKeyOf(Number(row.id)));
    const settlement = place < 0 ? undefined : this.#settlements.splice(place, 1)[0];
    if (settlement !== undefined) this.#settle(settlement, type === 'claimWon', at, out);
  }

  /** Nobody else writes down what was decided, if its Backend is gone. */
  #settle({ row, known, content, waiter }: Settlement, isFailure: boolean, at: number, out: Effect[]): void {
    const outcome: DeploymentOutcome = isFailure ? failureOf(row.fidelity) : 'committed';
    const reasons = isFailure ? ['the Backend in charge was lost, or too slow'] : [];
    const decided = { kind: 'deploymentOutcome', id: row.id, at, outcome, reasons, nodes: [] } as const;
    out.push({ type: 'commit', group: { store: 'operations', rows: [decided] } });
    const inForce = isFailure ? known.inForce : versionOf(row);
    this.#serve(waiter, { inForce, decided: Number(row.id), undecided: null }, content, at, out);
  }

  #serve(waiter: Waiter, known: KnownDeployments, content: RulesContent | null, at: number, out: Effect[]): void {
    if (waiter.type === 'deploymentOrder') this.#begin(waiter, known, content, at, out);
    else tell(waiter, known, out);
  }

  #begin(
    order: DeploymentOrder,
    known: KnownDeployments,
    earlier: RulesContent | null,
    at: number,
    out: Effect[],
  ): void {
    this.#ordered = null;
    const changed = changeContent(known.inForce.content, order.change, earlier ?? undefined);
    const lost = order.frontends.filter(({ name }) => this.#lost.has(name)).map(({ name }) => name);
    if (changed === undefined) {
      refuse(order, 'NOT_FOUND', 'there is no such version that was committed', out);
    } else if (lost.length > 0) {
      refuse(order, 'UNAVAILABLE', `not up: ${lost.join(', ')}; nothing was deployed`, out);
    } else if (JSON.stringify(changed.content).length > CONTENT_CHARS_MAX) {
      const message = `all packages and categories together would be more than ${CONTENT_CHARS_MAX} characters`;
      refuse(order, 'TOO_LARGE', message, out);
    } else {
      const { by, fidelity } = order;
      const { content, sentence: change } = changed;
      const row: DeploymentRow = { kind: 'deployment', id: `${known.decided + 1}`, at, by, change, fidelity, content };
      const frontends = order.frontends.map(({ name }) => name);
      this.#run = new DeploymentRun(this.#backend, row, known.inForce.version, { orderId: order.orderId, frontends });
      this.#run.begin(at, out);
    }
  }

  #runOf(version: number): DeploymentRun | null {
    return this.#run?.version === version ? this.#run : null;
  }

  #endRun(at: number, out: Effect[]): void {
    const run = this.#run;
    if (run === null || !run.isOver) return;
    this.#run = null;
    const answer: OrderAnswer = { kind: 'deployed', report: run.report(at), faults: run.faults };
    out.push({ type: 'orderAnswered', orderId: run.orderId, answer });
  }
}

/** Behind no fence (faithful) nobody waits for what is undecided. */
function tell({ frontend }: RulesAsked, { inForce, decided, undecided }: KnownDeployments, out: Effect[]): void {
  const pending = undecided?.fidelity === 'improved' ? Number(undecided.id) : null;
  out.push({
    type: 'toFrontend',
    node: frontend,
    message: { type: 'rulesTold', inForce, decided, undecided: pending },
  });
}

function refuse(
  { orderId }: DeploymentOrder,
  code: Extract<OrderAnswer, { readonly kind: 'refused' }>['code'],
  message: string,
  out: Effect[],
): void {
  out.push({ type: 'orderAnswered', orderId, answer: { kind: 'refused', code, message } });
}
