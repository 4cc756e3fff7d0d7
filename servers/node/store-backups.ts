/**
 * Backups of a store node as time goes by and on demand, and what it says of them: the next one when the last good one is old enough,
 * `POST /store/backups` for one now, `POST /store/damage/acknowledge` for who has read what was found damaged.
 */
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Backup, BackupPlan, DamageReport, StoreKeeper } from '#ports/backups.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { errorReplySchema } from '#protocol/wire-about.ts';
import { toJsonSchema } from '#protocol/wire-events-fields.ts';
import { guardBySecret } from './secret-guard.ts';
import type { NodeMetrics } from './node-metrics.ts';
import { commitFaultOf } from './store-commits.ts';
import type { StoreNotice } from './store-wire.ts';

/** After a start, and after a backup that failed. */
const FIRST_MS = 5_000;
const RETRY_MS = 60_000;
/** Timers are no longer than that; asked again when it is over. */
const TIMER_MS_MAX = 3_600_000;

export interface StoreBackupsParts {
  readonly keeper: StoreKeeper;
  /** Undefined: none are made. */
  readonly plan: BackupPlan | undefined;
  /** When the newest good backup was made, epoch ms; null: there is none. */
  readonly newestAt: number | null;
  readonly notify: (notice: StoreNotice) => void;
  /** The damage reports that nobody has acknowledged, whenever they change. */
  readonly onDamage: (reports: readonly DamageReport[]) => void;
  /** Why the last backup failed; null: it didn't. */
  readonly onBackup: (failure: string | null) => void;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly wallMs?: () => number;
}

export class StoreBackups {
  readonly #parts: StoreBackupsParts;
  readonly #wallMs: () => number;
  #newestAt: number | null;
  #underWay: Promise<Backup> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #made = 0;
  #failed = 0;
  #mark = 0;
  #stopping = false;

  constructor(parts: StoreBackupsParts) {
    this.#parts = parts;
    this.#wallMs = parts.wallMs ?? Date.now;
    this.#newestAt = parts.newestAt;
    this.#plan(FIRST_MS);
  }

  /** One backup at a time: who asks meanwhile gets the one that is under way. Rejects with a `StoreFault`. */
  make(): Promise<Backup> {
    this.#underWay ??= this.#make().finally(() => (this.#underWay = undefined));
    return this.#underWay;
  }

  /** Tells what stands in the damage reports that nobody has acknowledged. */
  tellDamage(): void {
    const { keeper, onDamage, notify } = this.#parts;
    onDamage(keeper.damage);
    notify({ notice: 'degraded', reason: describeDamage(keeper.damage) });
  }

  /** Breaks off what is under way. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    await this.#parts.keeper.stop();
  }

  addMetrics(metrics: NodeMetrics): void {
    const age = (): number => (this.#newestAt === null ? -1 : (this.#wallMs() - this.#newestAt) / 1_000);
    metrics.gauge(
      'store_backup_age_seconds',
      'Since the moment of the newest good backup; -1: there is none.',
      {},
      age,
    );
    metrics.gauge('store_backups', 'Backups made since the start.', { outcome: 'good' }, () => this.#made);
    metrics.gauge('store_backups', 'Backups made since the start.', { outcome: 'failed' }, () => this.#failed);
    const open = (): number => this.#parts.keeper.damage.length;
    metrics.gauge('store_damage_reports', 'Damaged files that nobody has acknowledged.', {}, open);
  }

  addRoutes(app: FastifyInstance, secret: string): void {
    const error = toJsonSchema(errorReplySchema);
    const schema = { tags: ['store'], security: [{ nodeSecret: [] }], response: { 401: error, 503: error } };
    const onRequest = guardBySecret(secret, 'this installation');
    app.post('/store/backups', { schema: { ...schema, summary: 'Makes a backup now' }, onRequest }, async () => {
      try {
        return await this.make();
      } catch (thrown) {
        throw new OperatingError('UNAVAILABLE', commitFaultOf(thrown).message);
      }
    });
    const summary = 'Takes note of the damage that was found';
    app.post('/store/damage/acknowledge', { schema: { ...schema, summary }, onRequest }, () => {
      const { keeper, log } = this.#parts;
      const acknowledged = keeper.damage;
      keeper.acknowledge();
      this.tellDamage();
      log.info({ reports: acknowledged.length }, 'damage acknowledged');
      return { acknowledged };
    });
  }

  async #make(): Promise<Backup> {
    const { keeper, notify, onBackup, log } = this.#parts;
    let mark = 0;
    try {
      const backup = await keeper.makeBackup(() => {
        this.#mark += 1;
        mark = this.#mark;
        notify({ notice: 'backupBegun', mark });
      });
      this.#made += 1;
      this.#newestAt = backup.madeAt;
      notify({ notice: 'backupGood', mark });
      onBackup(null);
      log.info({ backup: backup.name, bytes: backup.bytes }, 'backup made');
      return backup;
    } catch (thrown) {
      if (this.#stopping) throw thrown;
      this.#failed += 1;
      const fault = commitFaultOf(thrown);
      onBackup(`the last backup failed: ${fault.message}`);
      log.warn(fault, 'backup failed');
      throw thrown;
    }
  }

  /** The next one, at the earliest in `leastMs`. */
  #plan(leastMs: number): void {
    const everyMs = this.#parts.plan?.everyMs ?? null;
    if (everyMs === null || this.#stopping) return;
    const dueMs = Math.max(leastMs, (this.#newestAt ?? -Infinity) + everyMs - this.#wallMs());
    const isDue = dueMs <= TIMER_MS_MAX;
    this.#timer = setTimeout(() => void (isDue ? this.#makePlanned() : this.#plan(0)), Math.min(dueMs, TIMER_MS_MAX));
    this.#timer.unref();
  }

  async #makePlanned(): Promise<void> {
    try {
      await this.make();
      this.#plan(0);
    } catch {
      // It has been told and counted.
      this.#plan(RETRY_MS);
    }
  }
}

/** One sentence for each file, and what it means; null: nothing was damaged. */
export function describeDamage(reports: readonly DamageReport[]): string | null {
  if (reports.length === 0) return null;
  return reports.map(describeReport).join('; ');
}

function describeReport({ file, foundAt, setAside, backup }: DamageReport): string {
  const found = new Date(foundAt).toISOString();
  const aside = `${file} was damaged (found ${found}, set aside as ${setAside})`;
  if (backup === null) return `${aside} and begun anew, as no backup was good: what it held before is missing`;
  const from = new Date(backup.madeAt).toISOString();
  return `${aside} and replaced by the backup of ${from}: what was stored from then until ${found} may be missing`;
}
