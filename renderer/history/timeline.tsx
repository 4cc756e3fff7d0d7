/**
 * A story on a time axis, lane by lane. Drag over a stretch to see it nearer, turn the wheel to zoom around the pointer, double-click for
 * the whole; with keys: arrows from mark to mark, + and - around the chosen one, 0 for the whole.
 */
import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';
import { ActionIcon } from '@mantine/core';
import { createZoomDrag } from '#renderer/charts/zoom-drag.ts';
import { Icon } from '#renderer/shared/icons.tsx';
import { formatDuration } from '#renderer/view/format.ts';
import { besideMark, LANE_LABELS, layOut, type Lane, type PlacedMark } from '#renderer/view/history-lanes.ts';
import type { TimelineMark } from '#renderer/view/history-marks.ts';
import { clampSpan, showMoment, wholeSpan, zoomSpan } from '#renderer/view/history-span.ts';
import type { ScenarioClock } from '#renderer/view/scenario-clock.ts';
import { needsSeconds, ticksOf, type TimeSpan } from '#renderer/view/time-window.ts';
import classes from '#renderer/history/timeline.module.css';

interface TimelineProps<M extends TimelineMark> {
  /** Newest first. */
  readonly marks: readonly M[];
  readonly selectedKey: string | null;
  readonly onSelect: (mark: M) => void;
  readonly clock: ScenarioClock;
  /** Where what goes on ends for now, epoch ms. */
  readonly nowMs: number;
}

const TICKS_MAX = 7;
const ZOOM_KEYS: Readonly<Record<string, number>> = { '+': 0.5, '=': 0.5, '-': 2, _: 2 };
const NOTHING: TimeSpan = { fromMs: 0, toMs: 1_000 };

export function Timeline<M extends TimelineMark>(props: TimelineProps<M>): ReactNode {
  const { marks, selectedKey, onSelect, clock, nowMs } = props;
  const ref = useRef<HTMLDivElement>(null);
  const width = useWidth(ref);
  const [zoomed, setZoomed] = useState<TimeSpan | null>(null);
  const [drag] = useState(createZoomDrag);
  const frame = useRef<HTMLDivElement>(null);
  const whole = useMemo(() => wholeSpan(marks, nowMs) ?? NOTHING, [marks, nowMs]);
  const selected = marks.find(({ key }) => key === selectedKey);
  const span = zoomed ?? whole;
  const lanes = useMemo(() => layOut(marks, span, Math.max(1, width), nowMs), [marks, span, width, nowMs]);

  const [shownKey, setShownKey] = useState(selectedKey);
  /** What is chosen elsewhere comes into sight. */
  if (shownKey !== selectedKey) {
    setShownKey(selectedKey);
    if (selected !== undefined && zoomed !== null) setZoomed(showMoment(zoomed, selected.atMs, whole));
  }

  const around = useCallback(
    (atMs: number, factor: number) => setZoomed((now) => zoomSpan(now ?? whole, atMs, factor, whole)),
    [whole],
  );
  useWheel(ref, span, around);

  const momentOf = (event: PointerEvent): number => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / Math.max(1, box.width)));
    return span.fromMs + share * (span.toMs - span.fromMs);
  };
  const endDrag = (event: PointerEvent): void => {
    const fromMs = drag.end(event, frame.current);
    if (fromMs === null) return;
    const toMs = momentOf(event);
    setZoomed(clampSpan({ fromMs: Math.min(fromMs, toMs), toMs: Math.max(fromMs, toMs) }, whole));
  };
  const middleMs = (span.fromMs + span.toMs) / 2;
  /** The end of a drag is no click. */
  const choose = (mark: M | undefined): void => {
    if (mark !== undefined && !drag.hasDragged) onSelect(mark);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const factor = ZOOM_KEYS[event.key];
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : null;
    if (factor !== undefined) around(selected?.atMs ?? middleMs, factor);
    else if (event.key === '0') setZoomed(null);
    else if (step !== null) {
      const beside = besideMark(marks, selectedKey, step);
      if (beside !== undefined) onSelect(beside);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const openCluster = ({ marks: together, x }: PlacedMark<M>): void => {
    const [first] = together;
    if (together.length === 1 || together.some(({ key }) => key === selectedKey)) return choose(first);
    if (drag.hasDragged) return;
    around(span.fromMs + (x / Math.max(1, width)) * (span.toMs - span.fromMs), 0.3);
    choose(first);
  };
  return (
    <div className={classes['timeline']}>
      <div className={classes['tools']} role="group" aria-label="Zoom of the timeline">
        <span className={classes['length']}>{formatDuration(span.toMs - span.fromMs)} in sight</span>
        <Tool label="Nearer (+)" name="plus" onClick={() => around(selected?.atMs ?? middleMs, 0.5)} />
        <Tool label="Wider (-)" name="unknown" onClick={() => around(selected?.atMs ?? middleMs, 2)} />
        <button type="button" className={classes['whole']} disabled={zoomed === null} onClick={() => setZoomed(null)}>
          whole (0)
        </button>
      </div>
      <div className={classes['names']} aria-hidden="true">
        {lanes.map(({ name }) => (
          <span key={name}>{LANE_LABELS[name]}</span>
        ))}
      </div>
      <div
        ref={ref}
        className={classes['plot']}
        role="group"
        tabIndex={0}
        aria-label="Timeline: arrow keys go from mark to mark, plus and minus zoom, 0 shows the whole"
        onKeyDown={onKeyDown}
        onPointerDown={(event) => drag.begin(event, momentOf(event))}
        onPointerMove={(event) => drag.move(event, frame.current)}
        onPointerUp={endDrag}
        onPointerCancel={endDrag}
        onDoubleClick={() => setZoomed(null)}
      >
        <Axis span={span} width={width} clock={clock} />
        {lanes.map((lane) => (
          <LaneRow key={lane.name} lane={lane} selectedKey={selectedKey} onSelect={choose} onCluster={openCluster} />
        ))}
        <div ref={frame} className={classes['frame']} aria-hidden="true" />
      </div>
    </div>
  );
}

interface ToolProps {
  readonly label: string;
  readonly name: 'plus' | 'unknown';
  readonly onClick: () => void;
}

function Tool({ label, name, onClick }: ToolProps): ReactNode {
  return (
    <ActionIcon size={22} variant="default" aria-label={label} title={label} onClick={onClick}>
      <Icon name={name} size={12} />
    </ActionIcon>
  );
}

function useWidth(ref: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const plot = ref.current;
    if (plot === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(plot.clientWidth));
    observer.observe(plot);
    return () => observer.disconnect();
  }, [ref]);
  return width;
}

