/**
 * One file of the store under guard: where it turns out to be damaged, at its opening or later, it is replaced, and the question that
 * found it is asked again of what stands in its place.
 */
import type { DamageReport } from '#ports/backups.ts';
import type { StoreFault } from '#ports/stores.ts';

/** How often one process replaces a file: a disk that damages file after file is not helped by more of them. */
const REPLACED_MAX = 3;

export interface GuardedFile<S> {
  /** Opens or creates it; throws a `StoreFault`. */
  readonly open: () => S;
  /** Puts another file in its place, none that was `tried`; throws a `StoreFault` where it can't. */
  readonly replace: (why: string, tried: ReadonlySet<string>) => DamageReport;
  /** Told afterwards, when the other file is open. */
  readonly onReplaced: (report: DamageReport, store: S) => void;
}

export class GuardedStore<S extends { close(): void }> {
  readonly #file: GuardedFile<S>;
  readonly #tried = new Set<string>();
  #replaced = 0;
  #store: S;

  /** Throws a `StoreFault`. */
  constructor(file: GuardedFile<S>) {
    this.#file = file;
    this.#store = this.#open();
  }

  get store(): S {
    return this.#store;
  }

  async ask<T>(question: (store: S) => Promise<T>): Promise<T> {
    const store = this.#store;
    try {
      return await question(store);
    } catch (thrown) {
      this.#mend(store, thrown);
      return question(this.#store);
    }
  }

  askNow<T>(question: (store: S) => T): T {
    const store = this.#store;
    try {
      return question(store);
    } catch (thrown) {
      this.#mend(store, thrown);
      return question(this.#store);
    }
  }

  #open(): S {
    let report: DamageReport | undefined;
    for (;;) {
      try {
        const store = this.#file.open();
        if (report !== undefined) this.#file.onReplaced(report, store);
        return store;
      } catch (thrown) {
        if (!isDamage(thrown) || this.#replaced === REPLACED_MAX) throw thrown;
        report = this.#replace(thrown.message);
      }
    }
  }

  /** Throws what was thrown where it does not say that the file is damaged, or where nothing more can be done about it. */
  #mend(store: S, thrown: unknown): void {
    // Another question has found it out meanwhile.
    if (isDamage(thrown) && store !== this.#store) return;
    if (!isDamage(thrown) || this.#replaced === REPLACED_MAX) throw thrown;
    try {
      store.close();
    } catch {
      // Damaged as it is, it could not even be marked as closed.
    }
    const report = this.#replace(thrown.message);
    this.#store = this.#open();
    this.#file.onReplaced(report, this.#store);
  }

  #replace(why: string): DamageReport {
    this.#replaced += 1;
    const report = this.#file.replace(why, this.#tried);
    if (report.backup !== null) this.#tried.add(report.backup.name);
    return report;
  }
}

function isDamage(thrown: unknown): thrown is StoreFault {
  return thrown instanceof Error && (thrown as Partial<StoreFault>).fault === 'corrupt';
}
