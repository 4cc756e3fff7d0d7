/** The eight figures of a run at a glance; each is a button that goes to the panel behind it. */
import { memo, useMemo, type ReactNode } from 'react';
import type { SeriesPoint } from '#protocol/run-feed.ts';
import { useRunView } from '#renderer/feed/run-context.tsx';
import { Sparkline } from '#renderer/charts/sparkline.tsx';
import { Icon } from '#renderer/shared/icons.tsx';
import { focusPanel } from '#renderer/shared/panel.tsx';
import { NO_FIGURE } from '#renderer/view/format.ts';
import { tileCourses, tileFigures, type Tile, type TileCourses, type Tone } from '#renderer/view/tile-figures.ts';
import type { WindowName } from '#renderer/view/time-window.ts';
import { momentOf } from '#renderer/run/run-moment.ts';
import classes from '#renderer/run/run.module.css';

const COLORS: Readonly<Record<Tone, string>> = {
  visitors: 'var(--visitors)',
  rules: 'var(--rules)',
  pacing: 'var(--pacing-fill)',
  chats: 'var(--chats)',
  failure: 'var(--failure)',
  text: 'var(--dim)',
};

const NO_POINTS: readonly SeriesPoint[] = [];

export const Tiles = memo(function Tiles({ window }: { readonly window: WindowName }): ReactNode {
  const { status, totals, series } = useRunView('tiles');
  const points = status === null ? NO_POINTS : momentOf(status, series, window).points;
  const courses = useMemo(() => tileCourses(points), [points]);
  if (status === null || totals === null) return <TilesLoading />;
  return (
    <nav className={classes['tiles']} aria-label="Figures of the run">
      {tileFigures(status, totals, series).map((tile) => (
        <TileButton key={tile.name} tile={tile} course={courses[tile.name]} />
      ))}
    </nav>
  );
});

interface TileButtonProps {
  readonly tile: Tile;
  readonly course: TileCourses[Tile['name']];
}

function TileButton({ tile, course }: TileButtonProps): ReactNode {
  return (
    <button
      type="button"
      className={classes['tile']}
      data-tile={tile.name}
      data-alarm={tile.alarm || undefined}
      onClick={() => focusPanel(tile.panel)}
    >
      <span className={classes['tileLabel']}>
        {tile.alarm && <Icon name="warning" size={12} />}
        {tile.label}
      </span>
      <span className={classes['tileValue']}>
        {tile.value}
        {tile.value !== NO_FIGURE && <small>{tile.unit}</small>}
      </span>
      <span className={classes['tileNote']}>{tile.note}</span>
      {course.length > 0 && (
        <span className={classes['tileSpark']}>
          <Sparkline values={course} width={52} height={24} color={COLORS[tile.tone]} />
        </span>
      )}
    </button>
  );
}

function TilesLoading(): ReactNode {
  return (
    <div className={classes['tiles']} aria-hidden="true">
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} className={classes['tile']} data-loading />
      ))}
    </div>
  );
}
