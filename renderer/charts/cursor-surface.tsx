/**
 * The plot area of anything drawn over time: pointing (or arrow keys, when focused) moves the shared cursor, and a line shows it
 * here wherever it is moved. The line is moved by hand: no chart is redrawn for it. Where it can be zoomed, so are a stretch that is
 * dragged over, and + and - at the cursor.
 */
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import type { ZoomActions } from '#renderer/charts/zoom-actions.ts';
import { createZoomDrag } from '#renderer/charts/zoom-drag.ts';
import type { TimeSpan } from '#renderer/view/time-window.ts';
import { useTimeCursor } from '#renderer/charts/time-cursor.ts';
import classes from '#renderer/charts/charts.module.css';

interface CursorSurfaceProps {
  /** What is drawn here, for who can't see it. */
  readonly label: string;
  readonly span: TimeSpan;
  /** The plot's distance from the left and right edge, px. */
  readonly left: number;
  readonly right: number;
  /** How far an arrow key moves the cursor. */
  readonly stepMs: number;
  /** Asked for the moment under the cursor, by a click or Enter. */
  readonly onPick?: ((atMs: number) => void) | undefined;
  readonly zoom?: ZoomActions | undefined;
  readonly valueText?: string | undefined;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function CursorSurface(props: CursorSurfaceProps): ReactNode {
  const { label, span, left, right, stepMs, onPick, zoom, valueText, className, children } = props;
  const cursor = useTimeCursor();
  const surface = useRef<HTMLDivElement>(null);
  const line = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const move = (): void => {
      const at = cursor.get();
      const box = surface.current;
      if (!line.current || !box) return;
      const shown = at !== null && at >= span.fromMs && at <= span.toMs;
      line.current.style.opacity = shown ? '1' : '0';
      if (!shown) return;
      const wide = box.clientWidth - left - right;
      line.current.style.transform = `translateX(${left + ((at - span.fromMs) / (span.toMs - span.fromMs)) * wide}px)`;
    };
    move();
    return cursor.subscribe(move);
  }, [cursor, span, left, right]);

  const momentOf = (event: PointerEvent): number => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left - left) / Math.max(1, box.width - left - right);
    return Math.round(span.fromMs + Math.min(1, Math.max(0, share)) * (span.toMs - span.fromMs));
  };
  const [drag] = useState(createZoomDrag);
  const endDrag = (event: PointerEvent): void => {
    const fromMs = drag.end(event, frame.current);
    if (fromMs !== null) zoom?.to(fromMs, momentOf(event));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const factor = zoom === undefined ? undefined : ZOOM_KEYS[event.key];
    if (factor !== undefined) {
      event.preventDefault();
      return zoom?.around(cursor.get() ?? span.toMs, factor);
    }
    const direction = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (direction !== 0) {
      event.preventDefault();
      const next = (cursor.get() ?? span.toMs) + direction * stepMs;
      cursor.set(Math.min(span.toMs, Math.max(span.fromMs, next)));
    } else if (event.key === 'Enter') onPick?.(cursor.get() ?? span.toMs);
    else if (event.key === 'Escape') cursor.set(null);
  };
  return (
    <div
      ref={surface}
      className={className === undefined ? classes['surface'] : `${classes['surface']} ${className}`}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-orientation="horizontal"
      aria-valuemin={Math.round(span.fromMs / 1_000)}
      aria-valuemax={Math.round(span.toMs / 1_000)}
      aria-valuenow={Math.round(span.toMs / 1_000)}
      aria-valuetext={valueText ?? label}
      data-picks={onPick ? true : undefined}
      onPointerDown={(event) => zoom !== undefined && drag.begin(event, momentOf(event))}
      onPointerMove={(event) => {
        cursor.set(momentOf(event));
        drag.move(event, frame.current);
      }}
      onPointerUp={endDrag}
      onPointerCancel={endDrag}
      onPointerLeave={() => cursor.set(null)}
      onDoubleClick={zoom?.reset}
      onClick={(event) => {
        if (!drag.hasDragged) onPick?.(cursor.get() ?? momentOf(event as unknown as PointerEvent));
      }}
      onKeyDown={onKeyDown}
      onBlur={() => cursor.set(null)}
    >
      {children}
      {zoom !== undefined && <div ref={frame} className={classes['drag']} aria-hidden="true" />}
      <div ref={line} className={classes['cursor']} aria-hidden="true" />
    </div>
  );
}

/** How much wider the span becomes. */
const ZOOM_KEYS: Readonly<Record<string, number>> = { '+': 0.5, '=': 0.5, '-': 2, _: 2 };
