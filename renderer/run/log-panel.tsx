/** The log of one node as it is written: the newest line last, followed while nobody scrolls, and only as bad as asked for. */
import { memo, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { CloseButton, SegmentedControl, Switch } from '@mantine/core';
import type { LogLevel, LogLine } from '#protocol/run-feed-live.ts';
import { useRunLine, useRunView } from '#renderer/feed/run-context.tsx';
import { formatCount } from '#renderer/view/format.ts';
import { filterLog } from '#renderer/view/live-words.ts';
import classes from '#renderer/run/log.module.css';

interface LogPanelProps {
  readonly node: string;
  readonly onClose: () => void;
}

const ASK_EVERY_MS = 5_000;
const ROW_HEIGHT = 22;
const NO_LINES: readonly LogLine[] = [];
const LEVELS = [
  { value: 'debug', label: 'all' },
  { value: 'info', label: 'info' },
  { value: 'warn', label: 'warnings' },
  { value: 'error', label: 'errors' },
];

export const LogPanel = memo(function LogPanel({ node, onClose }: LogPanelProps): ReactNode {
  const lines = useLog(node);
  const [level, setLevel] = useState<LogLevel>('debug');
  const [isFollowing, follow] = useState(true);
  const shown = useMemo(() => filterLog(lines, level), [lines, level]);
  return (
    <aside className={classes['log']} aria-label={`Log of ${node}`}>
      <header className={classes['head']}>
        <h2>Log of {node}</h2>
        <CloseButton aria-label="Close the log" onClick={onClose} />
      </header>
      <div className={classes['controls']}>
        <SegmentedControl
          size="xs"
          aria-label="Lines of this level and worse"
          data={LEVELS}
          value={level}
          onChange={(value) => setLevel(value as LogLevel)}
        />
        <Switch
          size="xs"
          label="Follow"
          checked={isFollowing}
          onChange={(event) => follow(event.currentTarget.checked)}
        />
      </div>
      {shown.length === 0 ? (
        <p className={classes['empty']}>
          {lines.length === 0
            ? `${node} has written nothing yet. What it writes is shown here at once.`
            : `None of its ${formatCount(lines.length)} lines is that bad.`}
        </p>
      ) : (
        <Lines node={node} lines={shown} isFollowing={isFollowing} onFollow={follow} />
      )}
      <footer className={classes['foot']}>
        {formatCount(shown.length)} of {formatCount(lines.at(-1)?.n ?? 0)} lines
      </footer>
    </aside>
  );
});

/** Asks again before the host forgets that somebody looks on, and for what was missed while the line was cut. */
function useLog(node: string): readonly LogLine[] {
  const { send, store } = useRunLine();
  const { status, logs } = useRunView('log');
  const runId = status?.runId;
  useEffect(() => {
    if (runId === undefined) return undefined;
    const ask = (): void => send({ type: 'logs', node, after: store.view().logs.get(node)?.at(-1)?.n ?? 0 });
    ask();
    const timer = setInterval(ask, ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [node, runId, send, store]);
  return logs.get(node) ?? NO_LINES;
}

interface LinesProps {
  readonly node: string;
  readonly lines: readonly LogLine[];
  readonly isFollowing: boolean;
  readonly onFollow: (on: boolean) => void;
}

function Lines({ node, lines, isFollowing, onFollow }: LinesProps): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- its functions are used here alone, never passed on
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  const newest = lines.at(-1)?.n;
  useEffect(() => {
    if (isFollowing && newest !== undefined) virtual.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [isFollowing, newest, lines.length, virtual]);
  return (
    <div
      ref={scroller}
      className={classes['list']}
      role="log"
      aria-live="off"
      aria-label={`Lines of ${node}, oldest first`}
      tabIndex={0}
      onWheel={(event) => event.deltaY < 0 && onFollow(false)}
      onKeyDown={(event) => ['ArrowUp', 'PageUp', 'Home'].includes(event.key) && onFollow(false)}
    >
      <div className={classes['rows']} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const line = lines[index];
          return (
            line && (
              <div
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                data-level={line.level}
                className={classes['line']}
                style={{ transform: `translateY(${start}px)` }}
              >
                <time>{line.atMs === null ? '' : formatClock(line.atMs)}</time>
                <span className={classes['level']}>{line.level}</span>
                <span className={classes['words']}>
                  {line.message}
                  {line.more !== '' && <code>{line.more}</code>}
                </span>
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

/** Wall time of this machine: the nodes' own clock, not the run's. */
function formatClock(atMs: number): string {
  return `${CLOCK.format(atMs)}.${String(Math.floor(atMs % 1_000)).padStart(3, '0')}`;
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
