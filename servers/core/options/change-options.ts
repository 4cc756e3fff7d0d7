/** What a change of configuration does to a running server: some options take effect at once, the others after a restart. */
import { ResolvedOptions, type OptionEntry } from './resolved-options.ts';

export interface OptionChange {
  /** In force from now on: the new values of what takes effect immediately, the running ones of all else. */
  readonly inForce: ResolvedOptions;
  /** Paths of what has just changed. */
  readonly changed: readonly string[];
  /** Paths of what will have changed after a restart. */
  readonly afterRestart: readonly string[];
}

export function changeOptions(running: ResolvedOptions, next: ResolvedOptions): OptionChange {
  const changed: string[] = [];
  const afterRestart: string[] = [];
  const entries: OptionEntry[] = [];
  for (const entry of next.entries()) {
    const before = running.has(entry.path) ? running.entry(entry.path) : undefined;
    const same = before?.raw === entry.raw;
    const waits = !same && entry.option.takesEffect === 'after restart';
    if (waits) afterRestart.push(entry.path);
    else if (!same) changed.push(entry.path);
    if (!waits) entries.push(entry);
    else if (before !== undefined) entries.push(before);
  }
  // Only an end point can be there no more, and those change at once: queueKey, which names one, does too.
  for (const entry of running.entries()) if (!next.has(entry.path)) changed.push(entry.path);
  return { inForce: new ResolvedOptions(running.fidelity, entries, next.notes), changed, afterRestart };
}
