/** What a reader of a whole run's figures must know of its pacing: how it began, and what a what-if has changed of that. */
import type { ResolvedOptions } from '#core/options/resolved-options.ts';
import type { PacingInForce } from '#core/pacing/pacing-command.ts';
import { newNotices, noticesOfPacing } from '#node/pacing-notices.ts';
import type { PacingNotice } from '#protocol/pacing-notice.ts';
import type { WhatIfMark } from '#protocol/run-feed.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { describeClock } from './report/figure-text.ts';

export function noticesOfRun(
  scenario: Scenario,
  options: ResolvedOptions,
  start: PacingInForce | null,
  whatIfs: readonly WhatIfMark[],
): readonly PacingNotice[] {
  const of = (inForce: PacingInForce | null): readonly PacingNotice[] => noticesOfPacing(scenario, options, inForce);
  return [
    ...of(start),
    ...whatIfs.flatMap(({ atMs, before, after }) =>
      newNotices(of(before), of(after)).map(({ tone, text }) => ({
        tone,
        text: `from ${describeClock(atMs)} on: ${text}`,
      })),
    ),
  ];
}
