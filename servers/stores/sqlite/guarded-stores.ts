/**
 * The SQLite stores as a node has them: damaged files are replaced by the newest good backup, backups are made while they serve, and
 * everything that was done about damage is kept and told until somebody acknowledges it.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { OperationsRow } from '#core/effects.ts';
import { tellingsOf, type AttemptTelling } from '#core/engagement/attempt-tellings.ts';
import type { ErasedIdentity } from '#core/engagement/erasable-rows.ts';
import type { StoreBatch } from '#core/messages.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import type { Backup, DamageReport, StoreKeeper } from '#ports/backups.ts';
import type {
  Erasure,
  HistoryEntity,
  HistoryListing,
  HistoryRange,
  HistoryRecords,
  HistoryScope,
  HistorySettings,
  RowCounts,
} from '#ports/history.ts';
import type { ClaimOutcome, HistoryCounts, HistoryStore, OperationsKind, OperationsStore } from '#ports/stores.ts';
import { listBackups, stampOf } from './backup-folder.ts';
import { makeBackup } from './backup-thread.ts';
import { GuardedStore } from './guarded-store.ts';
import { HISTORY_FILE } from './read-events.ts';
import { acknowledgeDamage, finishRestoring, readDamage, replaceDamaged } from './restore-file.ts';
import { SqliteFault } from './sqlite-fault.ts';
import { SqliteHistory } from './sqlite-history.ts';
import { OPERATIONS_FILE, SqliteOperations } from './sqlite-operations.ts';

/** Operations first: a backup's history knows at least what its operations rest on, also where a moment is missed. */
const FILES = [OPERATIONS_FILE, HISTORY_FILE];
/** Tellings of one transaction. */
const TELLINGS_AT_ONCE = 1_000;

export interface GuardedStoresOptions {
  /** Of the files; must exist and have one user. */
  readonly folder: string;
  readonly settings: HistorySettings;
  /** Where backups are, and how many good ones are kept; null: there are none, and none can be made. */
  readonly backups: { readonly folder: string; readonly keep: number } | null;
  /** Told when a damaged file has been replaced, at the opening or later. */
  readonly onDamage: (report: DamageReport) => void;
}

export interface GuardedStores {
  readonly history: HistoryStore;
  readonly operations: OperationsStore;
  readonly keeper: StoreKeeper;
}

/** Opens or creates the files; throws a `StoreFault`. */
export function openGuardedStores(options: GuardedStoresOptions): GuardedStores {
  const operations = guard(
    options,
    OPERATIONS_FILE,
    (path) => new SqliteOperations(path),
    () => undefined,
  );
  try {
    const retell = (history: SqliteHistory): void => tellAgain(history, operations.store, options.settings);
    const open = (path: string): SqliteHistory => new SqliteHistory(path, options.settings);
    const history = guard(options, HISTORY_FILE, open, retell);
    const keeper = new Keeper(options, operations);
    return { history: new GuardedHistory(history), operations: new GuardedOperations(operations), keeper };
  } catch (thrown) {
    operations.store.close();
    throw thrown;
  }
}

function guard<S extends { close(): void }>(
  { folder, settings, backups, onDamage }: GuardedStoresOptions,
  file: string,
  open: (path: string) => S,
  then: (store: S) => void,
): GuardedStore<S> {
  const now = (): number => settings.clock.wallMs();
  finishRestoring(folder, file, `${file}.before-${stampOf(now())}`);
  return new GuardedStore({
    open: () => {
      if (backups !== null) refuseEmptied(join(folder, file), backups.folder);
      return open(join(folder, file));
    },
    replace: (why, without) =>
      replaceDamaged({ folder, file, why, at: now(), backups: backups?.folder ?? null, without }),
    onReplaced: (report, store) => {
      onDamage(report);
      then(store);
    },
  });
}

/** To SQLite a file without a byte is a new one; where there are backups it was none. */
function refuseEmptied(path: string, backups: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.size !== 0 || listBackups(backups).length === 0) return;
  throw new SqliteFault('corrupt', `${path} is empty, and there are backups of it`);
}

