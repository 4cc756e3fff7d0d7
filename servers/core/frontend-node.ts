/**
 * The Frontend Server machine: stamps events, keeps the visits that it owns, applies categories and rules, and sends
 * what came of it to the Backend. Nothing is acknowledged before it is stored.
 */
import type { CategoryMatcher } from '#core/categories/category-matcher.ts';
import { FenceQueue, type QueuedInput } from '#core/deployment/fence-queue.ts';
import { FrontendRules, type FenceOccasion } from '#core/deployment/frontend-rules.ts';
import type { FenceState } from '#core/deployment/rules-fence.ts';
import type { Effect, FrontendTimer, Woken } from '#core/effects.ts';
import { emptyList } from '#core/empty-list.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import { createBatch, EventBatches, findBatch, type Batch, type VisitBatches } from '#core/event-batches.ts';
import type { Intake, ToFrontend } from '#core/messages.ts';
import type { RuleProgress } from '#core/rules/describe-progress.ts';
import type { Firing } from '#core/rules/firing.ts';
import type { RulesInForce, VisitRules } from '#core/rules/rules-in-force.ts';
import { domainOf, hostOf, isInDomain, isSameAuthority } from '#core/visits/domain.ts';
import type { BrowserEvent, VisitEvent } from '#core/visits/event.ts';
import { KnownEvents } from '#core/visits/known-events.ts';
import { applyEvent, createVisit, endVisit, silenceEndsAt, type Visit } from '#core/visits/visit.ts';

export type FrontendEvent = ToFrontend | Woken<FrontendTimer> | FenceOccasion;

/** Events that were old when they were sent (an offline queue) are stored and kept from the rules: PRODUCT, "Time". */
const LATE_MS = 30_000;

/** A visit that this Frontend owns, with what the rules remember of it. */
interface OwnedVisit extends VisitBatches {
  visit: Visit;
  rules: VisitRules;
  /** When it is woken for its rules, ms; Infinity: not. */
  rulesWakeAt: number;
  /** How many visits the browser's visit id has been so far: more than one after crossing a domain. */
  crossings: number;
}

export class FrontendNode {
  readonly name: string;
  visitsStarted = 0;
  pageViews = 0;
  events = 0;
  readonly #deployed: FrontendRules;
  readonly #rules: RulesInForce;
  readonly #queue = new FenceQueue();
  readonly #domains: readonly string[];
  readonly #visits = new Map<string, OwnedVisit>();
  readonly #firings: Firing[] = [];
  readonly #idPrefix: string;
  readonly #batches: EventBatches;
  #leads = 0;

  /**
   * `domains`: the site's domains, where the last two labels of a host would not do. `idPrefix`: begins the ids of leads
   * and batches; another one for each life of the node, so that no id comes twice.
   */
  constructor(
    name: string,
    categories: CategoryMatcher,
    rules: RulesInForce,
    domains: readonly string[],
    idPrefix = name,
  ) {
    this.name = name;
    this.#idPrefix = idPrefix;
    this.#batches = new EventBatches(name, idPrefix);
    this.#deployed = new FrontendRules(name, rules, categories);
    this.#rules = rules;
    this.#domains = domains;
  }

  get refusedRequests(): number {
    return this.#batches.refusedRequests;
  }

  get visitsOwned(): number {
    return this.#visits.size;
  }

  /** The version of rules and categories that events are stamped under; 0: what the node was started with. */
  get rulesVersion(): number {
    return this.#deployed.version;
  }

  get fence(): FenceState {
    return this.#deployed.fence;
  }

  /** Why deployed rules can't be taken here; null: they can. */
  get rulesTrouble(): string | null {
    return this.#deployed.trouble;
  }

  /** Whether it has known what is in force since its start, and still does: only then it should be given traffic. */
  get knowsRules(): boolean {
    return this.#deployed.isReady;
  }

  /** Requests that wait behind the fence. */
  get queuedRequests(): number {
    return this.#queue.requests;
  }

  /** Whether so many wait behind the fence that no more should be taken in. */
  get queueFull(): boolean {
    return this.#queue.isFull;
  }

