/** The inputs of a sizing as a form holds them, and as the host is asked. */
import type { SizingTraffic } from '#protocol/run-feed.ts';

export interface SizingField {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly min: number;
  readonly step: number;
  readonly isWhole: boolean;
  /** Typed in per cent, sent as a share. */
  readonly isPercent: boolean;
  /** May be left empty; then this is assumed. */
  readonly ifEmpty: string | null;
}

export interface SizingSection {
  readonly title: string;
  readonly fields: readonly SizingField[];
}

const field = (name: string, label: string, unit: string, more: Partial<SizingField> = {}): SizingField => ({
  name,
  label,
  unit,
  min: 0,
  step: 1,
  isWhole: false,
  isPercent: false,
  ifEmpty: null,
  ...more,
});

export const SIZING_SECTIONS: readonly SizingSection[] = [
  {
    title: 'Average',
    fields: [
      field('visitsPerHour', 'Visits', 'per hour', { step: 100 }),
      field('pageViewsPerHour', 'Page views', 'per hour', { step: 1_000 }),
    ],
  },
  {
    title: 'Busiest hour',
    fields: [
      field('maxVisitsPerHour', 'Visits', 'per hour', { step: 100, ifEmpty: 'average' }),
      field('maxPageViewsPerHour', 'Page views', 'per hour', { step: 1_000, ifEmpty: 'same depth' }),
    ],
  },
  {
    title: 'What a visitor does',
    fields: [
      field('pageEvents', 'Business events', 'per page view', { step: 0.5 }),
      field('visitEvents', 'Identity events', 'per visit', { step: 0.1 }),
      field('categorizedShare', 'With a category', '% of pages', { step: 5, isPercent: true }),
    ],
  },
  {
    title: 'Servers',
    fields: [
      field('requestsPerNode', 'A server takes', 'requests/s', { step: 50 }),
      field('nodes', 'Cassandra nodes', '', { isWhole: true, min: 1 }),
      field('replicationFactor', 'Replication factor', '', { isWhole: true, min: 1 }),
      field('retentionDays', 'History is kept', 'days', { step: 30 }),
    ],
  },
];

/** As typed: null is empty. Shares are in per cent. */
export type SizingForm = Readonly<Record<string, number | null>>;

/** The guide's worked example. */
export const GUIDE_EXAMPLE: SizingForm = {
  visitsPerHour: 3_000,
  pageViewsPerHour: 32_000,
  maxVisitsPerHour: null,
  maxPageViewsPerHour: null,
  pageEvents: 2,
  visitEvents: 0.1,
  categorizedShare: 50,
  requestsPerNode: 500,
  nodes: 4,
  replicationFactor: 3,
  retentionDays: 365,
};

/** What the host is asked: what is empty, or as assumed without being typed, is left to its defaults. */
export function sizingRequest(form: SizingForm, touched: ReadonlySet<string>): Readonly<Record<string, number>> {
  const request: Record<string, number> = {};
  for (const { name, isPercent } of SIZING_SECTIONS.flatMap((section) => section.fields)) {
    const value = form[name];
    const isNeeded = name === 'visitsPerHour' || name === 'pageViewsPerHour';
    if (value === null || value === undefined || (!isNeeded && !touched.has(name))) continue;
    request[name] = isPercent ? Number((value / 100).toPrecision(12)) : value;
  }
  return request;
}

/** The traffic that a run of these inputs has; null while they are incomplete. The busiest hour, where one is given. */
export function trafficOf(form: SizingForm): SizingTraffic | null {
  const visits = form['maxVisitsPerHour'] ?? form['visitsPerHour'] ?? null;
  const { visitsPerHour, pageViewsPerHour, pageEvents, visitEvents, maxPageViewsPerHour } = form;
  if (!visits || !visitsPerHour || !pageViewsPerHour) return null;
  return {
    visitsPerHour: visits,
    pageViewsPerHour: maxPageViewsPerHour ?? (pageViewsPerHour * visits) / visitsPerHour,
    pageEvents: pageEvents ?? 0,
    visitEvents: visitEvents ?? 0,
  };
}