/** What an older history has not heard of the engagement attempts, the newest row of each still tells. */
function tellAgain(history: SqliteHistory, operations: SqliteOperations, settings: HistorySettings): void {
  const since = settings.clock.domainMs() - settings.retentionMs.engagementattempt;
  const tellings = tellingsOf(operations.rows(['interaction', 'chat']).filter(({ at }) => at >= since));
  for (let i = 0; i < tellings.length; i += TELLINGS_AT_ONCE) history.tell(tellings.slice(i, i + TELLINGS_AT_ONCE));
}

class Keeper implements StoreKeeper {
  readonly #options: GuardedStoresOptions;
  readonly #operations: GuardedStore<SqliteOperations>;
  readonly #ending = new AbortController();
  #underWay: Promise<Backup> | undefined;

  constructor(options: GuardedStoresOptions, operations: GuardedStore<SqliteOperations>) {
    this.#options = options;
    this.#operations = operations;
  }

  get lineage(): string {
    return this.#operations.store.lineage;
  }

  get damage(): readonly DamageReport[] {
    return readDamage(this.#options.folder).filter(({ acknowledgedAt }) => acknowledgedAt === null);
  }

  acknowledge(): void {
    acknowledgeDamage(this.#options.folder, this.#options.settings.clock.wallMs());
  }

  async makeBackup(onMoment: () => void): Promise<Backup> {
    const { folder: store, backups } = this.#options;
    if (this.#ending.signal.aborted) throw new SqliteFault('unavailable', 'the store is being closed');
    if (backups === null) throw new SqliteFault('unavailable', 'no folder for backups is configured');
    if (this.#underWay !== undefined) throw new SqliteFault('busy', 'another backup is being made');
    const making = makeBackup({
      store,
      files: FILES,
      backups: backups.folder,
      keep: backups.keep,
      onMoment,
      signal: this.#ending.signal,
    });
    this.#underWay = making;
    return making.finally(() => (this.#underWay = undefined));
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await Promise.allSettled([this.#underWay]);
  }
}

class GuardedOperations implements OperationsStore {
  readonly #guarded: GuardedStore<SqliteOperations>;

  constructor(guarded: GuardedStore<SqliteOperations>) {
    this.#guarded = guarded;
  }

  put(rows: readonly OperationsRow[]): Promise<void> {
    return this.#guarded.ask((store) => store.put(rows));
  }

  recover(kinds?: readonly OperationsKind[]): Promise<readonly OperationsRow[]> {
    return this.#guarded.ask((store) => store.recover(kinds));
  }

  claim(key: string, claimant: string): Promise<ClaimOutcome> {
    return this.#guarded.ask((store) => store.claim(key, claimant));
  }

  erase(whom: ErasedIdentity): Promise<Erasure> {
    return this.#guarded.ask((store) => store.erase(whom));
  }

  close(): void {
    this.#guarded.store.close();
  }
}

class GuardedHistory implements HistoryStore {
  readonly #guarded: GuardedStore<SqliteHistory>;

  constructor(guarded: GuardedStore<SqliteHistory>) {
    this.#guarded = guarded;
  }

  put(batches: readonly StoreBatch[]): Promise<void> {
    return this.#guarded.ask((store) => store.put(batches));
  }

  putAttempts(tellings: readonly AttemptTelling[]): Promise<void> {
    return this.#guarded.ask((store) => store.putAttempts(tellings));
  }

  pastOf(browserVisitID: string): Promise<readonly VisitEvent[]> {
    return this.#guarded.ask((store) => store.pastOf(browserVisitID));
  }

  eventIDs(after: string | null, limit: number): Promise<readonly string[]> {
    return this.#guarded.ask((store) => store.eventIDs(after, limit));
  }

  counts(): Promise<HistoryCounts> {
    return this.#guarded.ask((store) => store.counts());
  }

  get<E extends HistoryEntity>(entity: E, id: string): Promise<HistoryRecords[E] | null> {
    return this.#guarded.ask((store) => store.get(entity, id));
  }

  list<E extends HistoryEntity>(
    entity: E,
    scope: HistoryScope,
    range: HistoryRange,
  ): Promise<HistoryListing<HistoryRecords[E]>> {
    return this.#guarded.ask((store) => store.list(entity, scope, range));
  }

  erase(identityId: string): Promise<RowCounts> {
    return this.#guarded.ask((store) => store.erase(identityId));
  }

  sweep(): boolean {
    return this.#guarded.askNow((store) => store.sweep());
  }

  close(): void {
    this.#guarded.store.close();
  }
}
