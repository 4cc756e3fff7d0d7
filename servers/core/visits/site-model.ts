/**
 * A site as synthetic visitors browse it: the mix only. How many visits there are, how many pages a visit has and how
 * many events a page come from the traffic; this says which pages, in what order, for how long, and which events.
 */
import type { DurationDistribution } from '#core/random/duration-distribution.ts';

export interface SitePage {
  readonly id: string;
  readonly url: string;
  readonly title: string;
  /** Relative weight as the first page of a visit, >= 0; at least one page of a site is > 0. */
  readonly entryWeight: number;
  /** Time on the page. */
  readonly dwell: DurationDistribution;
  /** Relative weights of the next page, by index into `pages`; at least one. */
  readonly next: readonly { readonly page: number; readonly weight: number }[];
  /** Relative weights of the business events that happen here, by index into `events`; empty: none happens here. */
  readonly events: readonly { readonly event: number; readonly weight: number }[];
}

/** A business event of the site, e.g. Search with its `searchString`. */
export interface SiteEvent {
  readonly name: string;
  /** For each field the values that visitors give, one drawn evenly. */
  readonly data: readonly { readonly field: string; readonly values: readonly (string | number | boolean)[] }[];
}

/** Which identity events the traffic's `visitEvents` are: shares of a visitor who sends them, adding up to 1. */
export interface IdentityMix {
  readonly signInShare: number;
  readonly userInfoShare: number;
  readonly signOutShare: number;
}

export interface SiteModel {
  readonly name: string;
  readonly domain: string;
  readonly languageCode: string;
  readonly pages: readonly SitePage[];
  readonly events: readonly SiteEvent[];
  readonly identities: IdentityMix;
}
