/** Sizing on the screen: what the host is asked, what a run gets, which dimension drives, and the chance of a second. */
import { describe, expect, it } from 'vitest';
import { poissonProbability } from '#core/sizing/poisson.ts';
import { sizeDeployment } from '#core/sizing/sizing-report.ts';
import type { SizingReport } from '#protocol/control-api.ts';
import { poissonBars } from '#renderer/view/poisson-bars.ts';
import {
  describeDiskDriver,
  describeLoadDriver,
  describePeak,
  describeServerDriver,
} from '#renderer/view/sizing-drivers.ts';
import { GUIDE_EXAMPLE, sizingRequest, trafficOf } from '#renderer/view/sizing-form.ts';

function size(inputs: object): SizingReport {
  const report = sizeDeployment(inputs);
  if (!report.ok) throw new Error(JSON.stringify(report.problems));
  return report.value;
}

describe('the request', () => {
  it('leaves what was not typed to the defaults, so that it stays an assumption', () => {
    const request = sizingRequest(GUIDE_EXAMPLE, new Set());
    expect(request).toEqual({ visitsPerHour: 3_000, pageViewsPerHour: 32_000 });
    expect(size(request).assumptions.filter(({ given }) => given)).toEqual([]);
  });

  it('sends what was typed, per cent as shares, and leaves out what was emptied', () => {
    const form = { ...GUIDE_EXAMPLE, categorizedShare: 35, nodes: 6, pageEvents: null };
    expect(sizingRequest(form, new Set(['categorizedShare', 'nodes', 'pageEvents']))).toEqual({
      visitsPerHour: 3_000,
      pageViewsPerHour: 32_000,
      categorizedShare: 0.35,
      nodes: 6,
    });
  });
});

describe('the traffic to simulate', () => {
  it('is what was typed', () => {
    expect(trafficOf(GUIDE_EXAMPLE)).toEqual({
      visitsPerHour: 3_000,
      pageViewsPerHour: 32_000,
      pageEvents: 2,
      visitEvents: 0.1,
    });
  });

  it('is the busiest hour where one is given, as deep as the average unless its page views are given', () => {
    expect(trafficOf({ ...GUIDE_EXAMPLE, maxVisitsPerHour: 6_000 })).toMatchObject({
      visitsPerHour: 6_000,
      pageViewsPerHour: 64_000,
    });
    expect(trafficOf({ ...GUIDE_EXAMPLE, maxVisitsPerHour: 6_000, maxPageViewsPerHour: 40_000 })).toMatchObject({
      pageViewsPerHour: 40_000,
    });
  });

  it('is none while the rates are incomplete', () => {
    expect(trafficOf({ ...GUIDE_EXAMPLE, visitsPerHour: null })).toBeNull();
    expect(trafficOf({ ...GUIDE_EXAMPLE, pageViewsPerHour: 0 })).toBeNull();
  });
});

describe('what drives a size', () => {
  it("is the guide's minimum for a small shop's servers, and the peak's requests for a large one's", () => {
    expect(describeServerDriver(size({ visitsPerHour: 3_000, pageViewsPerHour: 32_000 }))).toContain(
      "253 requests/s at 500 a server need 1, and one spare, which is the guide's minimum too",
    );
    const large = size({ visitsPerHour: 300_000, pageViewsPerHour: 3_200_000 });
    expect(describeServerDriver(large)).toMatch(
      /^Driven by the requests of the peak: .* at 500 a server need 14, and one spare\.$/,
    );
  });

  it('is page views or visits for the load, whichever brings more requests', () => {
    expect(describeLoadDriver(size({ visitsPerHour: 3_000, pageViewsPerHour: 32_000 })).replaceAll('\u202f', ' ')).toBe(
      'Page views drive the load: 95 % of all requests come from them.',
    );
    expect(
      describeLoadDriver(size({ visitsPerHour: 3_000, pageViewsPerHour: 3_000, pageEvents: 0, visitEvents: 5 })),
    ).toMatch(/^Visits drive/);
  });

  it('is named for disk and peak too', () => {
    const report = size({ visitsPerHour: 3_000, pageViewsPerHour: 32_000 });
    expect(describeDiskDriver(report)).toBe(
      'Driven by 131,300 events an hour, each stored 3 times, and kept for 365 days.',
    );
    expect(describePeak(report)).toContain('6.06 seconds an hour bring more than the 4 that it covers');
  });
});

describe('the chance of a second', () => {
  it.each([0.8333, 4, 37.2, 900])(
    'at a mean of %d is the exact Poisson probability, and almost all of it is shown',
    (mean) => {
      const peak = mean + 4 * Math.sqrt(mean);
      const bars = poissonBars(mean, peak);
      for (const { visits, share } of bars) expect(share).toBeCloseTo(poissonProbability(mean, visits), 12);
      expect(bars.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 5);
      expect(bars.filter(({ isAbovePeak }) => isAbovePeak).every(({ visits }) => visits > peak)).toBe(true);
      expect(bars.some(({ isAbovePeak }) => isAbovePeak)).toBe(true);
    },
  );
});
