/**
 * What a sizing takes for granted, each with a name, a value and what replaces it, and the notes that a reader of the figures
 * should know. A figure without its assumption is a promise that nobody made.
 */
import { BYTES_PER_EVENT_AND_REPLICA, COMMIT_LOG_GB_PER_NODE } from './disk.ts';
import { formatShort as format } from './figure-text.ts';
import {
  REQUESTS_PER_PAGE_VIEW,
  REQUESTS_PER_VISIT,
  SYSTEM_EVENTS_PER_PAGE_VIEW,
  SYSTEM_EVENTS_PER_VISIT,
} from './load.ts';
import { SPARE_NODES } from './node-count.ts';
import { SIZING_DEFAULTS, type SizingInputName, type SizingInputs } from './sizing-inputs.ts';
import type { SizingNumbers } from './sizing-numbers.ts';

export interface Assumption {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** True where the user gave the value: then it is his, not ours. */
  readonly given: boolean;
  readonly text: string;
  readonly source: string;
  /** The input that replaces it; null: it can't be replaced. */
  readonly input: SizingInputName | null;
}

const EXAMPLE = 'Guide: Load Estimation Example';
const DISK = 'Guide: Disk Space Usage';

export function listAssumptions(inputs: SizingInputs, given: ReadonlySet<SizingInputName>): readonly Assumption[] {
  return [...trafficAssumptions(inputs, given), ...serverAssumptions(inputs, given), ...diskAssumptions(inputs, given)];
}

function trafficAssumptions(inputs: SizingInputs, given: ReadonlySet<SizingInputName>): readonly Assumption[] {
  const daily: Assumption = {
    name: 'evenDay',
    value: 24,
    unit: 'h/day',
    given: false,
    text: 'Rates per day are spread evenly over 24 hours; give the maximum per hour to size for a busy hour.',
    source: 'Guide: Visits Rate Estimation',
    input: 'maxVisitsPerHour',
  };
  const isDaily = given.has('visitsPerDay') || given.has('pageViewsPerDay');
  return [
    {
      name: 'poissonVisits',
      value: 4,
      unit: 'standard deviations',
      given: false,
      text: 'Visits of the busiest hour start as a Poisson process of constant rate; the peak lies four standard deviations above.',
      source: 'Guide: Peak Load Estimation',
      input: null,
    },
    ...(isDaily ? [daily] : []),
    busyHourAssumption(inputs, given),
    {
      name: 'systemEvents',
      value: SYSTEM_EVENTS_PER_PAGE_VIEW,
      unit: 'events/page view',
      given: false,
      text: `A visit brings ${SYSTEM_EVENTS_PER_VISIT} system event (VisitStarted), a page view ${SYSTEM_EVENTS_PER_PAGE_VIEW} (PageEntered, PageExited).`,
      source: 'Guide: Events Rate Estimation',
      input: null,
    },
    {
      name: 'pageEvents',
      value: inputs.pageEvents,
      unit: 'events/page view',
      given: given.has('pageEvents'),
      text: `A page view brings ${format(inputs.pageEvents)} business events on average.`,
      source: EXAMPLE,
      input: 'pageEvents',
    },
    {
      name: 'visitEvents',
      value: inputs.visitEvents,
      unit: 'events/visit',
      given: given.has('visitEvents'),
      text: `A visit brings ${format(inputs.visitEvents)} identity events (SignIn, SignOut, UserInfo) on average.`,
      source: EXAMPLE,
      input: 'visitEvents',
    },
    {
      name: 'scriptRequests',
      value: REQUESTS_PER_VISIT,
      unit: 'requests/visit',
      given: false,
      text: `A visit loads ${REQUESTS_PER_VISIT} scripts (library, DSL), a page view ${REQUESTS_PER_PAGE_VIEW} list of categories; every event is a request of its own.`,
      source: 'Guide: Requests Per Second',
      input: null,
    },
  ];
}

function busyHourAssumption(inputs: SizingInputs, given: ReadonlySet<SizingInputName>): Assumption {
  const common = { name: 'busyHour', unit: 'visits/h', source: EXAMPLE, input: 'maxVisitsPerHour' } as const;
  if (inputs.maxVisitsPerHour === null) {
    const text =
      "No maximum was given: the rates given count as the busiest hour's mean, and the peak is taken from them. " +
      "The guide's worked example does so too: what it calls maxima (3,000 visits, 32,000 page views an hour) count as averages.";
    return { ...common, value: inputs.visitsPerHour, given: false, text };
  }
  const depth = given.has('maxPageViewsPerHour') ? '' : ' Its visits are as deep as the average.';
  const text =
    "The maximum counts as the busiest hour's mean, as the guide's worked example takes its maxima: peak and nodes follow from it, " +
    `averages and disk from the average rates.${depth}`;
  return { ...common, value: inputs.maxVisitsPerHour, given: true, text };
}

