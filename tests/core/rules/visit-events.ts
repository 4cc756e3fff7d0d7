/** Visits and rules for tests in few words: an event is a time and what happened, a rule a template with what differs from the plainest. */
import {
  ALWAYS_VALID,
  type Condition,
  type EventPattern,
  type Rule,
  type RulePackage,
} from '#core/rules/rule-package.ts';
import type { VisitFacts } from '#core/rules/visit-facts.ts';
import type { EventData, VisitEvent } from '#core/visits/event.ts';

/** Of a visit about which no rule asks. */
export const FACTS: VisitFacts = {
  visitID: 'v1',
  globalVisitID: 'g1',
  startedAt: 0,
  scope: 'anonymous',
  identity: undefined,
  visitNumber: 1,
  referrer: '',
};

export interface GivenEvent {
  readonly id: string;
  readonly at: number;
  readonly name?: string;
  readonly category?: string;
  readonly data?: EventData;
}

export function createEvent(given: GivenEvent): VisitEvent {
  return {
    eventID: given.id,
    at: given.at,
    timestamp: given.at,
    visitID: 'v1',
    globalVisitID: 'g1',
    pageID: `page of ${given.id}`,
    eventType: 'BUSINESS',
    eventName: given.name ?? 'PageEntered',
    url: 'https://shop.example/x',
    title: 'A page',
    category: given.category ?? '',
    languageCode: 'en-US',
    identity: undefined,
    data: given.data ?? {},
  };
}

/** `A@0 B@5 A@5`: PageEntered of category A at 0 ms and so on; ids are the category with its count, `A1`. */
export function createVisit(line: string): VisitEvent[] {
  const counts = new Map<string, number>();
  return line
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const [category = '', at = ''] = word.split('@');
      const count = (counts.get(category) ?? 0) + 1;
      counts.set(category, count);
      return createEvent({ id: `${category.replaceAll(';', '')}${count}`, at: Number(at), category });
    });
}

export function enters(...categories: string[]): EventPattern {
  return { eventName: 'PageEntered', categories, tests: [] };
}

export function singleton(event: EventPattern): Condition {
  return { template: 'singleton', event };
}

export function counter(event: EventPattern, times: number, withinMs: number): Condition {
  return { template: 'counter', event, times, withinMs, distinct: null };
}

export function sequence(
  steps: readonly EventPattern[],
  withinMs: number,
  select: 'first' | 'all' = 'first',
): Condition {
  return { template: 'sequence', steps, withinMs, select };
}

export function createRule(name: string, when: Condition, other: Partial<Rule> = {}): Rule {
  return {
    name,
    about: null,
    on: true,
    phase: 'standard',
    salience: 0,
    correlate: 'visit',
    when,
    provided: null,
    valid: ALWAYS_VALID,
    hours: null,
    sentence: null,
    actions: [{ kind: 'hotLead', priority: 10, reason: null }],
    guards: { maxPerVisit: null, coolDownMs: null, holdoutShare: null },
    ...other,
  };
}

export function createPackage(rules: readonly Rule[], other: Partial<RulePackage> = {}): RulePackage {
  return {
    name: 'com.example',
    version: '1',
    about: null,
    phases: ['standard'],
    guards: { maxPerVisit: null, coolDownMs: null, holdoutShare: null },
    rules,
    ...other,
  };
}
