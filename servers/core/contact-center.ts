/**
 * The contact center machine: interactions, strategy, pacing, chats and agents, everything that must be one for all
 * Backends. Events in, effects out; the time arrives with the event. All that an event changes is stored as one group.
 */
import { assertNever } from '#core/assert.ts';
import type { ContactCenterSettings } from '#core/contact-center-settings.ts';
import type {
  ContactCenterTimer,
  Effect,
  OperationsGroup,
  OperationsRow,
  Recovered,
  StoreFailed,
  Woken,
} from '#core/effects.ts';
import { ChangedRows } from '#core/engagement/changed-rows.ts';
import { CLEANING_PERIOD_MS, EngagementDesk } from '#core/engagement/engagement-desk.ts';
import type { EngagementStrategy } from '#core/engagement/strategy-port.ts';
import type { LeadArrived, ToContactCenter } from '#core/messages.ts';
import { InquiryDesk } from '#core/pacing/inquiry-desk.ts';
import type { PacerRoom } from '#core/pacing/pacer-snapshot.ts';
import type { PacingCommand, PacingInForce } from '#core/pacing/pacing-command.ts';
import { PacingDesk, type PacingDeskChoice } from '#core/pacing/pacing-desk.ts';
import { CallbackDesk } from '#core/routing/callback-desk.ts';
import { AgentDesk } from '#core/routing/agent-desk.ts';
import { ChatEntry } from '#core/routing/chat-entry.ts';
import { ChatDesk } from '#core/routing/chat-desk.ts';
import { ContactBook } from '#core/routing/contact-book.ts';
import { ChatRouter } from '#core/routing/chat-router.ts';
import { ChatRoom } from '#core/routing/chat-room.ts';
import type { ChatRoutingStrategy } from '#core/routing/chat-routing-port.ts';
import { ReactiveDesk } from '#core/routing/reactive-desk.ts';
import { fillRoom, sendAgentsAway } from '#core/routing/restore-room.ts';
import { UnheardDesks } from '#core/routing/unheard-desks.ts';

/** A lead with the id that its interaction gets if it is new: unguessable where visitors can see it. */
export interface LeadInput extends LeadArrived {
  readonly interactionId: string;
}

/** From the driver: a Backend has been away for so long that its desks would have come back elsewhere. */
export interface BackendLost {
  readonly type: 'backendLost';
  readonly node: string;
}

/** From the driver: the link of a Backend is lost, or has come again; what desks behind it do can't be heard meanwhile. */
export interface BackendLink {
  readonly type: 'backendAway' | 'backendBack';
  readonly node: string;
}

export type ContactCenterEvent =
  | Exclude<ToContactCenter, LeadArrived>
  | LeadInput
  | Woken<ContactCenterTimer>
  | StoreFailed
  | Recovered
  | BackendLost
  | BackendLink
  | PacingCommand
  | { readonly type: 'start' };

const NOTHING: OperationsGroup = { store: 'operations', rows: [] };

/** One strategy a queue: of hot leads' interactions, and of chats. */
export interface Strategies {
  readonly engagement: EngagementStrategy;
  readonly chatRouting: ChatRoutingStrategy;
}

/** Rows that it takes up after a restart. */
export const CONTACT_CENTER_KINDS: readonly OperationsRow['kind'][] = [
  'interaction',
  'chat',
  'contact',
  'agent',
  'pacer',
  'pacingCommand',
  'reactive',
];

export class ContactCenter {
  readonly chats: ChatDesk;
  readonly engagement: EngagementDesk;
  readonly contacts: ContactBook;
  readonly #room: ChatRoom;
  readonly #router: ChatRouter;
  readonly #agents: AgentDesk;
  readonly #callbacks: CallbackDesk;
  readonly #chatEntry: ChatEntry;
  readonly #reactive: ReactiveDesk;
  readonly #inquiries: InquiryDesk;
  readonly #pacing: PacingDesk;
  readonly #unheard = new UnheardDesks();
  readonly #settings: ContactCenterSettings;
  readonly #strategies: Strategies;
  readonly #rows = new ChangedRows();

