/** The funnel of engagement by rule: how many of its hot leads came through each step, in all and within the last hour. */
import { isFollowUp } from '#core/engagement/follow-up-desk.ts';
import type { Fact } from '#core/statistics/fact.ts';
import { LastHour } from '#core/statistics/last-hour.ts';

/**
 * `engaged`: an invite was sent. `failed`: an invite that was sent ended otherwise than by the visitor's answer or the
 * browser's time-out. A hot lead that nobody was invited for is none of these but `hotLeads`.
 */
export const FUNNEL_STEPS = ['hotLeads', 'engaged', 'accepted', 'rejected', 'timeout', 'failed'] as const;

export type FunnelStep = (typeof FUNNEL_STEPS)[number];

export interface FunnelCount {
  readonly total: number;
  readonly lastHour: number;
}

export class EngagementFunnel {
  readonly #byRule = new Map<string, Readonly<Record<FunnelStep, LastHour>>>();

  observe(fact: Fact): void {
    if (fact.kind === 'hotLead') {
      if (!isFollowUp(fact.lead)) this.#count(fact.lead.firing.rule, 'hotLeads', fact.at);
      return;
    }
    if (fact.kind !== 'interactionMoved') return;
    const { rule, before, after, at } = fact;
    switch (after) {
      case 'invited':
        this.#count(rule, 'engaged', at);
        return;
      case 'accepted':
      case 'rejected':
      case 'timeout':
        this.#count(rule, after, at);
        return;
      case 'failed':
        if (before !== 'qualified') this.#count(rule, 'failed', at);
        return;
      case 'qualified':
      case 'shown':
      case 'form':
      case 'followUp':
    }
  }

  get rules(): readonly string[] {
    return [...this.#byRule.keys()].sort();
  }

  /** `rule`: of one rule; undefined: of all. */
  count(step: FunnelStep, at: number, rule?: string): FunnelCount {
    let total = 0;
    let lastHour = 0;
    for (const [name, steps] of this.#byRule) {
      if (rule !== undefined && name !== rule) continue;
      total += steps[step].total;
      lastHour += steps[step].countAt(at);
    }
    return { total, lastHour };
  }

  #count(rule: string, step: FunnelStep, at: number): void {
    let steps = this.#byRule.get(rule);
    if (steps === undefined) {
      steps = {
        hotLeads: new LastHour(),
        engaged: new LastHour(),
        accepted: new LastHour(),
        rejected: new LastHour(),
        timeout: new LastHour(),
        failed: new LastHour(),
      };
      this.#byRule.set(rule, steps);
    }
    steps[step].add(at);
  }
}
