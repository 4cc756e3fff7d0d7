/** The arithmetic of a sizing: every number of the report, nothing about how it is told. */
import { estimateDisk, type Disk } from './disk.ts';
import {
  checkPeak,
  estimateLoad,
  peakVisits,
  requestsAsPrinted,
  type Load,
  type PeakCheck,
  type TrafficMix,
} from './load.ts';
import { countNodes, type NodeCount } from './node-count.ts';
import type { SizingInputs } from './sizing-inputs.ts';

/** The numbers of a report, by their names in `engage size --json`. Rates per second unless said otherwise. */
export interface SizingNumbers extends Load {
  readonly visitDepth: number;
  /** Page views that carry a category. */
  readonly categorizedPageViewsPerSecond: number;
  /** The busiest hour's mean; the average's figures where no maximum was given. */
  readonly busyHour: Load & { readonly visitDepth: number };
  /** The guide's peak second of the busiest hour. */
  readonly peak: Load;
  readonly peakCheck: PeakCheck;
  /** Requests/s by the guide's formula as printed, its factors swapped. */
  readonly asPrinted: { readonly requestsPerSecond: number; readonly peakRequestsPerSecond: number };
  /** Enough for the peak. */
  readonly nodes: NodeCount;
  /** Enough for the busiest hour's mean. */
  readonly nodesForBusyHour: NodeCount;
  readonly disk: Disk;
}

/** `cassandraNodes`: as planned, or null where the fewest will do. */
export function computeSizing(inputs: SizingInputs, cassandraNodes: number | null): SizingNumbers {
  const { visitsPerHour, pageViewsPerHour, pageEvents, visitEvents, requestsPerNode, replicationFactor } = inputs;
  const mix: TrafficMix = { visitDepth: pageViewsPerHour / visitsPerHour, pageEvents, visitEvents };
  const average = estimateLoad(visitsPerHour / 3600, mix);
  const busyMix = { ...mix, visitDepth: busyDepth(inputs) };
  const busyHour = estimateLoad((inputs.maxVisitsPerHour ?? visitsPerHour) / 3600, busyMix);
  const peak = estimateLoad(peakVisits(busyHour.visitsPerSecond), busyMix);
  return {
    ...average,
    visitDepth: mix.visitDepth,
    categorizedPageViewsPerSecond: average.pageViewsPerSecond * inputs.categorizedShare,
    busyHour: { ...busyHour, visitDepth: busyMix.visitDepth },
    peak,
    peakCheck: checkPeak(busyHour.visitsPerSecond, busyMix),
    asPrinted: { requestsPerSecond: requestsAsPrinted(average), peakRequestsPerSecond: requestsAsPrinted(peak) },
    nodes: countNodes(peak, requestsPerNode, replicationFactor, cassandraNodes),
    nodesForBusyHour: countNodes(busyHour, requestsPerNode, replicationFactor, cassandraNodes),
    disk: estimateDisk({
      eventsPerHour: average.eventsPerSecond * 3600,
      replicationFactor,
      nodes: inputs.nodes,
      retentionDays: inputs.retentionDays,
    }),
  };
}

/** Page views a visit of the busiest hour: the average's where only its visits were given. */
function busyDepth(inputs: SizingInputs): number {
  const { maxVisitsPerHour, maxPageViewsPerHour } = inputs;
  if (maxVisitsPerHour === null || maxPageViewsPerHour === null) return inputs.pageViewsPerHour / inputs.visitsPerHour;
  return maxPageViewsPerHour / maxVisitsPerHour;
}
