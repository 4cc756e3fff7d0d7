/** The formulas behind the numbers of servers in a sizing report. */
import { formatShort as format } from './figure-text.ts';
import type { Figure } from './figure.ts';
import type { Load } from './load.ts';
import {
  BACKENDS_MIN,
  CASSANDRA_NODES_MIN,
  FRONTENDS_MIN,
  SPARE_NODES,
  WEB_ENGAGEMENT_SERVERS_MIN,
} from './node-count.ts';
import type { SizingInputs } from './sizing-inputs.ts';
import type { SizingNumbers } from './sizing-numbers.ts';

export function listNodeFigures(inputs: SizingInputs, numbers: SizingNumbers): readonly Figure[] {
  return [
    ...countFigures('nodes', 'for the peak', numbers.peak, inputs, numbers),
    ...countFigures('nodesForBusyHour', "for the busiest hour's mean", numbers.busyHour, inputs, numbers),
  ];
}

function countFigures(
  group: 'nodes' | 'nodesForBusyHour',
  which: string,
  load: Load,
  inputs: SizingInputs,
  numbers: SizingNumbers,
): readonly Figure[] {
  const counts = numbers[group];
  const rate = format(inputs.requestsPerNode);
  const served = (
    name: 'frontends' | 'backends' | 'webEngagementServers',
    label: string,
    least: number,
    what: 'requests' | 'events',
  ): Figure => ({
    path: `${group}.${name}`,
    label: `${label}, ${which}`,
    value: counts[name],
    unit: 'servers',
    formula: `max(${least}, ceil(${what}/s / requests per node) + ${SPARE_NODES})`,
    worked: `max(${least}, ceil(${format(what === 'events' ? load.eventsPerSecond : load.requestsPerSecond)} / ${rate}) + ${SPARE_NODES})`,
    source: name === 'webEngagementServers' ? 'Guide: Minimum Solution Size' : 'Guide: Sample Configurations',
  });
  const planned = counts.cassandra > CASSANDRA_NODES_MIN ? counts.cassandra : inputs.replicationFactor;
  return [
    served('webEngagementServers', 'Web Engagement Servers', WEB_ENGAGEMENT_SERVERS_MIN, 'requests'),
    served('frontends', 'Frontend Servers, balanced apart', FRONTENDS_MIN, 'requests'),
    served('backends', 'Backend Servers, balanced apart', BACKENDS_MIN, 'events'),
    {
      path: `${group}.cassandra`,
      label: `Cassandra nodes, ${which}`,
      value: counts.cassandra,
      unit: 'nodes',
      formula: `max(${CASSANDRA_NODES_MIN}, nodes as planned, else replication factor)`,
      worked: `max(${CASSANDRA_NODES_MIN}, ${format(planned)})`,
      source: 'Guide: Minimum Solution Size',
    },
  ];
}
