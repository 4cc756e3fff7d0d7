/**
 * The rule packages in force on one Frontend, and what they remember of each visit. Packages are compiled apart: a guard
 * concerns its own package only, so that one can be replaced while visits go on, and each can be asked for the events of its own
 * domain alone (`cep.domainSeparation`).
 */
import { present } from '#core/assert.ts';
import { hostOf, isInDomain } from '#core/visits/domain.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { compileRules, OPEN_PARTIALS_MAX } from './compile-rules.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { describeProgress, type RuleProgress } from './describe-progress.ts';
import type { Firing } from './firing.ts';
import { orderPhases } from './phase-order.ts';
import type { RulePackage } from './rule-package.ts';
import type { VisitFacts } from './visit-facts.ts';
import type { VisitRuleState } from './visit-rule-state.ts';

export interface RuleSettings {
  /**
   * `cep.domainSeparation`: a package, named by its reversed domain, is asked for the events of that domain and its sub-domains
   * only. False: every package for all events.
   */
  readonly domainSeparation: boolean;
  readonly openPartialsMax: number;
}

export const DEFAULT_RULE_SETTINGS: RuleSettings = { domainSeparation: false, openPartialsMax: OPEN_PARTIALS_MAX };

/** What the rules remember of one visit. Belongs to the RulesInForce that created it. */
export interface VisitRules {
  readonly facts: VisitFacts;
  /** Of the packages at this revision, by their place; undefined: nothing yet. */
  states: (VisitRuleState | undefined)[];
  revision: number;
}

interface Part {
  readonly package: RulePackage;
  readonly compiled: CompiledRules;
  /** Its phases in their order among those of all packages. */
  readonly phases: readonly string[];
  /** The domain that its name reverses: `com.genesys.blog` is `blog.genesys.com`. */
  readonly domain: string;
}

export class RulesInForce {
  readonly #settings: RuleSettings;
  #parts: readonly Part[] = [];
  #phases: readonly string[] = [];
  /** Counts the replacements. */
  #revision = 0;
  /** Places of the parts before the last replacements, by revision: where a visit's states are moved from. */
  #moves: (readonly number[])[] = [];

  constructor(packages: readonly RulePackage[], settings: RuleSettings = DEFAULT_RULE_SETTINGS) {
    this.#settings = settings;
    this.#compile(packages);
  }

  get packages(): readonly RulePackage[] {
    return this.#parts.map((part) => part.package);
  }

