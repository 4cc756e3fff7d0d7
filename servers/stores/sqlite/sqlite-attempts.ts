/** Engagement attempts in a history file: a row a step, folded when they are asked for. */
import type Database from 'better-sqlite3';
import { foldAttempt, type AttemptTelling } from '#core/engagement/attempt-tellings.ts';
import { cutListing, listingOf, type HistoryRange, type Placed } from '#core/visits/history-order.ts';
import type { EngagementAttemptRecord } from '#core/visits/history-records.ts';
import type { HistoryListing } from '#ports/history.ts';

export class SqliteAttempts {
  readonly #statements: ReturnType<typeof prepareAll>;

  constructor(database: Database.Database, limitIndexing: boolean) {
    database.exec(
      limitIndexing
        ? 'DROP INDEX IF EXISTS attempts_by_time'
        : 'CREATE INDEX IF NOT EXISTS attempts_by_time ON attempts (created_at, attempt_id)',
    );
    this.#statements = prepareAll(database);
  }

  put(telling: AttemptTelling, expiresAt: number, now: number): void {
    const { attemptId, step, at } = telling;
    const moved = telling.kind === 'moved' ? telling : null;
    const of = [moved?.visitId ?? null, moved?.identityId ?? null, moved?.createdAt ?? null] as const;
    this.#statements.put.run(attemptId, step, at, ...of, expiresAt, JSON.stringify(telling), now);
  }

  get(attemptId: string, now: number): EngagementAttemptRecord | null {
    return foldAttempt(this.#statements.tellings.all(attemptId, now).map((body) => JSON.parse(body) as AttemptTelling));
  }

  /** Those of some visits that `isListed`. */
  ofVisits(
    visitIds: readonly string[],
    isListed: (record: EngagementAttemptRecord) => boolean,
    range: HistoryRange,
    now: number,
  ): HistoryListing<EngagementAttemptRecord> {
    const ids = visitIds.flatMap((visitId) => this.#statements.ofVisit.all(visitId));
    return listingOf(
      this.#placed(ids, now).filter(({ record }) => isListed(record)),
      range,
    );
  }

  all(range: HistoryRange, now: number): HistoryListing<EngagementAttemptRecord> {
    const { since = -Infinity, limit } = range;
    let after = range.after ?? { at: Infinity, id: '' };
    const placed: Placed<EngagementAttemptRecord>[] = [];
    while (placed.length <= limit) {
      const rows = this.#statements.newest.all(since, after.at, after.at, after.id, limit + 1);
      const last = rows.at(-1);
      placed.push(
        ...this.#placed(
          rows.map(({ id }) => id),
          now,
        ),
      );
      if (last === undefined) break;
      after = last;
    }
    return cutListing(placed, limit);
  }

  /** Of visits, and those that name the identity elsewhere. */
  erase(visitIds: readonly string[], identity: string): number {
    const ids = new Set(visitIds.flatMap((visitId) => this.#statements.ofVisit.all(visitId)));
    for (const id of this.#statements.ofIdentity.all(identity)) ids.add(id);
    let erased = 0;
    for (const id of ids) erased += this.#statements.erase.run(id).changes;
    return erased;
  }

  /** How many of the oldest have gone. */
  sweep(now: number, rowsMax: number): number {
    return this.#statements.sweep.run(now, rowsMax).changes;
  }

  #placed(ids: readonly string[], now: number): readonly Placed<EngagementAttemptRecord>[] {
    return ids.flatMap((id) => {
      const record = this.get(id, now);
      return record === null ? [] : [{ at: record.createdAt, id, record }];
    });
  }
}

type Put = [string, number, number, string | null, string | null, number | null, number, string, number];

function prepareAll(database: Database.Database) {
  const ids = (where: string): Database.Statement<[string], string> =>
    database.prepare<[string], string>(`SELECT DISTINCT attempt_id FROM attempts WHERE ${where} = ?`).pluck();
  return {
    put: database.prepare<Put>(
      `INSERT INTO attempts (attempt_id, step, at, visit_id, identity, created_at, expires_at, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (attempt_id, step) DO UPDATE
       SET at = excluded.at, visit_id = excluded.visit_id, identity = excluded.identity,
         created_at = excluded.created_at, expires_at = excluded.expires_at, body = excluded.body
       WHERE excluded.at >= attempts.at OR attempts.expires_at <= ?`,
    ),
    tellings: database
      .prepare<[string, number], string>('SELECT body FROM attempts WHERE attempt_id = ? AND expires_at > ?')
      .pluck(),
    ofVisit: ids('visit_id'),
    ofIdentity: ids('identity'),
    newest: database.prepare<[number, number, number, string, number], { at: number; id: string }>(
      `SELECT DISTINCT created_at AS at, attempt_id AS id FROM attempts
       WHERE created_at >= ? AND created_at <= ? AND (created_at < ? OR attempt_id < ?)
       ORDER BY created_at DESC, attempt_id DESC LIMIT ?`,
    ),
    erase: database.prepare<[string]>('DELETE FROM attempts WHERE attempt_id = ?'),
    sweep: database.prepare<[number, number]>(
      `DELETE FROM attempts WHERE (attempt_id, step) IN
         (SELECT attempt_id, step FROM attempts WHERE expires_at <= ? LIMIT ?)`,
    ),
  };
}
