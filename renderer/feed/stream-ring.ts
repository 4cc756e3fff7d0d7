/** The newest items of the event stream, oldest first, in bounded memory. */
import type { StreamItem } from '#protocol/run-feed.ts';

export interface StreamRing {
  append(items: readonly StreamItem[]): void;
  clear(): void;
  /** Oldest first; not to be changed. Another array after each `append`. */
  items(): readonly StreamItem[];
}

/** Keeps at least `kept` items; lets a tenth more gather before it cuts, so that appending stays cheap. */
export function createStreamRing(kept: number): StreamRing {
  let items: StreamItem[] = [];
  return {
    append(more) {
      items = items.concat(more);
      if (items.length > kept * 1.1) items = items.slice(-kept);
    },
    clear() {
      items = [];
    },
    items: () => items,
  };
}
