/**
 * The Backend Server machine: puts batches into the history, passes hot leads on once their events are stored, relays
 * between the contact center and the Frontends, shows what is said in chats at their refreshes, and deploys rules. Stateless before
 * the store, but for a deployment under way and lines that wait for a refresh, which the contact center can tell again.
 */
import { assertNever } from '#core/assert.ts';
import { ChatDelivery, type ChatDeliverySettings } from '#core/delivery/chat-delivery.ts';
import { DeploymentDesk, type DeploymentEvent } from '#core/deployment/deployment-desk.ts';
import type { BackendTimer, Effect, StoreFailed, Woken } from '#core/effects.ts';
import type { IdentityErased, StoreBatch, ToBackend } from '#core/messages.ts';

export type BackendEvent = ToBackend | IdentityErased | DeploymentEvent | StoreFailed | Woken<BackendTimer>;

export class BackendNode {
  readonly name: string;
  readonly chats: ChatDelivery;
  /** Batches and events asked to be stored, and batches refused for want of a store. */
  batches = 0;
  events = 0;
  refusedBatches = 0;
  readonly #deployments: DeploymentDesk;

  constructor(name: string, delivery: ChatDeliverySettings) {
    this.name = name;
    this.chats = new ChatDelivery(name, delivery);
    this.#deployments = new DeploymentDesk(name);
  }

  handle(event: BackendEvent, at: number, out: Effect[]): void {
    switch (event.type) {
      case 'storeBatch':
        this.#store(event, out);
        return;
      case 'invite':
        out.push({ type: 'toFrontend', node: event.frontend, message: event });
        return;
      case 'disposition':
      case 'visitEnded':
      case 'identityErased':
        out.push({ type: 'toContactCenter', message: event });
        return;
      case 'chatRequest':
      case 'callbackRequest':
      case 'reactiveChat':
      case 'pacingAsked':
      case 'strategyOrdered':
      case 'chatLeft':
      case 'visitorLine':
      case 'login':
      case 'ready':
      case 'notReady':
      case 'logout':
      case 'answer':
      case 'reject':
      case 'transfer':
      case 'dialed':
      case 'reschedule':
      case 'say':
      case 'finish':
      case 'done':
      case 'listFollowUps':
      case 'approveFollowUp':
      case 'dismissFollowUp':
      case 'deskLost':
        out.push({ type: 'toContactCenter', message: { ...event, via: this.name } });
        return;
      case 'chatResume':
        out.push({ type: 'toContactCenter', message: { ...event, via: this.name } });
        this.chats.resumed(event.visitID, at, out);
        return;
      case 'pacingTold':
        out.push({ type: 'toAsker', askId: event.askId, reply: event.reply });
        return;
      case 'strategyTold':
        out.push({ type: 'toStrategist', orderId: event.orderId, reply: event.reply });
        return;
      case 'chatUpdate':
        this.chats.updated(event, at, out);
        return;
      case 'chatLine':
        this.chats.said(event, at, out);
        return;
      case 'chatRefreshed':
        this.chats.refreshed(event, at, out);
        return;
      case 'chatOffer':
      case 'chatClosed':
      case 'deskNotReady':
      case 'deskLine':
      case 'deskState':
      case 'deskResume':
      case 'followUps':
        out.push({ type: 'toDesk', message: event });
        return;
      case 'rulesPrepared':
      case 'fenceRaised':
      case 'rulesTaken':
      case 'rulesAsked':
      case 'deploymentOrder':
      case 'frontendLost':
      case 'recalled':
      case 'claimWon':
      case 'claimLost':
        this.#deployments.handle(event, at, out);
        return;
      case 'wake':
        if (event.timer.kind === 'chatsDue') this.chats.due(at, out);
        else this.#deployments.overdue(event.timer, at, out);
        return;
      case 'storeFailed':
        this.#refuse(event, out);
        return;
      default:
        assertNever(event, 'backend event');
    }
  }

  #store(batch: StoreBatch, out: Effect[]): void {
    this.batches += 1;
    this.events += batch.events.length;
    out.push({ type: 'commit', group: { store: 'history', batch } });
    out.push({
      type: 'toFrontend',
      node: batch.frontend,
      message: { type: 'batchStored', batchId: batch.batchId },
    });
    if (batch.leads === undefined) return;
    for (const lead of batch.leads) out.push({ type: 'toContactCenter', message: { type: 'leadArrived', lead } });
  }

  #refuse(failure: StoreFailed, out: Effect[]): void {
    if (failure.group.store === 'operations') {
      // What is decided has to be written down: what rests on it waits.
      out.push({ type: 'commit', group: failure.group });
      return;
    }
    const { frontend, batchId } = failure.group.batch;
    this.refusedBatches += 1;
    out.push({ type: 'toFrontend', node: frontend, message: { type: 'batchRefused', batchId } });
  }
}
