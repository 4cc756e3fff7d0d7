/** The formulas behind the disk figures of a sizing report. */
import { COMMIT_LOG_GB_PER_NODE, type Disk } from './disk.ts';
import { formatShort as format } from './figure-text.ts';
import type { Figure } from './figure.ts';
import type { SizingInputs } from './sizing-inputs.ts';
import type { SizingNumbers } from './sizing-numbers.ts';

const SOURCE = 'Guide: Disk Space Usage';

export function listDiskFigures(inputs: SizingInputs, { disk, eventsPerSecond }: SizingNumbers): readonly Figure[] {
  const make = (
    name: keyof Disk,
    label: string,
    unit: string,
    formula: string,
    worked: string,
    source = SOURCE,
  ): Figure => ({ path: `disk.${name}`, label, value: disk[name], unit, formula, worked, source });
  const hour = format(disk.gbPerHour);
  const replicas = format(inputs.replicationFactor);
  return [
    make('eventsPerHour', 'Events, average', 'events/h', 'events/s x 3600', `${format(eventsPerSecond)} x 3,600`),
    make(
      'bytesPerEvent',
      'Bytes of an event, all replicas',
      'bytes',
      'bytes an event and replica x replication factor',
      `${format(disk.bytesPerEvent / inputs.replicationFactor)} x ${replicas}`,
      `Derived from ${SOURCE}`,
    ),
    make(
      'gbPerHour',
      'Database, an hour',
      'GB',
      'events/h x bytes an event / 10^9',
      `${format(disk.eventsPerHour)} x ${format(disk.bytesPerEvent)} / 10^9`,
    ),
    make('gbPerDay', 'Database, a day', 'GB', 'GB an hour x 24', `${hour} x 24`),
    make('gbPerWeek', 'Database, a week', 'GB', 'GB an hour x 24 x 7', `${hour} x 24 x 7`),
    make('gbPerMonth', 'Database, a month', 'GB', 'GB a year / 12', `${format(disk.gbPerYear)} / 12`),
    make('gbPerYear', 'Database, a year', 'GB', 'GB an hour x 8760', `${hour} x 8,760`),
    make(
      'gbRetained',
      `Database, kept for ${format(inputs.retentionDays)} days`,
      'GB',
      'GB a day x days of retention',
      `${format(disk.gbPerDay)} x ${format(inputs.retentionDays)}`,
      'Guide: wmdb.retention.entity.all',
    ),
    make(
      'gbPerNode',
      'Disk of a node, commit log apart',
      'GB',
      'GB kept / nodes',
      `${format(disk.gbRetained)} / ${format(inputs.nodes)}`,
    ),
    make(
      'commitLogGb',
      'Commit logs of all nodes',
      'GB',
      '4 GB x nodes',
      `${COMMIT_LOG_GB_PER_NODE} x ${format(inputs.nodes)}`,
    ),
    make('commitLogGbPerNode', 'Commit log of a node', 'GB', '4 GB', String(COMMIT_LOG_GB_PER_NODE)),
  ];
}
