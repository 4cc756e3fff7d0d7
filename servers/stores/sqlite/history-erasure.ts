/** The right to erasure in a history file: an identity, the visits that name it, and all they hold. */
import type Database from 'better-sqlite3';
import type { RowCounts } from '#ports/history.ts';
import type { EventSlice } from './event-slice.ts';
import type { EventSlices } from './event-slices.ts';
import type { SqliteAttempts } from './sqlite-attempts.ts';
import { writeAnew } from './write-anew.ts';

/** Inside a transaction of the caller's. What it deletes is overwritten with zeros in the file. */
export function eraseIdentity(
  database: Database.Database,
  slices: EventSlices,
  attempts: SqliteAttempts,
  identity: string,
): RowCounts {
  const visits = slices.naming(identity);
  const taken = (sql: string, value: number | string): number => database.prepare(sql).run(value).changes;
  const erased = { events: 0, visits: 0, visit_slices: 0, identity_visits: 0, attempts: 0 };
  erased.attempts = attempts.erase(
    visits.map(({ visitId }) => visitId),
    identity,
  );
  const touched = new Set<EventSlice>();
  for (const visit of visits) {
    for (const slice of slices.of(visit)) {
      erased.events += slice.eraseVisit(visit.no);
      touched.add(slice);
    }
    erased.visit_slices += taken('DELETE FROM visit_slices WHERE visit = ?', visit.no);
    erased.identity_visits += taken('DELETE FROM identity_visits WHERE visit = ?', visit.no);
    erased.visits += taken('DELETE FROM visits WHERE no = ?', visit.no);
  }
  for (const slice of touched) slice.writeAnew();
  if (erased.attempts > 0) writeAnew(database, 'attempts');
  if (erased.identity_visits > 0) writeAnew(database, 'identity_visits');
  return erased;
}
