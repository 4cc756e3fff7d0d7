/** Runs one case of a rule test file: its events, one after the other, with the time that passes between them. */
import type { CategoryMatcher } from '#core/categories/category-matcher.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { RuleProgress } from '#core/rules/describe-progress.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import type { RuleTestCase } from '#protocol/rule-test.ts';
import { GivenEvents } from './given-events.ts';
import { RuleTestNode } from './rule-test-node.ts';

/** How far a rule was for a visit, ms since the start of the case. */
export interface SeenProgress {
  readonly visit: string;
  readonly atMs: number;
  readonly progress: RuleProgress;
}

/** What came of a case. */
export interface CaseRun {
  /** The events as the Frontend stamped them. */
  readonly events: readonly VisitEvent[];
  /** In the order in which they came. */
  readonly leads: readonly HotLead[];
  /** For each near miss that the case expects; undefined: its visit or rule was not known. */
  readonly nearly: readonly (SeenProgress | undefined)[];
  /** The furthest that each rule has got, of one visit, and of these the last. */
  readonly furthest: ReadonlyMap<string, SeenProgress>;
  /** When time stood still, ms since the start of the case. */
  readonly endMs: number;
}

/** `packages` and `categories` as they are in force. Time goes on to the latest moment that the case names. */
export function runRuleTest(
  test: RuleTestCase,
  packages: readonly RulePackage[],
  categories: CategoryMatcher,
): CaseRun {
  return new RuleTestRun(test, packages, categories).run();
}

class RuleTestRun {
  readonly #test: RuleTestCase;
  readonly #node: RuleTestNode;
  readonly #given: GivenEvents;
  readonly #events: VisitEvent[] = [];
  /** At which near misses are looked at, in the order of time. */
  readonly #moments: number[];
  readonly #nearly: (SeenProgress | undefined)[];
  readonly #furthest = new Map<string, SeenProgress>();

  constructor(test: RuleTestCase, packages: readonly RulePackage[], categories: CategoryMatcher) {
    this.#test = test;
    this.#node = new RuleTestNode(packages, categories);
    this.#given = new GivenEvents(test.site);
    this.#nearly = test.expect.nearly.map(() => undefined);
    const moments = test.expect.nearly.flatMap(({ atMs }) => (atMs === null ? [] : [atMs]));
    this.#moments = [...new Set(moments)].toSorted((a, b) => a - b);
  }

  run(): CaseRun {
    const { given, startsAt, expect } = this.#test;
    const endMs = Math.max(0, ...[...given, ...expect.fires, ...expect.nearly].map(({ atMs }) => atMs ?? 0));
    for (const { atMs, event } of given) {
      this.#lookBefore(atMs);
      const at = startsAt + atMs;
      if (event === null) {
        this.#node.advanceTo(at);
        continue;
      }
      this.#events.push(this.#node.take(this.#given.next(event, at), at));
      this.#noteFurthest(event.visit, atMs);
    }
    this.#lookBefore(endMs);
    this.#node.advanceTo(startsAt + endMs);
    this.#look(endMs, endMs);
    this.#look(null, endMs);
    return { events: this.#events, leads: this.#node.leads, nearly: this.#nearly, furthest: this.#furthest, endMs };
  }

  /** Near misses of moments that lie before: nothing more is given for them. */
  #lookBefore(atMs: number): void {
    for (let moment = this.#moments[0]; moment !== undefined && moment < atMs; moment = this.#moments[0]) {
      this.#moments.shift();
      this.#node.advanceTo(this.#test.startsAt + moment);
      this.#look(moment, moment);
    }
  }

  /** Keeps how far the rules are at `atMs`, for the near misses of `wanted`; null: those of the end. */
  #look(wanted: number | null, atMs: number): void {
    const first = this.#test.given.find(({ event }) => event !== null)?.event?.visit ?? '';
    this.#test.expect.nearly.forEach((miss, index) => {
      if (miss.atMs !== wanted) return;
      const visit = miss.visit ?? first;
      const all = this.#node.progressOf(visit, this.#test.startsAt + atMs);
      const progress = all.find(({ rule }) => rule === miss.rule);
      this.#nearly[index] = progress === undefined ? undefined : { visit, atMs, progress };
    });
  }

  #noteFurthest(visit: string, atMs: number): void {
    for (const progress of this.#node.progressOf(visit, this.#test.startsAt + atMs)) {
      const before = this.#furthest.get(progress.rule)?.progress;
      if (before !== undefined && before.done > progress.done && before.fired >= progress.fired) continue;
      this.#furthest.set(progress.rule, { visit, atMs, progress });
    }
  }
}