  /** The longest window or cool-down of all packages, ms. */
  get longestWindowMs(): number {
    return Math.max(0, ...this.#parts.map(({ compiled }) => compiled.longestWindowMs));
  }

  /**
   * From the next event on these are in force, in this order. A package that is the very object that was in force goes on with
   * what it remembers; a new or replaced one starts anew in every visit, and so does one whose phases come in another order now.
   */
  replace(packages: readonly RulePackage[]): void {
    const before = this.#parts;
    this.#compile(packages);
    this.#moves.push(this.#parts.map((part) => before.indexOf(part)));
    this.#revision += 1;
  }

  /** For a visit of which nothing was seen yet. `facts` may change as the visit goes on. */
  createVisit(facts: VisitFacts): VisitRules {
    // As long as it has to be: an array that grows takes 17 places at once.
    return { facts, states: this.#parts.map(() => undefined), revision: this.#revision };
  }

  /** Takes the visit's next event and appends what fires, in the order of evaluation (docs/rules.md). */
  handle(visit: VisitRules, event: VisitEvent, out: Firing[]): void {
    this.#settle(visit);
    const before = out.length;
    const host = this.#settings.domainSeparation ? hostOf(event.url) : '';
    for (let place = 0; place < this.#parts.length; place += 1) {
      const part = present(this.#parts[place], 'package');
      if (this.#isAsked(part, host)) part.compiled.handle(this.#stateOf(visit, place, part), event, out);
      // Of what happens elsewhere a package learns the time alone.
      else part.compiled.advance(this.#stateOf(visit, place, part), event.at - 1, out);
    }
    if (this.#parts.length > 1) this.#sort(out, before);
  }

  /** Takes an event of the visit's past: everything moves as in `handle`, nothing fires. */
  replay(visit: VisitRules, event: VisitEvent): void {
    this.#settle(visit);
    const host = this.#settings.domainSeparation ? hostOf(event.url) : '';
    this.#parts.forEach((part, place) => {
      if (this.#isAsked(part, host)) part.compiled.replay(this.#stateOf(visit, place, part), event);
      else part.compiled.advance(this.#stateOf(visit, place, part), event.at - 1, []);
    });
  }

  /** Time has come to `at` (ms, inclusive) without an event: what is due by then fires. */
  advance(visit: VisitRules, at: number, out: Firing[]): void {
    this.#settle(visit);
    const before = out.length;
    this.#parts.forEach((part, place) => part.compiled.advance(this.#stateOf(visit, place, part), at, out));
    if (this.#parts.length > 1) this.#sort(out, before);
  }

  /** When `advance` must be called if no event comes before, ms; Infinity: never. */
  nextDeadline(visit: VisitRules): number {
    this.#settle(visit);
    let next = Infinity;
    for (let place = 0; place < this.#parts.length; place += 1) {
      const part = present(this.#parts[place], 'package');
      // Also of a visit of which nothing was seen yet: its browser may have begun to wait in another one.
      next = Math.min(next, part.compiled.nextDeadline(this.#stateOf(visit, place, part)));
    }
    return next;
  }

  /** 32-bit words that all that is remembered of visits takes; of a visit that has ended nothing. */
  get wordsTaken(): number {
    return this.#parts.reduce((words, { compiled }) => words + compiled.wordsTaken, 0);
  }

  /** How many partial matches of the visit are open at its latest time, over all packages. */
  countOpen(visit: VisitRules): number {
    this.#settle(visit);
    return this.#parts.reduce(
      (open, part, place) => open + part.compiled.countOpen(this.#stateOf(visit, place, part)),
      0,
    );
  }

  /** The visit is over: gives back what is remembered of it. */
  endVisit(visit: VisitRules): void {
    this.#settle(visit);
    this.#parts.forEach(({ compiled }, place) => {
      const state = visit.states[place];
      if (state !== undefined) compiled.release(state);
    });
    visit.states = [];
  }

  /** How far each rule that is on is for the visit at `at` (ms, not before what it was told last): package by package, as given. */
  progressOf(visit: VisitRules, at: number): readonly RuleProgress[] {
    this.#settle(visit);
    return this.#parts.flatMap((part, place) => describeProgress(part.compiled, this.#stateOf(visit, place, part), at));
  }

  #compile(packages: readonly RulePackage[]): void {
    const { openPartialsMax } = this.#settings;
    const before = this.#parts;
    this.#phases = orderPhases(packages.map(({ phases }) => phases));
    this.#parts = packages.map((one) => {
      const phases = this.#phases.filter((phase) => one.phases.includes(phase));
      const kept = before.find((part) => part.package === one && isSameOrder(part.phases, phases));
      if (kept !== undefined) return kept;
      const compiled = compileRules([one], { openPartialsMax, phases });
      return { package: one, compiled, phases, domain: one.name.split('.').toReversed().join('.') };
    });
  }

  /** Moves a visit's states to where their packages are now. */
  #settle(visit: VisitRules): void {
    if (visit.revision < this.#revision) this.#move(visit);
  }

  #move(visit: VisitRules): void {
    while (visit.revision < this.#revision) {
      const { states } = visit;
      const moves = present(this.#moves[visit.revision], 'replacement');
      visit.states = moves.map((from) => (from < 0 ? undefined : states[from]));
      visit.revision += 1;
    }
  }

  /** Whether the package is asked for events of pages on `host`. */
  #isAsked({ domain }: Part, host: string): boolean {
    return !this.#settings.domainSeparation || isInDomain(host, domain);
  }

  #stateOf(visit: VisitRules, place: number, { compiled }: Part): VisitRuleState {
    return (visit.states[place] ??= compiled.createState(visit.facts));
  }

  /** By time, phase, salience and package; what one package has fired stays in its order. */
  #sort(out: Firing[], from: number): void {
    if (out.length - from < 2) return;
    const places = new Map(this.#parts.map((part, place) => [part.package.name, place]));
    const fired = out
      .splice(from)
      .toSorted(
        (a, b) =>
          a.at - b.at ||
          this.#phases.indexOf(a.phase) - this.#phases.indexOf(b.phase) ||
          b.salience - a.salience ||
          (places.get(a.package) ?? 0) - (places.get(b.package) ?? 0),
      );
    out.push(...fired);
  }
}

function isSameOrder(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((phase, place) => phase === b[place]);
}
