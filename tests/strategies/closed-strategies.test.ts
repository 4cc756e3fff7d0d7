/** The engine has one memory for all runs of a process: what a strategy took of it comes back when the strategy is closed. */
import { describe, expect, test } from 'vitest';
import { createEngagementStrategy, type StrategySetting } from '#strategies/document-strategy.ts';
import type { EngagementEffect, EngagementStrategy } from '#core/engagement/strategy-port.ts';
import { SANDBOXES_MAX } from '#node/script-engine.ts';
import { leadOf } from '../core/engagement/contact-center-bench.ts';
import { engagementInputOf, settingOf, shippedText } from './shipped-strategies.ts';

/** One after the other in one turn of the event loop, as the seeds of a comparison are run: no collector comes between. */
const RUNS = 400;
const SETTING = settingOf('engagement', shippedText('engagement'));

/** What a session wants first, left open as the end of a run leaves many. */
function firstWish(strategy: EngagementStrategy): EngagementEffect | undefined {
  const session = strategy.createSession(engagementInputOf(leadOf('v1', 1_000)), 1_000);
  const out: EngagementEffect[] = [];
  session.handle({ type: 'started' }, 1_000, out);
  return out[0];
}

interface Outcome {
  /** Runs that got as far as asking for a permit. */
  readonly asked: number;
  /** Why the next one did not; null: there was none. */
  readonly fault: string | null;
}

function runAll(setting: StrategySetting, ends: boolean): Outcome {
  let asked = 0;
  for (; asked < RUNS; asked += 1) {
    const strategy = createEngagementStrategy(setting);
    try {
      const wish = firstWish(strategy);
      if (wish?.type !== 'fetchPermit') return { asked, fault: `it wanted ${wish?.type}` };
    } catch (error) {
      return { asked, fault: String(error) };
    }
    if (ends) strategy.close();
  }
  return { asked, fault: null };
}

describe('the strategies of many runs of one process', () => {
  test(`all ${RUNS} of them work, where each is closed at the end of its run`, () => {
    expect(runAll(SETTING, true)).toEqual({ asked: RUNS, fault: null });
  });

  // Last: what it takes, it keeps until the collector comes.
  test('are refused where nobody closes them, before the engine has nothing left', () => {
    const { asked, fault } = runAll(SETTING, false);
    expect(asked).toBeLessThanOrEqual(SANDBOXES_MAX);
    expect(fault).toContain('no memory for another');
  });
});
