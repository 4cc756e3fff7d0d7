/** Which dimension of the inputs drives a size, in sentences: people change that one first. */
import type { SizingReport } from '#protocol/control-api.ts';
import { formatCount, formatNumber, formatShare } from '#renderer/view/format.ts';

/** Servers: the load at the peak, or the guide's minimum. */
export function describeServerDriver(report: SizingReport): string {
  const { nodes, peak, inputs } = report;
  const needed = Math.ceil(peak.requestsPerSecond / inputs.requestsPerNode);
  const load = `${formatNumber(peak.requestsPerSecond)} requests/s at ${formatNumber(inputs.requestsPerNode)} a server`;
  if (nodes.webEngagementServers > needed + 1) {
    return `Driven by the guide's minimum of ${nodes.webEngagementServers}: ${load} would need ${needed}, and one spare.`;
  }
  const isMinimum = nodes.webEngagementServers === 2;
  return `Driven by the requests of the peak: ${load} need ${needed}, and one spare${isMinimum ? ", which is the guide's minimum too" : ''}.`;
}

/** The load: which of visits and page views most requests come from. */
export function describeLoadDriver(report: SizingReport): string {
  const { visitsPerSecond, pageViewsPerSecond, requestsPerSecond, inputs } = report;
  const ofPages = pageViewsPerSecond * (1 + 2 + inputs.pageEvents);
  const ofVisits = visitsPerSecond * (2 + 1 + inputs.visitEvents);
  const [name, part] = ofPages >= ofVisits ? ['Page views', ofPages] : ['Visits', ofVisits];
  return `${name} drive the load: ${formatShare(part / requestsPerSecond)} of all requests come from them.`;
}

/** Disk: what stands on it. */
export function describeDiskDriver(report: SizingReport): string {
  const { disk, inputs } = report;
  return `Driven by ${formatNumber(disk.eventsPerHour)} events an hour, each stored ${inputs.replicationFactor} times, and kept for ${formatNumber(inputs.retentionDays)} days.`;
}

/** Four standard deviations of a normal curve leave 3.2e-5 above them, 0.11 s an hour: what the guide's peak seems to promise. */
export function describePeak({ busyHour, peakCheck }: SizingReport): string {
  const { visitsCovered, exceededSecondsPerHour } = peakCheck;
  return (
    `Four standard deviations seem to leave 0.11 seconds an hour above the peak. Visits come whole: at ${formatNumber(busyHour.visitsPerSecond)} a second, ` +
    `${formatNumber(exceededSecondsPerHour)} seconds an hour bring more than the ${formatCount(visitsCovered)} that it covers.`
  );
}
