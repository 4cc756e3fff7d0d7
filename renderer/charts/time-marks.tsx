/**
 * Stretches and moments that all charts of a screen mark, such as a fault done to a node, another goal, or a moment that somebody has
 * pinned: a tinted band behind a line.
 */
import { createContext, useContext, type ReactNode } from 'react';
import type { TimeSpan } from '#renderer/view/time-window.ts';
import classes from '#renderer/charts/charts.module.css';

export interface TimeMark {
  readonly key: string;
  readonly label: string;
  readonly fromMs: number;
  /** What has not ended reaches to now. */
  readonly untilMs: number;
  readonly isOpen: boolean;
  /** Colours by what is shown, as everywhere. */
  readonly tone: 'failure' | 'pacing' | 'pin';
}

const TimeMarksContext = createContext<readonly TimeMark[]>([]);

export const TimeMarksProvider = TimeMarksContext.Provider;

interface TimeMarksProps {
  readonly span: TimeSpan;
  /** The plot's distance from the left and right edge, px. */
  readonly left: number;
  readonly right: number;
  /** Room of the axis below the plot, px. */
  readonly bottom: number;
  readonly isNamed: boolean;
}

export function TimeMarks({ span, left, right, bottom, isNamed }: TimeMarksProps): ReactNode {
  const marks = useContext(TimeMarksContext);
  const shareOf = (atMs: number): number =>
    Math.min(1, Math.max(0, (atMs - span.fromMs) / Math.max(1, span.toMs - span.fromMs)));
  const shown = marks.filter((mark) => mark.untilMs >= span.fromMs && mark.fromMs <= span.toMs);
  if (shown.length === 0) return null;
  return (
    <div className={classes['marks']} style={{ left, right, bottom }} aria-hidden="true">
      {shown.map(({ key, label, fromMs, untilMs, isOpen, tone }) => {
        const from = shareOf(fromMs);
        const until = shareOf(untilMs);
        return (
          <i
            key={key}
            className={classes['mark']}
            data-open={isOpen || undefined}
            data-tone={tone}
            data-side={from > 0.6 ? 'left' : 'right'}
            style={{ left: `${from * 100}%`, width: `${(until - from) * 100}%` }}
          >
            {isNamed && label !== '' && <span>{label}</span>}
          </i>
        );
      })}
    </div>
  );
}
