/** The browsers of the crowd: their shares, who has which, what the history tells of them. */
import { describe, expect, it } from 'vitest';
import type { VisitEvent } from '#core/visits/event.ts';
import { describeUserAgent } from '#backend/user-agent.ts';
import { BROWSER_SHARES, visitStartedOf } from '#crowd/user-agents.ts';
import { MemoryHistory } from '#stores/memory/memory-history.ts';
import { createSimRun } from '#testbed/sim-run.ts';
import { scenarioOf } from '#tests/testbed/scenario-of.ts';
import { sampleBatch } from '#tests/stores/store-samples.ts';
import { storeSettings } from '#tests/stores/store-settings.ts';

/** Per user agent, of the visitors from `first` on. */
function countOf(first: number, visitors: number): ReadonlyMap<unknown, number> {
  const counts = new Map<unknown, number>();
  for (let ordinal = first; ordinal < first + visitors; ordinal += 1) {
    const userAgent = visitStartedOf(ordinal)['userAgent'];
    counts.set(userAgent, (counts.get(userAgent) ?? 0) + 1);
  }
  return counts;
}

describe("visitors' browsers", () => {
  it('are shared out to a hundred, each once in the list', () => {
    expect(BROWSER_SHARES.reduce((sum, { percent }) => sum + percent, 0)).toBe(100);
    expect(new Set(BROWSER_SHARES.map(({ userAgent }) => userAgent)).size).toBe(BROWSER_SHARES.length);
  });

  it.each([1, 4_711, 3_000_000_000])('have their shares among 10,000 visitors from number %i on', (first) => {
    const counts = countOf(first, 10_000);
    expect(counts.size).toBe(BROWSER_SHARES.length);
    for (const { percent, userAgent } of BROWSER_SHARES) {
      expect(Math.abs((counts.get(userAgent) ?? 0) / 100 - percent), userAgent).toBeLessThan(0.1);
    }
  });

  it('are known by name, system and device, half of them desktops and the rest phones and tablets', () => {
    const devices = new Map<unknown, number>();
    for (const { percent, userAgent } of BROWSER_SHARES) {
      const { browser, os, device } = describeUserAgent(userAgent);
      expect([browser, os, device], userAgent).not.toContain(null);
      devices.set(device, (devices.get(device) ?? 0) + percent);
    }
    expect(Object.fromEntries(devices)).toEqual({ desktop: 59, phone: 39, tablet: 2 });
  });

  it('are told without anything being made: one and the same for all who have the same', () => {
    const told = new Set(Array.from({ length: 10_000 }, (_, index) => visitStartedOf(index + 1)));
    expect(told.size).toBe(BROWSER_SHARES.length);
    expect([...told].every(Object.isFrozen)).toBe(true);
  });
});

describe('the history of a simulated run', () => {
  it('lists the browsers that its visitors came with', async () => {
    const events: VisitEvent[] = [];
    const run = createSimRun(scenarioOf({ durationMs: 600_000 }), {
      seed: 3,
      journal: (life, line) => {
        const { input } = JSON.parse(line) as { input?: { type: string; events: VisitEvent[] } };
        if (life.startsWith('frontend-1') && input?.type === 'intake') events.push(...input.events);
      },
    });
    run.advanceTo(600_000);
    const starts = events.filter(({ eventName }) => eventName === 'VisitStarted');
    const history = new MemoryHistory(storeSettings());
    await history.put(starts.map((event) => sampleBatch(event.eventID, event.visitID, [event])));
    const { records } = await history.list('useragent', { all: true }, { limit: 100 });
    const came = new Set(starts.map(({ data }) => data['userAgent']));
    expect(came.size).toBeGreaterThan(5);
    expect(new Set(records.map(({ raw }) => raw))).toEqual(came);
    history.close();
  });
});