  constructor(settings: ContactCenterSettings, strategies: Strategies, pacing: PacingDeskChoice) {
    this.#settings = settings;
    this.#strategies = strategies;
    this.#pacing = new PacingDesk(pacing);
    this.#room = new ChatRoom(settings.chatGroups, settings.groupRules ?? [], this.#pacing, this.#rows);
    this.#pacing.askUnheard((group) => this.#unheard.since(this.#room.groupOf(group).agents));
    this.#router = new ChatRouter(this.#room);
    this.chats = new ChatDesk(this.#room, this.#router);
    this.#callbacks = new CallbackDesk(this.#room, this.#router);
    const { restoreTimeoutMs } = settings;
    this.#agents = new AgentDesk(this.#room, this.#router, this.chats, this.#callbacks, restoreTimeoutMs);
    this.#chatEntry = new ChatEntry(settings, strategies.chatRouting, this.#room, this.chats);
    this.#reactive = new ReactiveDesk({
      settings,
      pacing: this.#pacing,
      chats: this.chats,
      router: this.#router,
      entry: this.#chatEntry,
      rows: this.#rows,
    });
    this.#inquiries = new InquiryDesk(this.#pacing, this.#reactive, (name) => this.#room.capacityOf(name));
    const handling = settings.contactHandling ?? 1;
    const { userIdentifier, phoneNumberKey: phoneNumber = 'PhoneNumber' } = settings;
    this.contacts = new ContactBook({ handling, userIdentifier, phoneNumber }, this.#rows);
    this.engagement = new EngagementDesk({
      settings,
      strategy: strategies.engagement,
      pacing: this.#pacing,
      chats: this.chats,
      chatEntry: this.#chatEntry,
      callbacks: this.#callbacks,
      contacts: this.contacts,
      rows: this.#rows,
    });
  }

  /** What pacing goes by, what it was told included; null: it is off. */
  get pacingInForce(): PacingInForce | null {
    return this.#settings.defaultChannel === null ? this.#pacing.inForce : null;
  }

  handle(event: ContactCenterEvent, at: number, out: Effect[]): void {
    const place = out.length;
    this.#decide(event, at, out);
    this.#pacing.putRows(this.#rows, at);
    this.#rows.commit(out, place);
  }

  /** Gives back what its strategies hold outside of the collector's sight; it handles nothing afterwards. */
  close(): void {
    this.#strategies.engagement.close();
    this.#strategies.chatRouting.close();
  }

  #decide(event: ContactCenterEvent, at: number, out: Effect[]): void {
    switch (event.type) {
      case 'start':
        this.#armRefresh(at, out);
        this.#armLedgerReset(at, out);
        armCleaning(at, out);
        return;
      case 'recovered':
        this.#recover(event.rows, at, out);
        return;
      case 'leadArrived':
        this.engagement.leadArrived(event.lead, event.interactionId, at, out);
        return;
      case 'disposition':
        this.engagement.disposition(event, at, out);
        return;
      case 'visitEnded':
        this.engagement.visitEnded(event.visitID, at, out);
        return;
      case 'chatRequest':
        this.engagement.acceptances.chatRequested(event, at, out);
        return;
      case 'callbackRequest':
        this.engagement.acceptances.callbackRequested(event, at, out);
        return;
      case 'reactiveChat':
        this.#reactive.requested(event, at, out);
        return;
      case 'pacingAsked':
        this.#inquiries.asked(event, at, out);
        return;
      case 'strategyOrdered':
        this.engagement.outside.ordered(event, at, out);
        return;
      case 'chatResume':
        this.chats.resume(event, at, out);
        return;
      case 'chatRefresh':
        this.chats.refreshAsked(event, out);
        return;
      case 'chatLeft':
        this.chats.visitorLeft(event.visitID, event.via, at, out);
        return;
      case 'visitorLine':
        this.chats.visitorSaid(event, at, out);
        return;
      case 'listFollowUps':
      case 'approveFollowUp':
      case 'dismissFollowUp':
        if (this.#agents.hears(event, out)) this.engagement.followUpAction(event, at, out);
        return;
      case 'deskLost':
        this.#agents.lost(event, at, out);
        return;
      case 'backendLost':
        this.#agents.backendLost(event.node, at, out);
        return;
      case 'identityErased':
        this.contacts.forget(event.identityId);
        // Behind all that was to be stored before: when it is answered nothing of that is on its way any more.
        out.push({ type: 'commit', group: NOTHING });
        return;
      case 'backendAway':
        this.#unheard.backendAway(event.node, at);
        return;
      case 'backendBack':
        this.#unheard.backendBack(event.node);
        return;
      case 'pacingCommand':
        this.#obey(event, at, out);
        return;
      case 'wake':
        this.#woken(event.timer, at, out);
        return;
      case 'storeFailed':
        // The state is ahead of the store: the driver tries the group again until it is stored, and what it gates
        // waits.
        out.push({ type: 'commit', group: event.group });
        return;
      default:
        this.#agents.handle(event, at, out);
    }
  }

