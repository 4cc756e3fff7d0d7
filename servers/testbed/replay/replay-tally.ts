/** What a replay counts: events, page views by category, and hot leads by rule and by hour. */
import type { CompiledRules } from '#core/rules/compiled-rules.ts';
import type { Firing } from '#core/rules/firing.ts';

export interface HourCount {
  /** Begin of the hour, ms since 1970 (UTC). */
  readonly at: number;
  pageViews: number;
  hotLeads: number;
  /** Tasks for later. */
  followUps: number;
  /** Hot leads and tasks by the rule's place in `rules`. */
  readonly byRule: number[];
}

/** The first firings that a report tells in full. */
export const FIRST_FIRINGS_MAX = 5;

const HOUR_MS = 3_600_000;

export class ReplayTally {
  events = 0;
  pageViews = 0;
  /** Stored, but too old when they were sent to be matched. */
  lateEvents = 0;
  hotLeads = 0;
  /** Tasks for later, which are no hot leads. */
  followUps = 0;
  readonly firstFirings: Firing[] = [];
  /** Hot leads and tasks by the rule's place in `rules`. */
  readonly byRule: number[];
  /** By package and rule. */
  readonly #ordinals = new Map<string, Map<string, number>>();
  /** By the whole text of an event's categories. */
  readonly #pagesByText = new Map<string, number>();
  readonly #hours = new Map<number, HourCount>();

  constructor(rules: CompiledRules) {
    for (const { rule, package: of, ordinal } of rules.rules) {
      const ofPackage = this.#ordinals.get(of.name) ?? new Map<string, number>();
      this.#ordinals.set(of.name, ofPackage.set(rule.name, ordinal));
    }
    this.byRule = rules.rules.map(() => 0);
  }

  takeEvent(eventName: string, at: number, category: string): void {
    this.events += 1;
    if (eventName !== 'PageEntered') return;
    this.pageViews += 1;
    this.#pagesByText.set(category, (this.#pagesByText.get(category) ?? 0) + 1);
    this.#hourOf(at).pageViews += 1;
  }

  takeFiring(firing: Firing): void {
    const ordinal = this.#ordinals.get(firing.package)?.get(firing.rule) ?? 0;
    const hour = this.#hourOf(firing.at);
    const made = firing.action === 'hotLead' ? 'hotLeads' : 'followUps';
    this[made] += 1;
    hour[made] += 1;
    this.byRule[ordinal] = (this.byRule[ordinal] ?? 0) + 1;
    hour.byRule[ordinal] = (hour.byRule[ordinal] ?? 0) + 1;
    if (this.firstFirings.length < FIRST_FIRINGS_MAX) this.firstFirings.push(firing);
  }

  /** Page views of each category, by name in the order of code units, and of those with none. */
  countCategories(): { readonly byName: ReadonlyMap<string, number>; readonly none: number } {
    const byName = new Map<string, number>();
    let none = 0;
    for (const [text, pages] of this.#pagesByText) {
      const names = new Set(text.split(';').filter((name) => name !== ''));
      if (names.size === 0) none += pages;
      for (const name of names) byName.set(name, (byName.get(name) ?? 0) + pages);
    }
    return { byName: new Map([...byName].toSorted(([a], [b]) => (a < b ? -1 : 1))), none };
  }

  /** Hours with page views or firings, in order. */
  listHours(): readonly HourCount[] {
    return [...this.#hours.values()].toSorted((a, b) => a.at - b.at);
  }

  #hourOf(at: number): HourCount {
    const begin = Math.floor(at / HOUR_MS) * HOUR_MS;
    const known = this.#hours.get(begin);
    if (known !== undefined) return known;
    const hour: HourCount = { at: begin, pageViews: 0, hotLeads: 0, followUps: 0, byRule: this.byRule.map(() => 0) };
    this.#hours.set(begin, hour);
    return hour;
  }
}