function serverAssumptions(inputs: SizingInputs, given: ReadonlySet<SizingInputName>): readonly Assumption[] {
  const isGiven = given.has('requestsPerNode');
  const rate = format(inputs.requestsPerNode);
  return [
    {
      name: 'requestsPerNode',
      value: inputs.requestsPerNode,
      unit: 'requests/s',
      given: isGiven,
      text: isGiven
        ? `One server takes ${rate} requests/s, as given; a measured figure is best.`
        : `One server takes ${rate} requests/s: a cautious round figure of ours, since the guide's scaling charts are not public. Replace it by a measured one.`,
      source: 'Ours, for the guide\'s "Recommended and Peak Solution Size"',
      input: 'requestsPerNode',
    },
    {
      name: 'spareNodes',
      value: SPARE_NODES,
      unit: 'servers',
      given: false,
      text: 'N+1: one server more than the load needs, so that any one may fail.',
      source: 'Guide: Minimum Solution Size',
      input: null,
    },
    {
      name: 'backendRequests',
      value: 1,
      unit: 'requests/event',
      given: false,
      text: 'Frontends take every request of a browser, Backends one request an event, at the same rate a server.',
      source: 'Ours',
      input: null,
    },
  ];
}

function diskAssumptions(inputs: SizingInputs, given: ReadonlySet<SizingInputName>): readonly Assumption[] {
  const copies = format(inputs.replicationFactor);
  return [
    {
      name: 'replicationFactor',
      value: inputs.replicationFactor,
      unit: 'replicas',
      given: given.has('replicationFactor'),
      text: `Every event is stored ${copies} times (replication factor ${copies}).`,
      source: DISK,
      input: 'replicationFactor',
    },
    {
      name: 'diskNodes',
      value: inputs.nodes,
      unit: 'Cassandra nodes',
      given: given.has('nodes'),
      text: `The disk is shared evenly by ${format(inputs.nodes)} Cassandra nodes.`,
      source: DISK,
      input: 'nodes',
    },
    {
      name: 'bytesPerEventAndReplica',
      value: BYTES_PER_EVENT_AND_REPLICA,
      unit: 'bytes',
      given: false,
      text: `An event takes ${format(BYTES_PER_EVENT_AND_REPLICA)} bytes a replica, indexes included: derived from the guide's table, with GB = 10^9 bytes.`,
      source: `Derived from ${DISK}`,
      input: null,
    },
    {
      name: 'categorizedShare',
      value: inputs.categorizedShare,
      unit: 'share of page views',
      given: given.has('categorizedShare'),
      text: `${format(inputs.categorizedShare * 100)} % of page views carry a category. The guide's table holds for ${SIZING_DEFAULTS.categorizedShare * 100} %; what other shares take is not public, so the disk figures don't follow it.`,
      source: DISK,
      input: 'categorizedShare',
    },
    {
      name: 'retentionDays',
      value: inputs.retentionDays,
      unit: 'days',
      given: given.has('retentionDays'),
      text: `History is kept for ${format(inputs.retentionDays)} days. (The guide's default of wmdb.retention.entity.all is 1 day.)`,
      source: 'Guide: wmdb.retention.entity.all',
      input: 'retentionDays',
    },
    {
      name: 'commitLogGbPerNode',
      value: COMMIT_LOG_GB_PER_NODE,
      unit: 'GB/node',
      given: false,
      text: `Commit logs take ${COMMIT_LOG_GB_PER_NODE} GB on each node beside the database.`,
      source: DISK,
      input: null,
    },
  ];
}

/** What a reader should know about these very figures. */
export function listNotes(inputs: SizingInputs, numbers: SizingNumbers): readonly string[] {
  const { peak, peakCheck, asPrinted, busyHour } = numbers;
  return [
    `The guide prints the request formula with its factors swapped (1 a visit, 2 a page view): that would be ${format(asPrinted.requestsPerSecond, 3)} requests/s, ${format(asPrinted.peakRequestsPerSecond, 3)} at the peak. Its prose and its worked example count as here.`,
    ...(isGuideExample(inputs)
      ? [
          'The guide rounds the depth to one digit on its way (10.7), so its example shows 37, 47, 197 and 254 where 36.5, 47.0, 196 and 253 are exact.',
        ]
      : []),
    `Four standard deviations suggest 0.11 seconds an hour above the peak. Visits are counted in whole numbers: a second with more than ${format(peakCheck.visitsCovered)} of them comes ${format(peakCheck.exceededSecondsPerHour, 3)} times an hour at ${format(busyHour.visitsPerSecond, 3)} visits/s.`,
    `The guide's peak lets all events of a visit fall in the second in which it starts: ${format(peak.eventsPerSecond, 3)} events/s. Spread over the visit as people browse, four standard deviations are at most about ${format(peakCheck.spreadEventsPerSecond, 3)} events/s.`,
  ];
}

function isGuideExample(inputs: SizingInputs): boolean {
  const { visitsPerHour, pageViewsPerHour, pageEvents, visitEvents } = inputs;
  return visitsPerHour === 3_000 && pageViewsPerHour === 32_000 && pageEvents === 2 && visitEvents === 0.1;
}
