/** Gives a log to the rules in force as a Frontend does: visits with their facts, wake-ups for waits, the past replayed. */
import { present } from '#core/assert.ts';
import type { Firing } from '#core/rules/firing.ts';
import { RulesInForce, type VisitRules } from '#core/rules/rules-in-force.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { applyEvent, createVisit, type Visit } from '#core/visits/visit.ts';
import { isTold, type Log } from './oracle-log.ts';
import type { RandomCase } from './random-packages.ts';

/** What a control does otherwise, to be caught. */
export interface Faults {
  /** Waits that end at the very time of an event fire before it. */
  readonly deadlineExclusive?: boolean;
  /** The state starts empty where the past ends. */
  readonly pastForgotten?: boolean;
}

interface OwnedVisit {
  readonly visit: Visit;
  readonly rules: VisitRules;
}

/** What is passed on, item by item. */
export function runMatcher({ packages, log, openPartialsMax, replayed }: RandomCase, faults: Faults = {}): Firing[][] {
  const inForce = new RulesInForce(packages, { domainSeparation: false, openPartialsMax });
  const visits = new Map<string, OwnedVisit>();
  return log.map((item, place) => {
    const out: Firing[] = [];
    if (place === replayed && faults.pastForgotten === true) visits.clear();
    const owned = visits.get(item.visitID) ?? own(inForce, visits, log, item.visitID);
    if (isTold(item)) inForce.advance(owned.rules, item.told, out);
    else take(inForce, owned, item, place < replayed, out, faults);
    return place < replayed ? [] : out;
  });
}

function take(
  inForce: RulesInForce,
  { visit, rules }: OwnedVisit,
  event: VisitEvent,
  isPast: boolean,
  out: Firing[],
  faults: Faults,
): void {
  const before = faults.deadlineExclusive === true ? event.at : event.at - 1;
  if (inForce.nextDeadline(rules) <= before) inForce.advance(rules, before, out);
  applyEvent(visit, event);
  if (isPast) inForce.replay(rules, event);
  else inForce.handle(rules, event, out);
}

function own(inForce: RulesInForce, visits: Map<string, OwnedVisit>, log: Log, visitID: string): OwnedVisit {
  const first = present(
    log.find((item): item is VisitEvent => !isTold(item) && item.visitID === visitID),
    'event of the visit',
  );
  const visit = createVisit(visitID, first.globalVisitID, first.at);
  const owned = { visit, rules: inForce.createVisit(visit) };
  visits.set(visitID, owned);
  return owned;
}
