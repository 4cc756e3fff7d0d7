/** A stretch of a chart that is being dragged over: the frame is moved by hand, as the cursor is, and nothing is redrawn before the end. */
import type { PointerEvent } from 'react';

export interface ZoomDrag {
  begin(event: PointerEvent, atMs: number): void;
  move(event: PointerEvent, frame: HTMLElement | null): void;
  /** Where it began; null: it was no drag, or it was called off. */
  end(event: PointerEvent, frame: HTMLElement | null): number | null;
  /** The press that has just ended was a drag, and no click. */
  readonly hasDragged: boolean;
}

/** Below this a hand has only trembled. */
const DRAG_PX_MIN = 5;

export function createZoomDrag(): ZoomDrag {
  let start: { readonly x: number; readonly atMs: number } | null = null;
  let dragged = false;
  return {
    get hasDragged() {
      return dragged;
    },
    begin(event, atMs) {
      dragged = false;
      start = event.button === 0 ? { x: event.clientX, atMs } : null;
    },
    move(event, frame) {
      if (start === null || frame === null) return;
      if (Math.abs(event.clientX - start.x) < DRAG_PX_MIN && !dragged) return;
      if (!dragged) event.currentTarget.setPointerCapture(event.pointerId);
      dragged = true;
      const { left } = event.currentTarget.getBoundingClientRect();
      frame.style.opacity = '1';
      frame.style.left = `${Math.min(start.x, event.clientX) - left}px`;
      frame.style.width = `${Math.abs(event.clientX - start.x)}px`;
    },
    end(event, frame) {
      const from = start;
      start = null;
      if (frame !== null) frame.style.opacity = '0';
      return from === null || !dragged || event.type === 'pointercancel' ? null : from.atMs;
    },
  };
}