  /** Whether the visit is known here, so that nobody need look up its past. */
  owns(visitID: string): boolean {
    return this.#visits.has(visitID);
  }

  /** Whether the visitor of a visit, by its browser's id, is on a page, as far as is known here. */
  hasOpenPage(visitID: string): boolean {
    return this.#visits.get(visitID)?.visit.pageID !== undefined;
  }

  /** Nothing has come of a visit, by its browser's id, before `at` (ms): of its open matches those go that have expired by then. */
  expireMatches(visitID: string, at: number): void {
    const owned = this.#visits.get(visitID);
    // Where a wait is due, its wake-up is on the way.
    if (owned === undefined || this.#rules.nextDeadline(owned.rules) < at) return;
    this.#rules.advance(owned.rules, at - 1, []);
  }

  /** How far each rule is for a visit, by its browser's id, at `at` (ms, not in the past); none where it is not known here. */
  progressOf(visitID: string, at: number): readonly RuleProgress[] {
    const owned = this.#visits.get(visitID);
    return owned === undefined ? [] : this.#rules.progressOf(owned.rules, at);
  }

  /** The categories of an event, as they are stamped on it. */
  categoryOf(event: BrowserEvent): string {
    return event.category ?? this.#deployed.categories.categoriesOf(event.url, event.title, event.languageCode);
  }

  handle(event: FrontendEvent, at: number, out: Effect[]): void {
    switch (event.type) {
      case 'intake':
        this.#stampOrWait(event, at, out);
        return;
      case 'disposition':
        out.push({ type: 'toBackend', node: null, message: event });
        return;
      case 'invite':
        out.push({ type: 'toBrowser', visitID: event.visitID, message: event });
        return;
      case 'batchStored':
        this.#batches.settle(event.batchId, true, out);
        return;
      case 'batchRefused':
        this.#batches.settle(event.batchId, false, out);
        return;
      case 'wake':
        if (event.timer.kind === 'fenceOverdue') this.#deployed.overdue(at, out);
        else this.#stampOrWait(event, at, out);
        return;
      default:
        this.#deployed.handle(event, at, out);
        if (this.#deployed.isOpen) for (const queued of this.#queue.take()) this.#stamping(queued, at, out);
    }
  }

  /** Behind the fence nothing is stamped, and what the rules or the silence of a visit would bring waits its turn too. */
  #stampOrWait(input: QueuedInput, at: number, out: Effect[]): void {
    if (this.#deployed.isOpen) this.#stamping(input, at, out);
    else if (!this.#queue.add(input) && input.type === 'intake') this.#batches.answer(input.requestId, false, out);
  }

  #stamping(input: QueuedInput, at: number, out: Effect[]): void {
    if (input.type === 'intake') this.#takeIn(input, at, out);
    else if (input.timer.kind === 'rulesDue') this.#rulesDue(input.timer.visitID, at, out);
    else if (input.timer.kind === 'visitSilent') this.#visitSilent(input.timer.visitID, at, out);
  }

  #takeIn(intake: Intake, at: number, out: Effect[]): void {
    const owned = this.#visits.get(intake.visitID) ?? this.#own(intake, at, out);
    for (const event of intake.events) {
      if (findBatch(owned, event) !== undefined) {
        this.#takeInAgain(owned, intake, at, out);
        return;
      }
    }
    this.#process(owned, intake, intake.events, intake.requestId, at, out);
  }

  /** Some events came before: only the others are new, and the answer waits for what is still on its way. */
  #takeInAgain(owned: OwnedVisit, intake: Intake, at: number, out: Effect[]): void {
    const fresh = intake.events.filter((event) => findBatch(owned, event) === undefined);
    const unstored = new Set<Batch>();
    for (const event of intake.events) {
      const batch = findBatch(owned, event);
      if (batch !== undefined && batch.outcome !== 'stored') unstored.add(batch);
    }
    if (fresh.length > 0) unstored.add(this.#process(owned, intake, fresh, undefined, at, out));
    this.#batches.join(intake.requestId, unstored, out);
  }

  /** Stamps new events, gives them to the rules, and sends them on to be stored. */
  #process(
    owned: OwnedVisit,
    intake: Intake,
    events: readonly BrowserEvent[],
    requestId: number | undefined,
    at: number,
    out: Effect[],
  ): Batch {
    const stored: VisitEvent[] = [];
    const batch = createBatch(owned, requestId);
    let leads: HotLead[] | undefined;
    for (const event of events) {
      if (events.length > 1 && findBatch(owned, event) !== undefined) continue; // twice in one request
      owned.known.add(event.eventID, event.timestamp, events.length);
      if (event.eventName === 'PageEntered') this.#checkDomain(owned, event, at, out);
      const stamped = this.#stamp(event, owned.visit.visitID, at);
      this.#count(stamped);
      emptyList(this.#firings);
      // What was due before this event is judged by the visit as it was.
      if (owned.rulesWakeAt < at) this.#rules.advance(owned.rules, at - 1, this.#firings);
      applyEvent(owned.visit, stamped);
      stored.push(stamped);
      const isLate = intake.sentAt !== undefined && intake.sentAt - event.timestamp > LATE_MS;
      if (!isLate) this.#rules.handle(owned.rules, stamped, this.#firings);
      for (const firing of this.#firings) (leads ??= []).push(this.#leadOf(firing, owned.visit, intake.visitID));
    }
    this.#batches.send(batch, { visitID: owned.visit.visitID, events: stored, leads }, out);
    this.#armRules(owned, intake.visitID, out);
    return batch;
  }

  /** Asks to be woken when a rule fires without an event; a wake-up that is under way for a later time comes for nothing. */
  #armRules(owned: OwnedVisit, browserVisitID: string, out: Effect[]): void {
    const due = this.#rules.nextDeadline(owned.rules);
    if (due >= owned.rulesWakeAt) return;
    owned.rulesWakeAt = due;
    out.push({ type: 'wake', at: due, timer: { kind: 'rulesDue', visitID: browserVisitID } });
  }

  #rulesDue(browserVisitID: string, at: number, out: Effect[]): void {
    const owned = this.#visits.get(browserVisitID);
    if (owned === undefined || at < owned.rulesWakeAt) return;
    owned.rulesWakeAt = Infinity;
    emptyList(this.#firings);
    this.#rules.advance(owned.rules, at, this.#firings);
    if (this.#firings.length > 0) {
      const leads = this.#firings.map((firing) => this.#leadOf(firing, owned.visit, browserVisitID));
      const batch = createBatch(owned, undefined);
      this.#batches.send(batch, { visitID: owned.visit.visitID, events: [], leads }, out);
    }
    this.#armRules(owned, browserVisitID, out);
  }

  /**
   * First event of a visit here: its past is replayed without firing, so that rules go on as if it had been here all
   * along.
   */
  #own(intake: Intake, at: number, out: Effect[]): OwnedVisit {
    const first = intake.past?.[0] ?? intake.events[0];
    const visit = createVisit(intake.visitID, first?.globalVisitID ?? '', intake.past?.[0]?.at ?? at);
    const owned: OwnedVisit = {
      visit,
      rules: this.#rules.createVisit(visit),
      rulesWakeAt: Infinity,
      crossings: 0,
      known: new KnownEvents(),
      unstored: undefined,
    };
    this.#visits.set(intake.visitID, owned);
    for (const event of intake.past ?? []) {
      owned.known.add(event.eventID, event.timestamp, intake.events.length);
      if (event.visitID !== owned.visit.visitID) this.#crossedBefore(owned, intake.visitID, event);
      if (event.eventName === 'PageEntered' && owned.visit.domain === '')
        owned.visit.domain = this.#domainOf(event.url);
      this.#passTime(owned, event.at);
      applyEvent(owned.visit, event);
      this.#rules.replay(owned.rules, event);
    }
    // A wait that fell due before this node had the visit is its former node's: fired twice it would be asked twice.
    if (intake.past !== undefined) this.#passTime(owned, at);
    this.#armRules(owned, intake.visitID, out);
    out.push({
      type: 'wake',
      at: Math.max(at, silenceEndsAt(owned.visit)),
      timer: { kind: 'visitSilent', visitID: intake.visitID },
    });
    return owned;
  }

