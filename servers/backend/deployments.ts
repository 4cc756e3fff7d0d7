/**
 * Deployments between HTTP, the machine and the store: gives the machine an author's order with what it has to know, keeps who
 * waits for its answer, and does what the machine asks of the store.
 */
import type { BackendEvent } from '#core/backend-node.ts';
import type { DeploymentChange, DeploymentFidelity, RulesContent } from '#core/deployment/deployment.ts';
import { contentOf, DEPLOYMENT_KINDS, readDeployments } from '#core/deployment/known-deployments.ts';
import type { Effect, OperationsRow, OrderAnswer } from '#core/effects.ts';
import type { NodeAddress, Peers } from '#node/node-ipc.ts';
import type { StoreClient } from '#node/store-client.ts';
import { OperatingError } from '#protocol/operating-error.ts';

export interface DeploymentsParts {
  readonly node: string;
  readonly fidelity: DeploymentFidelity;
  /** What the nodes were started with. */
  readonly base: RulesContent;
  readonly store: Pick<StoreClient, 'claim' | 'recover'>;
  readonly deliver: (input: BackendEvent) => void;
  /** Whether a Frontend is connected here. */
  readonly isUp: (frontend: string) => boolean;
}

type StoreEffect = Extract<Effect, { type: 'claim' | 'recall' }>;

export class Deployments {
  readonly base: RulesContent;
  readonly fidelity: DeploymentFidelity;
  readonly #parts: DeploymentsParts;
  readonly #waiting = new Map<number, (answer: OrderAnswer) => void>();
  /** Where every Frontend is that there has been: one that is down is one all the same. */
  readonly #frontends = new Map<string, string>();
  #backends: readonly NodeAddress[] = [];
  #orders = 0;
  #closed = false;

  constructor(parts: DeploymentsParts) {
    this.#parts = parts;
    this.base = parts.base;
    this.fidelity = parts.fidelity;
  }

  setPeers({ backends, frontends }: Peers): void {
    this.#backends = backends;
    for (const { name, url } of frontends) this.#frontends.set(name, url);
  }

  get frontends(): readonly NodeAddress[] {
    return [...this.#frontends].map(([name, url]) => ({ name, url })).toSorted(byName);
  }

  /** The Backend in charge of deployment: the first by name. `url` null: this one. */
  get inCharge(): { readonly name: string; readonly url: string | null } {
    const { node } = this.#parts;
    const others = this.#backends.filter(({ name }) => name !== node);
    return [{ name: node, url: null }, ...others].toSorted(byName)[0] ?? { name: node, url: null };
  }

  /** Fulfilled when the deployment is over. */
  order(change: DeploymentChange, by: string): Promise<OrderAnswer> {
    this.#orders += 1;
    const orderId = this.#orders;
    const frontends = this.frontends.map(({ name }) => ({ name, isUp: this.#parts.isUp(name) }));
    const answer = new Promise<OrderAnswer>((resolve) => this.#waiting.set(orderId, resolve));
    this.#parts.deliver({ type: 'deploymentOrder', orderId, by, fidelity: this.fidelity, change, frontends });
    return answer;
  }

  answered(orderId: number, answer: OrderAnswer): void {
    this.#waiting.get(orderId)?.(answer);
    this.#waiting.delete(orderId);
  }

  /** Rows of all deployments. Rejects when the node is being stopped. */
  rows(): Promise<readonly OperationsRow[]> {
    return this.#parts.store.recover(DEPLOYMENT_KINDS);
  }

  /** What is in force now. Rejects when the node is being stopped. */
  async inForce(): Promise<RulesContent> {
    return readDeployments(await this.rows(), this.base).inForce.content;
  }

  /** Asks the store, however long it takes, and gives the machine what it says. */
  async ask(effect: StoreEffect): Promise<void> {
    try {
      const answer = effect.type === 'claim' ? await this.#claim(effect) : await this.#recall(effect);
      if (!this.#closed) this.#parts.deliver(answer);
    } catch (error) {
      // The store's client has been closed: nobody waits any more.
      if (!(error instanceof OperatingError)) throw error;
    }
  }

  /** Who still waits is told to ask what came of it. */
  close(): void {
    this.#closed = true;
    const message = 'this Backend is being stopped: the history will tell what came of it';
    for (const orderId of this.#waiting.keys())
      this.answered(orderId, { kind: 'refused', code: 'UNAVAILABLE', message });
  }

  async #claim({ key, claimant }: Extract<StoreEffect, { type: 'claim' }>): Promise<BackendEvent> {
    const outcome = await this.#parts.store.claim(key, claimant);
    return { type: outcome === 'won' ? 'claimWon' : 'claimLost', key, claimant };
  }

  async #recall({ recallId, version }: Extract<StoreEffect, { type: 'recall' }>): Promise<BackendEvent> {
    const rows = await this.rows();
    const content = version === null ? null : (contentOf(rows, version, this.base) ?? null);
    return { type: 'recalled', recallId, known: readDeployments(rows, this.base), content };
  }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
