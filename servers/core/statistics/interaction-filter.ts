/**
 * Filters of the stat server, as data: which interactions a statistic counts, by what is attached to them and by their medium.
 *
 *   filter := pairExists(key, value) | mediaType(medium) | all(filter ...)      value '*': any
 */
import { assertNever } from '#core/assert.ts';
import type { UserData } from '#core/engagement/attachments.ts';

export type MediaType = 'webengagement' | 'chat' | 'webcallback';

export type InteractionFilter =
  | { readonly test: 'pairExists'; readonly key: string; readonly value: string }
  | { readonly test: 'mediaType'; readonly is: MediaType }
  | { readonly test: 'all'; readonly of: readonly InteractionFilter[] };

export interface NamedFilter {
  readonly name: string;
  readonly filter: InteractionFilter;
}

/** What a webengagement interaction begins with: so is marked what an invite of ours has brought. */
const BROUGHT_BY_US: InteractionFilter = { test: 'pairExists', key: 'webengagement', value: '*' };

/** The filters that provisioning adds (guide, L1428); a rule's is made from the template. */
export const PROVISIONED_FILTERS: readonly NamedFilter[] = [
  { name: 'Webengagement_filter', filter: BROUGHT_BY_US },
  {
    name: 'Webengagement_chat_filter',
    filter: { test: 'all', of: [BROUGHT_BY_US, { test: 'mediaType', is: 'chat' }] },
  },
  {
    name: 'Webengagement_voice_filter',
    filter: { test: 'all', of: [BROUGHT_BY_US, { test: 'mediaType', is: 'webcallback' }] },
  },
];

/** To be cloned for a rule: `TEMPLATE` stands for its name, in the filter and in the filter's own name. */
export const RULE_FILTER_TEMPLATE: NamedFilter = {
  name: 'Webengagement_rule_TEMPLATE',
  filter: { test: 'pairExists', key: 'rule', value: 'TEMPLATE' },
};

export function filterOfRule(rule: string): NamedFilter {
  const { name, filter } = RULE_FILTER_TEMPLATE;
  return { name: name.replace('TEMPLATE', () => rule), filter: fillIn(filter, rule) };
}

export function passesFilter(filter: InteractionFilter, medium: MediaType, userData: UserData): boolean {
  switch (filter.test) {
    case 'pairExists':
      return Object.hasOwn(userData, filter.key) && (filter.value === '*' || userData[filter.key] === filter.value);
    case 'mediaType':
      return medium === filter.is;
    case 'all':
      return filter.of.every((one) => passesFilter(one, medium, userData));
    default:
      return assertNever(filter, 'filter');
  }
}

/** `PairExists("webengagement","*") & MediaType = chat`. */
export function describeFilter(filter: InteractionFilter): string {
  switch (filter.test) {
    case 'pairExists':
      return `PairExists(${JSON.stringify(filter.key)},${JSON.stringify(filter.value)})`;
    case 'mediaType':
      return `MediaType = ${filter.is}`;
    case 'all':
      return filter.of.map(describeFilter).join(' & ');
    default:
      return assertNever(filter, 'filter');
  }
}

function fillIn(filter: InteractionFilter, rule: string): InteractionFilter {
  switch (filter.test) {
    case 'pairExists':
      return { ...filter, value: filter.value.replace('TEMPLATE', () => rule) };
    case 'all':
      return { test: 'all', of: filter.of.map((one) => fillIn(one, rule)) };
    case 'mediaType':
      return filter;
    default:
      return assertNever(filter, 'filter');
  }
}
