/**
 * The `traffic` of a scenario file, in one of three forms:
 *
 *   { visitsPerHour: 3000, pageViewsPerHour: 32000, pageEvents: 2, visitEvents: 0.1 }         steady totals
 *   { profile: [ { at: 0s, visitsPerHour: 600 }, ... ], pageViewsPerVisit: 10.67, ... }       steps over time
 *   { csv: rates/launch.csv, column: requests, unit: pageViews, every: 1m, ... }              counts of a file, a row
 * an interval
 */
import { z } from 'zod';
import { durationSchema } from '#protocol/quantities.ts';
import {
  describeWrong,
  isRecord,
  listFaults,
  listField,
  numberField,
  sectionField,
  textField,
  wordField,
} from '#protocol/scenario-file-fields.ts';

const eventFields = {
  pageEvents: numberField({ min: 0, max: 1000 }).default(2),
  visitEvents: numberField({ min: 0, max: 1000 }).default(0.1),
};
const pageViewsPerVisit = numberField({ min: 1, max: 10_000 });

const steadySchema = sectionField({
  visitsPerHour: numberField({ what: 'a rate', above: 0, max: 1e9 }),
  pageViewsPerHour: numberField({ what: 'a rate', above: 0, max: 1e10 }),
  ...eventFields,
});

const profileSchema = sectionField({
  profile: listField(
    sectionField({ at: durationSchema, visitsPerHour: numberField({ what: 'a rate', min: 0, max: 1e9 }) }),
    'steps such as { at: 0s, visitsPerHour: 600 }',
    1,
  ),
  pageViewsPerVisit,
  ...eventFields,
});

const aboveZero = durationSchema.refine((ms) => ms > 0, { error: 'expected a duration above 0' });

const csvSchema = sectionField({
  csv: textField('the path of a CSV file'),
  column: textField('the name of a column'),
  unit: wordField(['visits', 'pageViews']),
  every: aboveZero,
  from: durationSchema.default(0),
  for: aboveZero.optional(),
  average: aboveZero.optional(),
  scale: numberField({ above: 0, max: 1e6 }).default(1),
  pageViewsPerVisit,
  ...eventFields,
});

export type SteadyTraffic = z.output<typeof steadySchema>;
export type ProfileTraffic = z.output<typeof profileSchema>;
export type CsvTraffic = z.output<typeof csvSchema>;
export type TrafficFile = SteadyTraffic | ProfileTraffic | CsvTraffic;

const FORMS = 'visitsPerHour and pageViewsPerHour, a profile, or a csv';

/** The form is told by its key (`profile`, `csv`, else steady), so that messages speak of the form that was meant. */
export const trafficSchema = z.unknown().transform((given, context): TrafficFile => {
  if (!isRecord(given)) {
    context.addIssue({ code: 'custom', message: describeWrong(`expected a map with ${FORMS}`, given) });
    return z.NEVER;
  }
  if (Object.hasOwn(given, 'log')) {
    context.addIssue({ code: 'custom', path: ['log'], message: `not yet in sim: a log as traffic; use ${FORMS}` });
    return z.NEVER;
  }
  const form = Object.hasOwn(given, 'csv') ? csvSchema : Object.hasOwn(given, 'profile') ? profileSchema : steadySchema;
  const parsed = form.safeParse(given);
  if (parsed.success) return parsed.data;
  for (const fault of parsed.error.issues.flatMap(listFaults)) context.addIssue({ code: 'custom', ...fault });
  return z.NEVER;
});
