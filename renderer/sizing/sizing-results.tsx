/** What the inputs take: the answer first, then load, the peak's true chance, servers, disk, and everything that was assumed. */
import { memo, useMemo, type ReactNode } from 'react';
import type { SizingFigure, SizingReport } from '#protocol/control-api.ts';
import {
  describeDiskDriver,
  describeLoadDriver,
  describePeak,
  describeServerDriver,
} from '#renderer/view/sizing-drivers.ts';
import { FigureButton } from '#renderer/sizing/figure-button.tsx';
import { PeakChart } from '#renderer/sizing/peak-chart.tsx';
import { SizingAssumptions } from '#renderer/sizing/sizing-assumptions.tsx';
import { SizingSection } from '#renderer/sizing/sizing-section.tsx';
import classes from '#renderer/sizing/sizing.module.css';

type Lookup = (path: string) => SizingFigure | undefined;

export const SizingResults = memo(function SizingResults({ report }: { readonly report: SizingReport }): ReactNode {
  const figures = useMemo(() => new Map(report.figures.map((figure) => [figure.path, figure])), [report]);
  const of: Lookup = (path) => figures.get(path);
  return (
    <>
      <section className={classes['answer']} aria-label="The answer in short">
        <Answer name="average load" figure={of('eventsPerSecond')} />
        <Answer name="peak second" figure={of('peak.requestsPerSecond')} />
        <Answer name="Web Engagement Servers" figure={of('nodes.webEngagementServers')} />
        <Answer name="Cassandra nodes" figure={of('nodes.cassandra')} />
        <Answer name="database a year" figure={of('disk.gbPerYear')} />
      </section>
      <SizingSection title="Load" driver={describeLoadDriver(report)}>
        <Load of={of} hasBusyHour={report.inputs.maxVisitsPerHour !== null} />
      </SizingSection>
      <SizingSection title="The peak, and its true chance" driver={describePeak(report)}>
        <div className={classes['peak']}>
          <PeakChart mean={report.busyHour.visitsPerSecond} peak={report.peak.visitsPerSecond} />
          <Facts
            of={of}
            rows={[
              ["the guide's peak", 'peak.visitsPerSecond'],
              ['visits of a second that it covers', 'peakCheck.visitsCovered'],
              ['chance that a second brings more', 'peakCheck.exceededShare'],
              ['such seconds', 'peakCheck.exceededSecondsPerHour'],
              ['exceeded in at most one second an hour', 'peakCheck.visitsExceededOnceAnHour'],
              ['exceeded in at most one second a day', 'peakCheck.visitsExceededOnceADay'],
              ['events, when pages spread over the visit', 'peakCheck.spreadEventsPerSecond'],
            ]}
          />
        </div>
      </SizingSection>
      <div className={classes['pair']}>
        <SizingSection title="Servers" driver={describeServerDriver(report)}>
          <Servers of={of} />
        </SizingSection>
        <SizingSection title="Disk" driver={describeDiskDriver(report)}>
          <Facts
            of={of}
            rows={[
              ['database, an hour', 'disk.gbPerHour'],
              ['a day', 'disk.gbPerDay'],
              ['a week', 'disk.gbPerWeek'],
              ['a month', 'disk.gbPerMonth'],
              ['a year', 'disk.gbPerYear'],
              [`kept for ${report.inputs.retentionDays} days`, 'disk.gbRetained'],
              ['a node, commit log apart', 'disk.gbPerNode'],
              ['commit log of a node', 'disk.commitLogGbPerNode'],
            ]}
          />
        </SizingSection>
      </div>
      <SizingAssumptions assumptions={report.assumptions} notes={report.notes} />
    </>
  );
});

function Answer({ name, figure }: { readonly name: string; readonly figure: SizingFigure | undefined }): ReactNode {
  return (
    <div className={classes['one']}>
      <span>{name}</span>
      <FigureButton figure={figure} large />
    </div>
  );
}

const LOAD_ROWS = [
  ['visits/s', 'visitsPerSecond'],
  ['page views/s', 'pageViewsPerSecond'],
  ['events/s', 'eventsPerSecond'],
  ['requests/s', 'requestsPerSecond'],
] as const;

function Load({ of, hasBusyHour }: { readonly of: Lookup; readonly hasBusyHour: boolean }): ReactNode {
  const columns = [
    { label: 'average', prefix: '' },
    ...(hasBusyHour ? [{ label: 'busiest hour', prefix: 'busyHour.' }] : []),
    { label: 'peak second', prefix: 'peak.' },
  ];
  return (
    <table className={classes['table']}>
      <thead>
        <tr>
          <td />
          {columns.map(({ label }) => (
            <th key={label} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {LOAD_ROWS.map(([unit, name]) => (
          <tr key={name}>
            <th scope="row">{unit}</th>
            {columns.map(({ label, prefix }) => (
              <td key={label}>
                <FigureButton figure={of(`${prefix}${name}`)} withUnit={false} />
              </td>
            ))}
          </tr>
        ))}
        <tr>
          <th scope="row">page views/visit</th>
          <td>
            <FigureButton figure={of('visitDepth')} withUnit={false} />
          </td>
          {hasBusyHour && (
            <td>
              <FigureButton figure={of('busyHour.visitDepth')} withUnit={false} />
            </td>
          )}
          <td />
        </tr>
      </tbody>
    </table>
  );
}

const SERVER_ROWS = [
  ['Web Engagement Servers', 'webEngagementServers'],
  ['or apart: Frontend Servers', 'frontends'],
  ['and Backend Servers', 'backends'],
  ['Cassandra nodes', 'cassandra'],
] as const;

function Servers({ of }: { readonly of: Lookup }): ReactNode {
  return (
    <table className={classes['table']}>
      <thead>
        <tr>
          <td />
          <th scope="col">busiest hour</th>
          <th scope="col">peak second</th>
        </tr>
      </thead>
      <tbody>
        {SERVER_ROWS.map(([label, name]) => (
          <tr key={name}>
            <th scope="row">{label}</th>
            <td>
              <FigureButton figure={of(`nodesForBusyHour.${name}`)} withUnit={false} />
            </td>
            <td>
              <FigureButton figure={of(`nodes.${name}`)} withUnit={false} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Facts({
  of,
  rows,
}: {
  readonly of: Lookup;
  readonly rows: readonly (readonly [string, string])[];
}): ReactNode {
  return (
    <table className={classes['table']}>
      <tbody>
        {rows.map(([label, path]) => (
          <tr key={path}>
            <th scope="row">{label}</th>
            <td>
              <FigureButton figure={of(path)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
