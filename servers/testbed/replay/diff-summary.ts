/**
 * What a change of rules means, as `summary.json` and `--json` give it under `diff`: hot leads by rule and hour, and what they ask of
 * people. Of the invites the given share is accepted, and each accepted one takes an agent the given time, so
 *
 *   agent hours = invites x accept share x handle time
 *
 * Agent hours of one hour are the agents that are busy in it on average, with one chat at a time each (Little's law). Which hot leads
 * make an invite: invite-count.ts.
 */
import type { Action } from '#core/rules/rule-package.ts';
import { explainChange } from './explain-change.ts';
import { describeHour } from './log-moment.ts';
import type { Change, ChangeCount, ChangeExample, RuleDiff } from './rule-diff.ts';

export interface InviteCost {
  /** Share of the invites that are accepted. */
  readonly acceptShare: number;
  /** Time that an accepted one takes an agent, after-work included, ms. */
  readonly handleMs: number;
}

/** Assumptions of the sizing example, where nothing else is given. */
export const DEFAULT_INVITE_COST: InviteCost = { acceptShare: 0.3, handleMs: 360_000 };

export interface BeforeAndAfter {
  readonly before: number;
  readonly after: number;
}

export interface LeadChanges {
  readonly kept: number;
  readonly gained: number;
  readonly lost: number;
}

/** Costs of hot leads: `invites` at most, `agentHours` for the accepted ones of them, to a thousandth. */
export interface ChangedCost {
  readonly invites: BeforeAndAfter;
  readonly agentHours: BeforeAndAfter;
}

export interface DiffSummary extends ChangedCost {
  readonly acceptShare: number;
  readonly handleSeconds: number;
  readonly hotLeads: LeadChanges;
  /** Tasks for later, for which nobody is invited. */
  readonly followUps: LeadChanges;
  /** All rules of both sides: the new ones in the order of their evaluation, then those that are gone. */
  readonly rules: readonly (LeadChanges &
    ChangedCost & { readonly rule: string; readonly package: string; readonly action: Action['kind'] })[];
  /** Hours (UTC) with hot leads on either side; `rules` by `package/rule`. */
  readonly hours: readonly (LeadChanges &
    ChangedCost & { readonly hour: string; readonly rules: Readonly<Record<string, LeadChanges>> })[];
  /** The first gained, lost and kept one of each rule, in the order of the log. */
  readonly examples: readonly {
    readonly change: Change;
    readonly at: number;
    readonly rule: string;
    readonly package: string;
    readonly visitID: string;
    readonly url: string;
    readonly matchedEvents: readonly string[];
    /** Sentences. */
    readonly why: readonly string[];
  }[];
}

const HOUR_MS = 3_600_000;

export function createDiffSummary(diff: RuleDiff, cost: InviteCost): DiffSummary {
  const rules = diff.listRules();
  return {
    acceptShare: cost.acceptShare,
    handleSeconds: cost.handleMs / 1_000,
    hotLeads: sumUp(rules.filter(({ action }) => action === 'hotLead')),
    followUps: sumUp(rules.filter(({ action }) => action === 'followUp')),
    ...priceOf(rules, cost),
    rules: rules.map((row) => ({
      rule: row.rule,
      package: row.package,
      action: row.action,
      ...sumUp([row]),
      ...priceOf([row], cost),
    })),
    hours: diff.listHours().map((hour) => ({
      hour: describeHour(hour.at),
      ...sumUp([hour]),
      ...priceOf([hour], cost),
      rules: Object.fromEntries(hour.rules),
    })),
    examples: diff.listExamples().map((example) => describeExample(example, diff)),
  };
}

function sumUp(counts: readonly ChangeCount[]): LeadChanges {
  const sum = (pick: (count: ChangeCount) => number): number => counts.reduce((total, one) => total + pick(one), 0);
  return { kept: sum(({ kept }) => kept), gained: sum(({ gained }) => gained), lost: sum(({ lost }) => lost) };
}

function priceOf(counts: readonly ChangeCount[], { acceptShare, handleMs }: InviteCost): ChangedCost {
  const before = counts.reduce((sum, { invitesBefore }) => sum + invitesBefore, 0);
  const after = counts.reduce((sum, { invitesAfter }) => sum + invitesAfter, 0);
  const hours = (invites: number): number => Math.round((invites * acceptShare * handleMs * 1_000) / HOUR_MS) / 1_000;
  return { invites: { before, after }, agentHours: { before: hours(before), after: hours(after) } };
}

function describeExample(example: ChangeExample, { rules }: RuleDiff): DiffSummary['examples'][number] {
  const { at, rule, package: of, visitID, url, matchedEvents } = example.firing;
  return {
    change: example.change,
    at,
    rule,
    package: of,
    visitID,
    url,
    matchedEvents,
    why: explainChange(example, rules),
  };
}
