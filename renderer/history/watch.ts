/**
 * What is known of a part of the history and kept up to date: it is read when somebody begins to look, again when asked to, and not while
 * it is being read. What could not be read leaves what was known.
 */
import { useEffect, useSyncExternalStore } from 'react';
import { HistoryRefusal } from '#renderer/history/history-client.ts';

export abstract class Watch<V> {
  readonly #listeners = new Set<() => void>();
  #view: V;
  #abort: AbortController | null = null;
  #reading: Promise<void> | null = null;

  constructor(view: V) {
    this.#view = view;
  }

  readonly view = (): V => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  open(): void {
    this.#abort = new AbortController();
    this.#reading = null;
    void this.refresh();
  }

  close(): void {
    this.#abort?.abort();
    this.#abort = null;
  }

  /** Reads it anew; never rejects. */
  readonly refresh = (): Promise<void> => this.during((signal) => this.read(signal), 'leave');

  protected abstract read(signal: AbortSignal): Promise<void>;

  /** The view with what could not be read. */
  protected abstract refuse(view: V, refusal: HistoryRefusal): V;

  protected set(view: V): void {
    this.#view = view;
    for (const listener of this.#listeners) listener();
  }

  /** One reading at a time: what comes meanwhile waits for it, or is left out. */
  protected async during(read: (signal: AbortSignal) => Promise<void>, whenBusy: 'wait' | 'leave'): Promise<void> {
    while (this.#reading !== null) {
      if (whenBusy === 'leave') return;
      await this.#reading;
    }
    const abort = this.#abort;
    if (abort === null) return;
    const reading = this.#carryOut(read, abort.signal);
    this.#reading = reading;
    await reading;
    if (this.#reading === reading) this.#reading = null;
  }

  async #carryOut(read: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    try {
      await read(signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof HistoryRefusal)) throw error;
      this.set(this.refuse(this.#view, error));
    }
  }
}

/** What `watch` knows; read again every `everyMs` while the page is in sight, null: only once. */
export function useWatch<V>(watch: Watch<V>, everyMs: number | null): V {
  const view = useSyncExternalStore(watch.subscribe, watch.view);
  useEffect(() => {
    watch.open();
    return () => watch.close();
  }, [watch]);
  useEffect(() => {
    if (everyMs === null) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void watch.refresh();
    }, everyMs);
    return () => clearInterval(timer);
  }, [watch, everyMs]);
  return view;
}