  #woken(timer: ContactCenterTimer, at: number, out: Effect[]): void {
    switch (timer.kind) {
      case 'strategyDue':
        if (timer.strategy === 'engagement') this.engagement.sessions.due(timer, at, out);
        else this.#chatEntry.due(timer, at, out);
        return;
      case 'pacingRefresh':
        for (const decision of this.#pacing.refresh(at)) {
          out.push({ type: 'note', fact: { kind: 'pacing', at, decision } });
        }
        this.#armRefresh(at, out);
        return;
      case 'ledgerReset':
        this.#pacing.resetLedgers(at);
        this.#armLedgerReset(at, out);
        return;
      case 'cleaningDue':
        this.engagement.clean(at, out);
        armCleaning(at, out);
        return;
      case 'interactionOverdue':
        this.engagement.overdue(timer, at, out);
        return;
      case 'desksOverdue':
        this.#agents.notBack(at, out);
        return;
      case 'ringOverdue':
        this.#router.ringOverdue(timer.chatId, timer.offer, at, out);
        return;
      case 'callbackDue':
        this.#callbacks.due(timer.chatId, at, out);
        return;
      case 'callbackLate':
        this.#callbacks.late(timer.chatId, at, out);
        return;
      case 'restoreOverdue':
        this.chats.restoreOverdue(timer.chatId, at, out);
        return;
      default:
        assertNever(timer, 'contact center timer');
    }
  }

  /** Takes up everything where the rows have it, then sends the agents away until their desks log in again. */
  #recover(rows: readonly OperationsRow[], at: number, out: Effect[]): void {
    if (rows.length === 0) return;
    fillRoom(this.#room, rowsOf(rows, 'agent'), rowsOf(rows, 'chat'));
    this.contacts.restore(rowsOf(rows, 'contact'));
    this.engagement.restore(rowsOf(rows, 'interaction'), at);
    const snapshots = new Map(rowsOf(rows, 'pacer').map(({ id, state }) => [id, state]));
    this.#reactive.restore(rowsOf(rows, 'reactive'));
    this.#pacing.restore(rowsOf(rows, 'pacingCommand'), snapshots, this.#pacedRoom, at);
    this.#unheard.restored(at);
    sendAgentsAway(this.#room, this.#router, at + this.#settings.restoreTimeoutMs, at, out);
    this.#chatEntry.resume(at, out);
    this.#callbacks.resume(at, out);
    this.engagement.resume(at, out);
  }

  #obey(command: PacingCommand, at: number, out: Effect[]): void {
    const changed = this.#pacing.command(command, this.#pacedRoom, at);
    if (changed === null) return;
    const { commandId, by } = command;
    out.push({ type: 'note', fact: { kind: 'pacingCommand', at, commandId, by, ...changed } });
    this.#router.routeAll(at, out);
  }

  readonly #pacedRoom = (group: string): PacerRoom => ({
    ...this.#room.pacedChats(group),
    pending: this.engagement.pendingOf(group),
  });

  #armRefresh(at: number, out: Effect[]): void {
    if (this.#settings.defaultChannel !== null) return;
    out.push({ type: 'wake', at: at + this.#settings.refreshPeriodMs, timer: { kind: 'pacingRefresh' } });
  }

  #armLedgerReset(at: number, out: Effect[]): void {
    const next = this.#pacing.nextReset(at);
    if (next !== null) out.push({ type: 'wake', at: next, timer: { kind: 'ledgerReset' } });
  }
}

function armCleaning(at: number, out: Effect[]): void {
  out.push({ type: 'wake', at: at + CLEANING_PERIOD_MS, timer: { kind: 'cleaningDue' } });
}

type RowOf<K extends OperationsRow['kind']> = Extract<OperationsRow, { kind: K }>;

function rowsOf<K extends OperationsRow['kind']>(rows: readonly OperationsRow[], kind: K): readonly RowOf<K>[] {
  return rows.filter((row): row is RowOf<K> => row.kind === kind);
}
