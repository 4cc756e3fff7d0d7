/**
 * All that is counted from one begin of a replay to its end, and what is begun anew where the lines turn out to be in no order: the
 * rules, the rules that they are compared with, and the tallies.
 */
import type { CategoryMatcher } from '#core/categories/category-matcher.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { BrowserEvent } from '#core/visits/event.ts';
import { CoverageCounter } from './coverage.ts';
import type { FiringSink } from './firing-stream.ts';
import { LogTally } from './log-tally.ts';
import { ReplayTally } from './replay-tally.ts';
import { RuleDiff, type ChangeSink } from './rule-diff.ts';
import { RuleRun, type RuleSet } from './rule-run.ts';

export interface PageSink {
  restart(): void;
  takePage(url: string, title: string, languageCode: string): void;
}

/** What takes what a replay finds. */
export interface ReplaySinks {
  /** Takes every firing, in order. */
  readonly firings?: FiringSink | undefined;
  /** Takes every page view. */
  readonly pages?: PageSink | undefined;
  /** Takes every hot lead gained or lost, in order. */
  readonly changes?: ChangeSink | undefined;
}

type CountedEvent = Pick<BrowserEvent, 'eventName' | 'url' | 'title' | 'languageCode'> & { readonly category: string };

export class ReplayPass {
  readonly tally: ReplayTally;
  readonly coverage = new CoverageCounter();
  readonly logTally = new LogTally();
  /** Null where nothing is compared. */
  readonly diff: RuleDiff | null;
  readonly #run: RuleRun;
  readonly #before: RuleRun | null;
  readonly #sinks: ReplaySinks;
  #reachedAt = -Infinity;

  /** `before`: the rules to compare with. */
  constructor(categories: CategoryMatcher, rules: RuleSet, before: RuleSet | null, sinks: ReplaySinks) {
    sinks.firings?.restart();
    sinks.pages?.restart();
    sinks.changes?.restart();
    this.#sinks = sinks;
    this.tally = new ReplayTally(rules.compiled);
    const diff = before === null ? null : new RuleDiff({ before, after: rules }, sinks.changes);
    this.diff = diff;
    this.#run = new RuleRun(categories, rules, {
      batch: ({ events }) => {
        for (const event of events) this.#count(event, event.at);
      },
      lead: (lead) => this.#takeLead(lead),
    });
    this.#before =
      before === null
        ? null
        : new RuleRun(categories, before, { batch: () => undefined, lead: (lead) => diff?.takeBefore(lead) });
  }

  get visits(): number {
    return this.#run.visits;
  }

  get visitsWithHotLead(): number {
    return this.#run.visitsWithHotLead;
  }

  /** A record of `at` (ms, never decreasing) comes, whatever is made of it: the log's time goes on. */
  reach(at: number): void {
    this.coverage.add(at);
    if (at === this.#reachedAt) return;
    this.#reachedAt = at;
    this.#run.reach(at);
    if (this.#before === null) return;
    this.#before.reach(at);
    this.diff?.settle();
  }

  /** Takes events of one visit that happened at the time that is reached. */
  take(visitID: string, events: readonly BrowserEvent[]): void {
    this.#run.take(visitID, events, this.#reachedAt);
    this.#before?.take(visitID, events, this.#reachedAt);
  }

  /** Takes an event that is stored but not matched: it was too old when it was sent. */
  takeLate(event: BrowserEvent): void {
    this.tally.lateEvents += 1;
    this.#count({ ...event, category: this.#run.categoryOf(event) }, this.#reachedAt);
    this.#run.see(event.visitID, this.#reachedAt);
    this.#before?.see(event.visitID, this.#reachedAt);
  }

  end(): void {
    this.#run.end();
    this.#before?.end();
    this.diff?.settle();
  }

  #count(event: CountedEvent, at: number): void {
    this.tally.takeEvent(event.eventName, at, event.category);
    if (event.eventName === 'PageEntered') this.#sinks.pages?.takePage(event.url, event.title, event.languageCode);
  }

  #takeLead(lead: HotLead): void {
    this.tally.takeFiring(lead.firing);
    this.#sinks.firings?.take(lead.firing);
    this.diff?.takeAfter(lead);
  }
}