/** React's own wheel listener can't keep the page from scrolling. */
function useWheel(
  ref: { readonly current: HTMLElement | null },
  span: TimeSpan,
  around: (atMs: number, factor: number) => void,
): void {
  useEffect(() => {
    const plot = ref.current;
    if (plot === null) return undefined;
    const onWheel = (event: WheelEvent): void => {
      if (event.deltaY === 0) return;
      event.preventDefault();
      const box = plot.getBoundingClientRect();
      const share = (event.clientX - box.left) / Math.max(1, box.width);
      around(span.fromMs + share * (span.toMs - span.fromMs), event.deltaY > 0 ? 1.25 : 0.8);
    };
    plot.addEventListener('wheel', onWheel, { passive: false });
    return () => plot.removeEventListener('wheel', onWheel);
  }, [ref, span, around]);
}

function Axis({
  span,
  width,
  clock,
}: {
  readonly span: TimeSpan;
  readonly width: number;
  readonly clock: ScenarioClock;
}): ReactNode {
  const length = span.toMs - span.fromMs;
  const isOfDays = length > 86_400_000;
  return (
    <div className={classes['axis']} aria-hidden="true">
      {ticksOf(span, 0, TICKS_MAX).map((atMs) => (
        <span key={atMs} className={classes['tick']} style={{ left: ((atMs - span.fromMs) / length) * width }}>
          {isOfDays ? clock.day(atMs) : needsSeconds(span) ? clock.time(atMs) : clock.minute(atMs)}
        </span>
      ))}
    </div>
  );
}

interface LaneRowProps<M extends TimelineMark> {
  readonly lane: Lane<M>;
  readonly selectedKey: string | null;
  readonly onSelect: (mark: M) => void;
  readonly onCluster: (cluster: PlacedMark<M>) => void;
}

function LaneRow<M extends TimelineMark>({ lane, selectedKey, onSelect, onCluster }: LaneRowProps<M>): ReactNode {
  return (
    <div className={classes['lane']} data-lane={lane.name}>
      {lane.spans.map(({ key, mark, x, width }) => (
        <button
          key={key}
          type="button"
          tabIndex={-1}
          className={classes['span']}
          data-tone={mark.tone}
          data-open={mark.isOpen || undefined}
          data-ended={mark.ended ?? undefined}
          aria-pressed={key === selectedKey}
          aria-label={mark.title}
          title={mark.title}
          style={{ left: x, width }}
          onClick={() => onSelect(mark)}
        >
          {width > 40 && <span>{mark.title}</span>}
        </button>
      ))}
      {lane.marks.map((cluster) => {
        const { key, marks, x } = cluster;
        const [first] = marks;
        const words = marks.length === 1 ? (first?.title ?? '') : `${marks.length} events`;
        return (
          <button
            key={key}
            type="button"
            tabIndex={-1}
            className={classes['mark']}
            data-tone={first?.tone}
            data-many={marks.length > 1 || undefined}
            aria-pressed={marks.some((mark) => mark.key === selectedKey)}
            aria-label={words}
            title={words}
            style={{ left: x }}
            onClick={() => onCluster(cluster)}
          >
            {marks.length > 1 ? marks.length : <i data-tone={first?.tone} />}
          </button>
        );
      })}
    </div>
  );
}
