/** Backups of the embedded store, and what is told of a file of it that was found damaged. Types alone. */

/** One file of a backup, as it was when the backup was found good. */
export interface BackupFile {
  readonly name: string;
  readonly bytes: number;
  /** Of the whole file, in hexadecimal digits. */
  readonly sha256: string;
  readonly schema: number;
}

/** All files of the store as they were at one moment: what was acknowledged before it is in them, what came later is not. */
export interface Backup {
  /** Of its folder: the moment, as 2026-11-30T07-55-00-000Z. */
  readonly name: string;
  /** That moment, epoch ms of the computer. */
  readonly madeAt: number;
  readonly bytes: number;
  readonly files: readonly BackupFile[];
}

/** A file of the store was damaged, and something else stands in its place. */
export interface DamageReport {
  readonly file: string;
  /** Epoch ms of the computer. */
  readonly foundAt: number;
  readonly why: string;
  /** The name that the damaged file has now, in the same folder. */
  readonly setAside: string;
  /** What it was replaced by; null: no backup was good, and the file was begun anew. */
  readonly backup: Pick<Backup, 'name' | 'madeAt'> | null;
  /** When somebody said that he knows; null: nobody has. */
  readonly acknowledgedAt: number | null;
}

/** What keeps a store's files safe beside its puts and questions. */
export interface StoreKeeper {
  /**
   * Which file of operations this is: another one after it was replaced, so that a client which was told of rows that are no longer
   * there can put them again.
   */
  readonly lineage: string;
  /** Reports that nobody has acknowledged, oldest first. */
  readonly damage: readonly DamageReport[];
  acknowledge(): void;
  /**
   * Fulfilled when the backup is on the disk and was found good. `onMoment` is called at its moment: what is acknowledged earlier is in
   * it; it may be called again where that moment was missed. Rejects with a `StoreFault`; earlier backups are as they were.
   */
  makeBackup(onMoment: () => void): Promise<Backup>;
  /** Breaks off what is under way; before the stores are closed. */
  stop(): Promise<void>;
}

/** When backups are made and how many are kept. */
export interface BackupPlan {
  readonly folder: string;
  /** From one to the next; null: only when somebody asks for one. */
  readonly everyMs: number | null;
  /** Good ones that stay, the newest. */
  readonly keep: number;
}
