/** Warns in the contact center's log of what must be known of pacing: when it begins, and when a what-if brings something new. */
import type { ResolvedOptions } from '#core/options/resolved-options.ts';
import type { PacingInForce } from '#core/pacing/pacing-command.ts';
import type { Fact } from '#core/statistics/fact.ts';
import { newNotices, noticesOfPacing } from '#node/pacing-notices.ts';
import { optionsOf } from '#node/read-settings.ts';
import type { PacingNotice } from '#protocol/pacing-notice.ts';
import type { Scenario } from '#protocol/scenario.ts';

/** Where warnings go. */
interface WarningLog {
  warn(what: object, text: string): void;
}

export class PacingWarnings {
  readonly #log: WarningLog;
  readonly #scenario: Scenario;
  readonly #options: ResolvedOptions;

  constructor(log: WarningLog, scenario: Scenario) {
    this.#log = log;
    this.#scenario = scenario;
    this.#options = optionsOf(scenario);
  }

  /** `inForce` null: pacing is off. */
  begin(inForce: PacingInForce | null): void {
    this.#warn(this.#noticesOf(inForce));
  }

  tell(facts: readonly Fact[]): void {
    for (const fact of facts) {
      if (fact.kind !== 'pacingCommand') continue;
      this.#warn(newNotices(this.#noticesOf(fact.before), this.#noticesOf(fact.after)));
    }
  }

  #noticesOf(inForce: PacingInForce | null): readonly PacingNotice[] {
    return noticesOfPacing(this.#scenario, this.#options, inForce);
  }

  #warn(notices: readonly PacingNotice[]): void {
    for (const { tone, text } of notices) this.#log.warn({ pacing: tone }, text);
  }
}
