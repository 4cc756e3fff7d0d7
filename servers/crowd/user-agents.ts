/**
 * The browsers that visitors come with: a short list with shares, as public counts of page views have them. Which one a visitor has
 * follows from his ordinal alone: no draw, and nothing is made for an event.
 */
import { present } from '#core/assert.ts';
import type { EventData } from '#core/visits/event.ts';

export interface BrowserShare {
  /** Of a hundred visitors. */
  readonly percent: number;
  readonly userAgent: string;
}

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)';
/** Browsers on Android name no device any more. */
const ANDROID = 'Mozilla/5.0 (Linux; Android 10; K)';
const APPLE_WEBKIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.2';

export const BROWSER_SHARES: readonly BrowserShare[] = [
  { percent: 30, userAgent: `${WINDOWS} ${WEBKIT} Chrome/145.0.0.0 Safari/537.36` },
  { percent: 9, userAgent: `${WINDOWS} ${WEBKIT} Chrome/145.0.0.0 Safari/537.36 Edg/145.0.0.0` },
  { percent: 3, userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:147.0) Gecko/20100101 Firefox/147.0' },
  { percent: 7, userAgent: `${MAC} ${WEBKIT} Chrome/145.0.0.0 Safari/537.36` },
  { percent: 7, userAgent: `${MAC} ${APPLE_WEBKIT} Safari/605.1.15` },
  { percent: 2, userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:147.0) Gecko/20100101 Firefox/147.0' },
  { percent: 1, userAgent: `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${WEBKIT} Chrome/145.0.0.0 Safari/537.36` },
  { percent: 19, userAgent: `${ANDROID} ${WEBKIT} Chrome/145.0.0.0 Mobile Safari/537.36` },
  { percent: 4, userAgent: `${ANDROID} ${WEBKIT} SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36` },
  {
    percent: 16,
    userAgent: `Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) ${APPLE_WEBKIT} Mobile/15E148 Safari/604.1`,
  },
  {
    percent: 2,
    userAgent: `Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) ${APPLE_WEBKIT} Mobile/15E148 Safari/604.1`,
  },
];

/** One for each of a hundred visitors; what all with a browser send is one and the same. */
const BY_PERCENT: readonly EventData[] = BROWSER_SHARES.flatMap(({ percent, userAgent }) => {
  const visitStarted: EventData = Object.freeze({ userAgent });
  return Array.from({ length: percent }, () => visitStarted);
});

/** Steps of the golden ratio spread any stretch of ordinals evenly over the list. */
const GOLDEN_STEP = 0x9e3779b1;

/** What the VisitStarted of a visitor says of his browser: the same for the same ordinal, simulated and live. */
export function visitStartedOf(ordinal: number): EventData {
  const share = (Math.imul(ordinal, GOLDEN_STEP) >>> 0) / 2 ** 32;
  return present(BY_PERCENT[Math.floor(share * BY_PERCENT.length)], 'browser of a visitor');
}
