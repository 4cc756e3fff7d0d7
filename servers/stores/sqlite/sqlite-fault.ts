/** What SQLite throws, as the fault that the store ports speak of. */
import { SqliteError } from 'better-sqlite3';
import type { StoreFault, StoreFaultCode } from '#ports/stores.ts';

/** Result codes begin with these; extended ones (SQLITE_IOERR_WRITE, SQLITE_BUSY_SNAPSHOT) carry on after them. */
const FAULTS: readonly (readonly [prefix: string, fault: StoreFaultCode])[] = [
  ['SQLITE_FULL', 'full'],
  ['SQLITE_IOERR', 'io'],
  ['SQLITE_CANTOPEN', 'io'],
  ['SQLITE_READONLY', 'io'],
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_CORRUPT', 'corrupt'],
  ['SQLITE_NOTADB', 'corrupt'],
];

export class SqliteFault extends Error implements StoreFault {
  readonly fault: StoreFaultCode;

  constructor(fault: StoreFaultCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'SqliteFault';
    this.fault = fault;
  }
}

/** Anything thrown while `file` was used, as a fault that names the file; a fault stays what it is. */
export function describeFault(thrown: unknown, file: string): SqliteFault {
  if (thrown instanceof SqliteFault) return thrown;
  if (!(thrown instanceof SqliteError))
    return new SqliteFault(faultOfFile(thrown), `${file}: ${String(thrown)}`, thrown);
  const fault = FAULTS.find(([prefix]) => thrown.code.startsWith(prefix))?.[1] ?? 'unknown';
  return new SqliteFault(fault, `${file}: ${thrown.message} (${thrown.code})`, thrown);
}

/** Of what Node throws where files are copied or renamed. */
function faultOfFile(thrown: unknown): StoreFaultCode {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'full';
  return typeof code === 'string' && /^E[A-Z]+$/.test(code) ? 'io' : 'unknown';
}