  /** What was due before `at` is over without a firing. */
  #passTime(owned: OwnedVisit, at: number): void {
    if (this.#rules.nextDeadline(owned.rules) < at) this.#rules.advance(owned.rules, at - 1, []);
  }

  /** The past tells that the browser's visit went on as another one, on another domain. */
  #crossedBefore(owned: OwnedVisit, browserVisitID: string, event: VisitEvent): void {
    owned.crossings = Number(event.visitID.slice(browserVisitID.length + 1)) - 1;
    owned.visit = createVisit(event.visitID, event.globalVisitID, event.at);
    this.#beginRules(owned);
  }

  /** A page on another domain ends the visit and starts the next one of the same browser. */
  #checkDomain(owned: OwnedVisit, event: BrowserEvent, at: number, out: Effect[]): void {
    const { visit } = owned;
    if (visit.domain === '') {
      visit.domain = this.#domainOf(event.url);
      return;
    }
    if (isSameAuthority(event.url, visit.url) || isInDomain(hostOf(event.url), visit.domain)) return;
    this.#end(visit, at, out);
    owned.crossings += 1;
    owned.visit = createVisit(`${event.visitID}.${owned.crossings + 1}`, event.globalVisitID, at);
    owned.visit.domain = this.#domainOf(event.url);
    this.#beginRules(owned);
    this.visitsStarted += 1;
  }

  /** The browser's visit has become another one, of which the rules know nothing yet. */
  #beginRules(owned: OwnedVisit): void {
    this.#rules.endVisit(owned.rules);
    owned.rules = this.#rules.createVisit(owned.visit);
  }

  #domainOf(url: string): string {
    return domainOf(hostOf(url), this.#domains);
  }

  #stamp(event: BrowserEvent, visitID: string, at: number): VisitEvent {
    return {
      eventID: event.eventID,
      at,
      timestamp: event.timestamp,
      visitID,
      globalVisitID: event.globalVisitID,
      pageID: event.pageID,
      eventType: event.eventType,
      eventName: event.eventName,
      url: event.url,
      title: event.title,
      category: this.categoryOf(event),
      languageCode: event.languageCode,
      identity: event.identity,
      data: event.data,
      rulesVersion: this.#deployed.version,
    };
  }

  #count(event: VisitEvent): void {
    this.events += 1;
    if (event.eventName === 'PageEntered') this.pageViews += 1;
    else if (event.eventName === 'VisitStarted') this.visitsStarted += 1;
  }

  #leadOf(firing: Firing, visit: Visit, browserVisitID: string): HotLead {
    this.#leads += 1;
    return {
      id: `${this.#idPrefix}.l${this.#leads}`,
      at: firing.at,
      visitID: visit.visitID,
      browserVisitID,
      globalVisitID: visit.globalVisitID,
      pageID: firing.pageID,
      url: visit.url,
      title: visit.title,
      firing,
      scope: visit.scope,
      identity: visit.identity,
      // Who has just left a page may be on the way to the next one: then the browser decides.
      onSite: visit.pageID !== undefined || firing.at === visit.lastAt,
      frontend: this.name,
      rulesVersion: this.#deployed.version,
    };
  }

  #visitSilent(visitID: string, at: number, out: Effect[]): void {
    const owned = this.#visits.get(visitID);
    if (owned === undefined) return;
    const due = silenceEndsAt(owned.visit);
    if (due > at) {
      out.push({ type: 'wake', at: due, timer: { kind: 'visitSilent', visitID } });
      return;
    }
    this.#end(owned.visit, at, out);
    this.#rules.endVisit(owned.rules);
    this.#visits.delete(visitID);
  }

  #end(visit: Visit, at: number, out: Effect[]): void {
    endVisit(visit, at);
    out.push({ type: 'toBackend', node: null, message: { type: 'visitEnded', visitID: visit.visitID } });
  }
}
