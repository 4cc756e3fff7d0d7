/**
 * Two rule sets over one recording: which hot leads the new one gains, loses and keeps, counted by rule and hour as they come.
 *
 * A hot lead is the same under both when rule (with its package), action, visit, time and matched events are the same: then an agent would
 * not notice the change. A rule that finds the same visitor at another moment or by other events has lost one and gained one. Both sides
 * tell their hot leads in the order of time, and when the recording has gone on past a moment both have told all of it: so nothing is
 * held but the moments in between.
 */
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { Firing } from '#core/rules/firing.ts';
import type { Action } from '#core/rules/rule-package.ts';
import { InviteCount } from './invite-count.ts';
import type { RuleSet } from './rule-run.ts';

export type Change = 'kept' | 'gained' | 'lost';

/** What takes gained and lost hot leads. `restart`: all that it was given is void, the replay begins anew. */
export interface ChangeSink {
  restart(): void;
  takeChange(change: 'gained' | 'lost', firing: Firing): void;
}

/** The rules in force, and those that are to follow them. */
export interface ComparedRules {
  readonly before: RuleSet;
  readonly after: RuleSet;
}

export interface ChangeCount {
  kept: number;
  gained: number;
  lost: number;
  invitesBefore: number;
  invitesAfter: number;
}

export interface RuleChanges extends ChangeCount {
  readonly rule: string;
  readonly package: string;
  readonly action: Action['kind'];
}

export interface HourChanges extends ChangeCount {
  /** Begin of the hour, ms since 1970 (UTC). */
  readonly at: number;
  /** Hot leads by rule, `package/rule`. */
  readonly rules: Map<string, { kept: number; gained: number; lost: number }>;
}

export interface ChangeExample {
  readonly change: Change;
  readonly firing: Firing;
}

const HOUR_MS = 3_600_000;

export class RuleDiff {
  readonly rules: ComparedRules;
  /** All rules that are on in one of the sets: the new ones in their order, then those that are gone. */
  readonly #byRule = new Map<string, RuleChanges>();
  readonly #hours = new Map<number, HourChanges>();
  /** The first of each change and rule. */
  readonly #examples = new Map<string, ChangeExample>();
  readonly #sink: ChangeSink | undefined;
  readonly #invitesBefore = new InviteCount();
  readonly #invitesAfter = new InviteCount();
  #before: HotLead[] = [];
  #after: HotLead[] = [];

  constructor(rules: ComparedRules, sink: ChangeSink | undefined) {
    this.rules = rules;
    this.#sink = sink;
    for (const { compiled } of [rules.after, rules.before]) {
      for (const { rule, package: of } of compiled.rules) {
        for (const { kind } of rule.actions) this.#rowOf(of.name, rule.name, kind);
      }
    }
  }

  /** Takes the next hot lead of the rules before the change, in the order of time. */
  takeBefore(lead: HotLead): void {
    this.#before.push(lead);
  }

  /** Takes the next hot lead of the rules after the change, in the order of time. */
  takeAfter(lead: HotLead): void {
    this.#after.push(lead);
  }

  /** Neither side tells any more of the moments that it has told of. */
  settle(): void {
    if (this.#before.length === 0 && this.#after.length === 0) return;
    const before = Map.groupBy(this.#before, ({ firing }) => firing.at);
    const after = Map.groupBy(this.#after, ({ firing }) => firing.at);
    const moments = new Set([...before.keys(), ...after.keys()]);
    for (const at of [...moments].toSorted((a, b) => a - b)) this.#compare(before.get(at) ?? [], after.get(at) ?? []);
    this.#before = [];
    this.#after = [];
  }

  /** All rules with what has changed, hot leads and tasks for later. */
  listRules(): readonly RuleChanges[] {
    return [...this.#byRule.values()];
  }

  /** Hours with hot leads on either side, in order; hot leads alone. */
  listHours(): readonly HourChanges[] {
    return [...this.#hours.values()].toSorted((a, b) => a.at - b.at);
  }

  /** For each rule that has any the first kept, gained and lost one, in the order in which they came. */
  listExamples(): readonly ChangeExample[] {
    return [...this.#examples.values()];
  }

  #compare(before: readonly HotLead[], after: readonly HotLead[]): void {
    const [keysBefore, keysAfter] = [before.map(keyOfLead), after.map(keyOfLead)];
    const left = countKeys(keysAfter);
    before.forEach((lead, index) => {
      if (!takeKey(left, keysBefore[index])) this.#count('lost', lead);
    });
    const known = countKeys(keysBefore);
    after.forEach((lead, index) => this.#count(takeKey(known, keysAfter[index]) ? 'kept' : 'gained', lead));
    for (const lead of before) if (this.#invitesBefore.take(lead)) this.#countInvite('invitesBefore', lead);
    for (const lead of after) if (this.#invitesAfter.take(lead)) this.#countInvite('invitesAfter', lead);
  }

  #count(change: Change, { firing }: HotLead): void {
    const row = this.#rowOf(firing.package, firing.rule, firing.action);
    row[change] += 1;
    if (row.action === 'hotLead') {
      const hour = this.#hourOf(firing.at);
      hour[change] += 1;
      const name = `${firing.package}/${firing.rule}`;
      const ofRule = hour.rules.get(name) ?? { kept: 0, gained: 0, lost: 0 };
      ofRule[change] += 1;
      hour.rules.set(name, ofRule);
    }
    const key = `${change} ${keyOfRule(firing.package, firing.rule, row.action)}`;
    if (!this.#examples.has(key)) this.#examples.set(key, { change, firing });
    if (change !== 'kept') this.#sink?.takeChange(change, firing);
  }

  #countInvite(side: 'invitesBefore' | 'invitesAfter', { firing }: HotLead): void {
    this.#rowOf(firing.package, firing.rule, 'hotLead')[side] += 1;
    this.#hourOf(firing.at)[side] += 1;
  }

  #rowOf(packageName: string, rule: string, action: Action['kind']): RuleChanges {
    const key = keyOfRule(packageName, rule, action);
    const known = this.#byRule.get(key);
    if (known !== undefined) return known;
    const row: RuleChanges = { rule, package: packageName, action, ...createCount() };
    this.#byRule.set(key, row);
    return row;
  }

  #hourOf(at: number): HourChanges {
    const begin = Math.floor(at / HOUR_MS) * HOUR_MS;
    const known = this.#hours.get(begin);
    if (known !== undefined) return known;
    const hour: HourChanges = { at: begin, rules: new Map(), ...createCount() };
    this.#hours.set(begin, hour);
    return hour;
  }
}

function createCount(): ChangeCount {
  return { kept: 0, gained: 0, lost: 0, invitesBefore: 0, invitesAfter: 0 };
}

/** Package names hold no space. */
function keyOfRule(packageName: string, rule: string, action: Action['kind']): string {
  return `${action} ${packageName} ${rule}`;
}

/** What makes a hot lead of one moment the same under both rule sets. */
function keyOfLead({ firing }: HotLead): string {
  const { package: of, rule, visitID, matchedEvents } = firing;
  return JSON.stringify([firing.action, of, rule, visitID, matchedEvents]);
}

function countKeys(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** Takes one off; false: there was none. */
function takeKey(counts: Map<string, number>, key = ''): boolean {
  const left = counts.get(key) ?? 0;
  if (left === 0) return false;
  counts.set(key, left - 1);
  return true;
}
