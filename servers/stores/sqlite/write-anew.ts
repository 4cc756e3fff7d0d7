/**
 * Writes a table anew in the order of its keys. Where rows come in no order their pages are split and joined, and copies of rows stay
 * in the free space of pages whatever is deleted, `secure_delete` or not: only this takes them away.
 */
import type Database from 'better-sqlite3';

/** Inside a transaction of the caller's, with `secure_delete` on. Costs as much as the table is large. */
export function writeAnew(database: Database.Database, table: string): void {
  database.exec(`
    CREATE TEMP TABLE kept AS SELECT * FROM main.${table};
    DELETE FROM main.${table};
    INSERT INTO main.${table} SELECT * FROM temp.kept;
    DROP TABLE temp.kept;
  `);
}
