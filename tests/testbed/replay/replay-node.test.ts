/** What a replay holds of visits that are over: nothing, so that its memory is that of the visits under way, however long the recording. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCategories } from '#core/categories/category-matcher.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import { RulesInForce } from '#core/rules/rules-in-force.ts';
import type { BrowserEvent } from '#core/visits/event.ts';
import { VISIT_SILENCE_MS } from '#core/visits/visit.ts';
import { FORGOTTEN_AFTER_MS, ReplayNode, SWEEP_MS } from '#testbed/replay/replay-node.ts';
import { counter, createPackage, createRule, enters, sequence, singleton } from '#tests/core/rules/visit-events.ts';

const MINUTE_MS = 60_000;
const WINDOW_MS = 10 * MINUTE_MS;
const ONCE = { maxPerVisit: 1, coolDownMs: null, holdoutShare: null };

const RULES = createPackage([
  createRule('once', singleton(enters()), { guards: ONCE }),
  createRule('twice', sequence([enters(), enters()], WINDOW_MS)),
  createRule('often', counter(enters(), 3, WINDOW_MS)),
  createRule(
    'waits',
    { template: 'absence', after: singleton(enters()), event: enters('never'), withinMs: WINDOW_MS },
    { guards: ONCE },
  ),
]);

class Replayed {
  readonly leads: HotLead[] = [];
  readonly node: ReplayNode;
  #events = 0;

  constructor() {
    this.node = new ReplayNode(compileCategories([]), new RulesInForce([RULES]), {
      batch: () => undefined,
      lead: (lead) => this.leads.push(lead),
    });
  }

  /** A page view, which is left at once where that is told. */
  view(visitID: string, at: number, isLeft: boolean): void {
    const enter = this.#createEvent('PageEntered', visitID, at);
    const exit = { ...this.#createEvent('PageExited', visitID, at), pageID: enter.pageID };
    this.node.take(visitID, isLeft ? [enter, exit] : [enter], at);
  }

  rules(): readonly string[] {
    return this.leads.map(({ firing }) => firing.rule);
  }

  #createEvent(eventName: string, visitID: string, at: number): BrowserEvent {
    this.#events += 1;
    return {
      eventID: `e${this.#events}`,
      timestamp: at,
      visitID,
      globalVisitID: `g${visitID}`,
      pageID: `p${this.#events}`,
      eventType: 'SYSTEM',
      eventName,
      url: 'https://shop.example/',
      title: '',
      category: undefined,
      languageCode: 'en',
      identity: undefined,
      data: {},
    };
  }
}

/** One visit a minute, of one page view; the most that is held at any time. */
function replayDays(days: number, isLeft: boolean): { readonly held: number; readonly known: number; visits: number } {
  const replayed = new Replayed();
  let [held, known] = [0, 0];
  for (let minute = 0; minute < days * 1_440; minute += 1) {
    replayed.view(`v${minute}`, minute * MINUTE_MS, isLeft);
    held = Math.max(held, replayed.node.visitsHeld);
    known = Math.max(known, replayed.node.idsKnown);
  }
  return { held, known, visits: replayed.node.visits };
}

describe('what a replay holds of visits', () => {
  it.each([
    ['half an hour and the longest window after the last page is left', true, VISIT_SILENCE_MS],
    ['four hours and the longest window, where a page is left open', false, FORGOTTEN_AFTER_MS],
  ])('is let go %s, so that a recording of four days takes no more than one of a day', (_when, isLeft, silenceMs) => {
    const day = replayDays(1, isLeft);
    expect(day.held).toBeGreaterThanOrEqual((silenceMs + WINDOW_MS) / MINUTE_MS);
    expect(day.held).toBeLessThanOrEqual((silenceMs + WINDOW_MS + SWEEP_MS) / MINUTE_MS + 1);
    expect(day.known).toBeLessThanOrEqual((FORGOTTEN_AFTER_MS + WINDOW_MS + SWEEP_MS) / MINUTE_MS + 1);
    expect(replayDays(4, isLeft)).toEqual({ ...day, visits: 4 * day.visits });
  });

  it.each([
    ['has left its last page', true, VISIT_SILENCE_MS + WINDOW_MS],
    ['has a page open', false, FORGOTTEN_AFTER_MS + WINDOW_MS],
  ])('is there until then, where a visit that %s goes on', (_what, isLeft, heldMs) => {
    const firedAfter = (silenceMs: number): number => {
      const replayed = new Replayed();
      replayed.view('v1', 0, isLeft);
      replayed.view('v1', silenceMs, isLeft);
      return replayed.rules().filter((rule) => rule === 'once').length;
    };
    expect([firedAfter(heldMs - 1), firedAfter(heldMs)]).toEqual([1, 2]);
  });

  it('makes no other visit of an id that comes again before four hours and the longest window', () => {
    const visitsAfter = (silenceMs: number): number => {
      const replayed = new Replayed();
      replayed.view('v1', 0, true);
      replayed.view('v1', silenceMs, true);
      return replayed.node.visits;
    };
    expect(visitsAfter(FORGOTTEN_AFTER_MS + WINDOW_MS - 1)).toBe(1);
    expect(visitsAfter(FORGOTTEN_AFTER_MS + WINDOW_MS)).toBe(2);
  });

  it('fires what waited before the visit is let go', () => {
    const replayed = new Replayed();
    replayed.view('v1', 0, true);
    replayed.view('v2', 24 * 60 * MINUTE_MS, true);
    expect(replayed.leads.map(({ visitID, at, firing }) => [visitID, at, firing.rule])).toContainEqual([
      'v1',
      WINDOW_MS,
      'waits',
    ]);
  });

  it('does not depend on the other visits that are under way', () => {
    const anyViews = fc.array(
      fc.record({
        afterMs: fc.constantFrom(
          1,
          MINUTE_MS,
          WINDOW_MS,
          VISIT_SILENCE_MS,
          VISIT_SILENCE_MS + WINDOW_MS,
          FORGOTTEN_AFTER_MS,
        ),
        isLeft: fc.boolean(),
      }),
      { minLength: 1, maxLength: 8 },
    );
    const firedBy = (views: readonly { readonly afterMs: number; readonly isLeft: boolean }[], isAlone: boolean) => {
      const replayed = new Replayed();
      let at = 0;
      for (const { afterMs, isLeft } of views) {
        // What another visitor does every two minutes in between.
        const until = isAlone ? at : at + afterMs;
        for (let other = at + 1; other < until; other += 2 * MINUTE_MS) replayed.view(`other ${other}`, other, true);
        at += afterMs;
        replayed.view('v1', at, isLeft);
      }
      return replayed.leads
        .filter(({ visitID }) => visitID === 'v1')
        .map(({ at: ledAt, firing }) => [ledAt, firing.rule]);
    };
    fc.assert(
      fc.property(anyViews, (views) => {
        expect(firedBy(views, false)).toEqual(firedBy(views, true));
      }),
      { numRuns: 60 },
    );
  });
});
