/** Whether the engine and the matcher written by hand fire alike: event by event, every firing with all that both tell of it. */
import { present } from '#core/assert.ts';
import type { Firing } from '#core/rules/firing.ts';
import type { RulesInForce, VisitRules } from '#core/rules/rules-in-force.ts';
import { FACTS } from '#tests/core/rules/visit-events.ts';
import { HandWritten, type HandFiring } from './rules-bench-by-hand.ts';
import type { Trio } from './rules-bench-rules.ts';
import type { Traffic } from './rules-bench-traffic.ts';

/** Throws at the first event at which they differ; gives how often each has fired. */
export function compareFirings(rules: RulesInForce, trios: readonly Trio[], traffic: Traffic): number {
  const byHand = new HandWritten(trios, traffic.visits);
  const visits: VisitRules[] = [];
  const visitIDs: string[] = [];
  const ours: Firing[] = [];
  const theirs: HandFiring[] = [];
  let firings = 0;
  const compare = (where: string): void => {
    compareAt(where, ours, theirs);
    firings += ours.length;
    ours.length = 0;
    theirs.length = 0;
  };
  for (const [place, event] of traffic.events.entries()) {
    const visit = present(traffic.visitOf[place], 'visit of an event');
    visitIDs[visit] = event.visitID;
    rules.handle((visits[visit] ??= rules.createVisit(FACTS)), event, ours);
    byHand.handle(visit, event, theirs);
    compare(`event ${place}`);
  }
  const endsAt = present(traffic.events.at(-1), 'event').at;
  for (const [visit, visitID] of visitIDs.entries()) {
    const state = visits[visit];
    if (state === undefined) continue;
    rules.advance(state, endsAt, ours);
    byHand.advance(visit, visitID, endsAt, theirs);
    compare(`the end of visit ${visit}`);
  }
  return firings;
}

function compareAt(where: string, ours: readonly Firing[], theirs: readonly HandFiring[]): void {
  const same =
    ours.length === theirs.length &&
    ours.every((firing, place) => {
      const other = present(theirs[place], 'firing');
      return (
        firing.at === other.at &&
        firing.rule === other.rule &&
        firing.visitID === other.visitID &&
        String(firing.matchedEvents) === String(other.matchedEvents) &&
        String(firing.matchedAt) === String(other.matchedAt)
      );
    });
  if (same) return;
  throw new Error(
    `at ${where} the engine fires ${JSON.stringify(ours)}, the matcher by hand ${JSON.stringify(theirs)}`,
  );
}
