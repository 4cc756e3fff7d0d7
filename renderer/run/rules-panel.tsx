/** Rule firings per minute as small multiples, one row a rule on one scale; a row leads to its firings and their why. */
import { memo, useMemo, type ReactNode } from 'react';
import { useRunView } from '#renderer/feed/run-context.tsx';
import { CursorSurface } from '#renderer/charts/cursor-surface.tsx';
import { useCursorMs } from '#renderer/charts/time-cursor.ts';
import { KeyFigure, Panel } from '#renderer/shared/panel.tsx';
import { rememberLast } from '#renderer/view/chart-points.ts';
import { formatCount, formatRate } from '#renderer/view/format.ts';
import { barsPath, createRuleMemory, ruleRows, type RuleRow } from '#renderer/view/rule-rows.ts';
import type { TimeSpan, WindowName } from '#renderer/view/time-window.ts';
import { createValueAxis } from '#renderer/view/value-axis.ts';
import { momentOf } from '#renderer/run/run-moment.ts';
import classes from '#renderer/run/run.module.css';

interface RulesPanelProps {
  readonly window: WindowName;
  /** Shows the firings of a rule in the stream, and why it fired last. */
  readonly onRule: (rule: string) => void;
}

const rowsOf = rememberLast(ruleRows);
const rulesOf = createRuleMemory();
const barsAxis = createValueAxis();

export const RulesPanel = memo(function RulesPanel({ window, onRule }: RulesPanelProps): ReactNode {
  const { status, series } = useRunView('rules');
  if (status === null) return null;
  const moment = momentOf(status, series, window);
  const rows = rowsOf(moment.points, rulesOf(status.runId, moment.points));
  const { max } = barsAxis(status.runId, [0, ...rows.flatMap((row) => row.bars.map((bar) => bar.perMinute))]);
  return (
    <Panel name="rules" title="Rules" readout={<RulesReadout rows={rows} max={max} />}>
      {rows.length === 0 ? (
        <p className={classes['empty']}>No rule has fired yet. A firing makes a hot lead, and its bar appears here.</p>
      ) : (
        <div className={classes['rules']}>
          {rows.map((row) => (
            <RuleLine
              key={row.rule}
              row={row}
              max={max}
              span={moment.span}
              bucketMs={moment.bucketMs}
              onRule={onRule}
            />
          ))}
        </div>
      )}
    </Panel>
  );
});

/** Units of a row's bars, stretched to their place. */
const BARS = { width: 1_000, height: 100 } as const;

interface RuleLineProps {
  readonly row: RuleRow;
  readonly max: number;
  readonly span: TimeSpan;
  readonly bucketMs: number;
  readonly onRule: (rule: string) => void;
}

function RuleLine({ row, max, span, bucketMs, onRule }: RuleLineProps): ReactNode {
  const path = useMemo(() => barsPath(row, { ...span, ...BARS, max }, bucketMs), [row, span, max, bucketMs]);
  return (
    <div className={classes['rule']}>
      <button
        type="button"
        className={classes['ruleName']}
        onClick={() => onRule(row.rule)}
        title={`${row.rule}: show its firings, and why it fired last`}
      >
        {row.rule}
      </button>
      <CursorSurface
        label={`Firings per minute of ${row.rule}`}
        valueText={`${row.total} in the window shown`}
        span={span}
        left={0}
        right={0}
        stepMs={bucketMs}
      >
        <svg
          className={classes['ruleBars']}
          viewBox={`0 0 ${BARS.width} ${BARS.height}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <path d={path} fill="var(--rules)" />
        </svg>
      </CursorSurface>
      <RuleValue row={row} />
    </div>
  );
}

function RuleValue({ row }: { readonly row: RuleRow }): ReactNode {
  const at = useCursorMs();
  const bar = at === null ? undefined : row.bars.find(({ atMs }) => atMs >= at);
  return (
    <span className={classes['ruleValue']}>
      {bar ? formatRate(bar.perMinute) : formatCount(row.total)}
      <small>{bar ? '/min' : ''}</small>
    </span>
  );
}

function RulesReadout({ rows, max }: { readonly rows: readonly RuleRow[]; readonly max: number }): ReactNode {
  const total = rows.reduce((sum, row) => sum + row.perMinute, 0);
  return (
    <>
      <KeyFigure mark={{ color: 'var(--rules)', shape: 'bar' }} name="firings" value={`${formatRate(total)}/min`} />
      <KeyFigure name="full height" value={`${formatRate(max)}/min`} />
    </>
  );
}
