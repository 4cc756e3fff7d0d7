/**
 * The Frontend Server machine: stamps events, keeps the visits that it owns, applies categories and rules, and sends
 * what came of it to the Backend. Nothing is acknowledged before it is stored.
 */
import { assertNever } from '#core/assert.ts';
import type { CategoryMatcher } from '#core/categories/category-matcher.ts';
import type { Effect, FrontendTimer, Woken } from '#core/effects.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { Intake, ToFrontend } from '#core/messages.ts';
import type { CompiledRules } from '#core/rules/compiled-rules.ts';
import type { Firing } from '#core/rules/firing.ts';
import type { VisitRuleState } from '#core/rules/visit-rule-state.ts';
import { domainOf, hostOf, isInDomain } from '#core/visits/domain.ts';
import type { BrowserEvent, VisitEvent } from '#core/visits/event.ts';
import { applyEvent, createVisit, endVisit, silenceEndsAt, type Visit } from '#core/visits/visit.ts';

export type FrontendEvent = ToFrontend | Woken<FrontendTimer>;

/** A visit that this Frontend owns, with what the rules remember of it. */
interface OwnedVisit {
  visit: Visit;
  rules: VisitRuleState;
  /** How many visits the browser's visit id has been so far: more than one after crossing a domain. */
  crossings: number;
}

export class FrontendNode {
  readonly name: string;
  visitsStarted = 0;
  pageViews = 0;
  events = 0;
  refusedRequests = 0;
  readonly #categories: CategoryMatcher;
  readonly #rules: CompiledRules;
  readonly #domains: readonly string[];
  readonly #visits = new Map<string, OwnedVisit>();
  readonly #firings: Firing[] = [];
  #leads = 0;

  /** `domains`: the site's domains, where the last two labels of a host would not do. */
  constructor(name: string, categories: CategoryMatcher, rules: CompiledRules, domains: readonly string[]) {
    this.name = name;
    this.#categories = categories;
    this.#rules = rules;
    this.#domains = domains;
  }

  get visitsOwned(): number {
    return this.#visits.size;
  }

  /** The categories of an event, as they are stamped on it. */
  categoryOf(event: BrowserEvent): string {
    return event.category ?? this.#categories.categoriesOf(event.url, event.title);
  }

  handle(event: FrontendEvent, at: number, out: Effect[]): void {
    switch (event.type) {
      case 'intake':
        this.#takeIn(event, at, out);
        return;
      case 'disposition':
        out.push({ type: 'toBackend', message: event });
        return;
      case 'invite':
        out.push({ type: 'toBrowser', visitID: event.visitID, message: event });
        return;
      case 'batchStored':
        out.push({ type: 'acknowledge', requestId: event.requestId, stored: true });
        return;
      case 'batchRefused':
        this.refusedRequests += 1;
        out.push({ type: 'acknowledge', requestId: event.requestId, stored: false });
        return;
      case 'wake':
        this.#visitSilent(event.timer.visitID, at, out);
        return;
      default:
        assertNever(event, 'frontend event');
    }
  }

  #takeIn(intake: Intake, at: number, out: Effect[]): void {
    const owned = this.#visits.get(intake.visitID) ?? this.#own(intake, at, out);
    const stored: VisitEvent[] = [];
    let leads: HotLead[] | undefined;
    for (const event of intake.events) {
      if (event.eventName === 'PageEntered') this.#checkDomain(owned, event, at, out);
      const stamped = this.#stamp(event, owned.visit.visitID, at);
      this.#count(stamped);
      applyEvent(owned.visit, stamped);
      stored.push(stamped);
      this.#firings.length = 0;
      this.#rules.handle(owned.rules, stamped, this.#firings);
      for (const firing of this.#firings) (leads ??= []).push(this.#leadOf(firing, owned.visit, intake));
    }
    out.push({
      type: 'toBackend',
      message: {
        type: 'storeBatch',
        frontend: this.name,
        requestId: intake.requestId,
        visitID: owned.visit.visitID,
        events: stored,
        leads,
      },
    });
  }

  /**
   * First event of a visit here: its past is replayed without firing, so that rules go on as if it had been here all
   * along.
   */
  #own(intake: Intake, at: number, out: Effect[]): OwnedVisit {
    const first = intake.past?.[0] ?? intake.events[0];
    const owned: OwnedVisit = {
      visit: createVisit(intake.visitID, first?.globalVisitID ?? '', intake.past?.[0]?.at ?? at),
      rules: this.#rules.createState(),
      crossings: 0,
    };
    this.#visits.set(intake.visitID, owned);
    for (const event of intake.past ?? []) {
      if (event.eventName === 'PageEntered' && owned.visit.domain === '')
        owned.visit.domain = this.#domainOf(event.url);
      applyEvent(owned.visit, event);
      this.#rules.replay(owned.rules, event);
    }
    out.push({
      type: 'wake',
      at: Math.max(at, silenceEndsAt(owned.visit)),
      timer: { kind: 'visitSilent', visitID: intake.visitID },
    });
    return owned;
  }

  /** A page on another domain ends the visit and starts the next one of the same browser. */
  #checkDomain(owned: OwnedVisit, event: BrowserEvent, at: number, out: Effect[]): void {
    const { visit } = owned;
    if (visit.domain === '') {
      visit.domain = this.#domainOf(event.url);
      return;
    }
    if (event.url === visit.url || isInDomain(hostOf(event.url), visit.domain)) return;
    this.#end(visit, at, out);
    owned.crossings += 1;
    owned.visit = createVisit(`${event.visitID}.${owned.crossings + 1}`, event.globalVisitID, at);
    owned.visit.domain = this.#domainOf(event.url);
    owned.rules = this.#rules.createState();
    this.visitsStarted += 1;
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
    };
  }

  #count(event: VisitEvent): void {
    this.events += 1;
    if (event.eventName === 'PageEntered') this.pageViews += 1;
    else if (event.eventName === 'VisitStarted') this.visitsStarted += 1;
  }

  #leadOf(firing: Firing, visit: Visit, intake: Intake): HotLead {
    this.#leads += 1;
    return {
      id: `${this.name}.l${this.#leads}`,
      at: firing.at,
      visitID: visit.visitID,
      browserVisitID: intake.visitID,
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
    this.#visits.delete(visitID);
  }

  #end(visit: Visit, at: number, out: Effect[]): void {
    endVisit(visit, at);
    out.push({ type: 'toBackend', message: { type: 'visitEnded', visitID: visit.visitID } });
  }
}
