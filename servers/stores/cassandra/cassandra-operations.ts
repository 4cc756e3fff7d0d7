/**
 * The contact center's rows and claims in Cassandra: the newest row of each (kind, id) as JSON. A put reads what is there and
 * writes what is newer; puts of one process go one after the other, so that no row overtakes another.
 */
import type { OperationsRow } from '#core/effects.ts';
import {
  countRows,
  decideErasure,
  isVisitorRow,
  VISITOR_KINDS,
  type ErasedIdentity,
} from '#core/engagement/erasable-rows.ts';
import type { Erasure } from '#ports/history.ts';
import type { ClaimOutcome, OperationsKind, OperationsStore } from '#ports/stores.ts';
import { CassandraFault } from './cassandra-fault.ts';
import type { CassandraRow, CassandraSession, Statement } from './cassandra-session.ts';
import { inSlices } from './in-groups.ts';
import { shardOf } from './shard-of.ts';
import type { StoredClock } from './stored-clock.ts';

const ROW_SHARDS = 16;
const ALL_SHARDS = Array.from({ length: ROW_SHARDS }, (_, shard) => shard);
const KINDS: Readonly<Record<OperationsKind, true>> = {
  deployment: true,
  deploymentOutcome: true,
  pacingCommand: true,
  reactive: true,
  interaction: true,
  chat: true,
  agent: true,
  contact: true,
  pacer: true,
};
/** Of rows that become stored together; Cassandra refuses a batch over several partitions from 50 KiB on. */
const TOGETHER_CHARS_MAX = 16 * 1024;
const TOGETHER_ROWS_MAX = 50;

/** A (kind, id)'s newest row, as it is stored or about to be. */
interface Kept {
  readonly kind: OperationsKind;
  readonly id: string;
  readonly at: number;
  readonly step: number | null;
  /** When it was stored, µs. */
  readonly changeUs: number;
  readonly body: string;
}

export class CassandraOperations implements OperationsStore {
  readonly #session: CassandraSession;
  readonly #clock: StoredClock;
  readonly #queries: ReturnType<typeof writeQueries>;
  /** Fulfilled when the put before has ended, well or not. */
  #lastPut: Promise<void> = Promise.resolve();
  /** Claims under way: whoever asks meanwhile shares the answer, as there is one winner for ever. */
  readonly #deciding = new Map<string, Promise<string>>();

  constructor(session: CassandraSession, clock: StoredClock) {
    this.#session = session;
    this.#clock = clock;
    this.#queries = writeQueries(session.keyspace);
    session.open();
  }

  put(rows: readonly OperationsRow[]): Promise<void> {
    return this.#session.call(() => this.#inTurn(() => this.#store(rows)));
  }

  recover(kinds?: readonly OperationsKind[]): Promise<readonly OperationsRow[]> {
    return this.#session.call(async () => {
      const kept = await this.#readAll(kinds ?? (Object.keys(KINDS) as OperationsKind[]));
      return kept
        .toSorted((one, other) => one.at - other.at || one.changeUs - other.changeUs)
        .map(({ body }) => JSON.parse(body) as OperationsRow);
    });
  }

  claim(key: string, claimant: string): Promise<ClaimOutcome> {
    return this.#session.call(async () => ((await this.#winnerOf(key, claimant)) === claimant ? 'won' : 'lost'));
  }

  erase(whom: ErasedIdentity): Promise<Erasure> {
    return this.#session.call(() => this.#inTurn(() => this.#erase(whom)));
  }

  close(): void {
    this.#session.close();
  }

  /** After the put before has ended, well or not. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#lastPut.then(work);
    this.#lastPut = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  async #readAll(kinds: readonly OperationsKind[]): Promise<readonly Kept[]> {
    const parts = await Promise.all(
      [...new Set(kinds)].flatMap((kind) =>
        ALL_SHARDS.map((shard) => this.#session.read({ query: this.#queries.all, params: [kind, shard] })),
      ),
    );
    return parts.flat().map(parseKept);
  }

  /** What a failed erasure has left is found by the next. A removal is younger than every row that was there. */
  async #erase(whom: ErasedIdentity): Promise<Erasure> {
    const kept = await this.#readAll(VISITOR_KINDS);
    const rows = kept.map(({ body }) => JSON.parse(body) as OperationsRow).filter(isVisitorRow);
    const { gone, left } = decideErasure(whom, rows);
    const latestUs = kept.reduce((latest, { changeUs }) => Math.max(latest, changeUs), 0);
    const stampUs = this.#clock.take(1, latestUs);
    for (const together of inSlices(gone)) {
      const removals = together.map(({ kind, id }) => ({
        query: this.#queries.remove,
        params: [kind, shardOf(id, ROW_SHARDS), id],
      }));
      await this.#session.writeAllOrNone(removals, stampUs);
    }
    return { erased: countRows(gone), inProgress: countRows(left) };
  }

  async #winnerOf(key: string, claimant: string): Promise<string> {
    const underWay = this.#deciding.get(key);
    if (underWay !== undefined) return underWay;
    const decision = this.#session
      .decide({ query: this.#queries.claim, params: ['once', key, claimant] })
      .then((winner) => (winner === null ? claimant : String(winner['claimant'])))
      .finally(() => this.#deciding.delete(key));
    this.#deciding.set(key, decision);
    return decision;
  }

  async #store(rows: readonly OperationsRow[]): Promise<void> {
    const known = await this.#readKnown(rows);
    const changed = new Map<string, Kept>();
    const latestUs = Math.max(0, ...[...known.values()].map(({ changeUs }) => changeUs));
    let changeUs = this.#clock.take(rows.length, latestUs);
    for (const row of rows) {
      const key = keyOf(row);
      const kept = changed.get(key) ?? known.get(key);
      const next: Kept = { ...keptOf(row), changeUs };
      changeUs += 1;
      if (kept !== undefined && (!isNewer(next, kept) || next.body === kept.body)) continue;
      // In the order of its newest change.
      changed.delete(key);
      changed.set(key, next);
    }
    await this.#write([...changed.values()]);
  }

  /** The rows of these ids as they are stored now. */
  async #readKnown(rows: readonly OperationsRow[]): Promise<ReadonlyMap<string, Kept>> {
    const asked = new Map<string, { kind: OperationsKind; shard: number; ids: Set<string> }>();
    for (const { kind, id } of rows) {
      const shard = shardOf(id, ROW_SHARDS);
      const part = asked.get(`${kind} ${shard}`) ?? { kind, shard, ids: new Set() };
      part.ids.add(id);
      asked.set(`${kind} ${shard}`, part);
    }
    const found = await Promise.all(
      [...asked.values()].map(({ kind, shard, ids }) =>
        this.#session.read({ query: this.#queries.known, params: [kind, shard, [...ids]] }),
      ),
    );
    return new Map(found.flat().map((row) => [keyOf(parseKept(row)), parseKept(row)]));
  }

  /** In order, so that what is stored after a fault is what stands first. */
  async #write(changed: readonly Kept[]): Promise<void> {
    let begun = false;
    for (const together of cutTogether(changed)) {
      try {
        await this.#session.writeAllOrNone(
          together.map((kept) => this.#row(kept)),
          Math.max(...together.map(({ changeUs }) => changeUs)),
        );
        begun = true;
      } catch (thrown) {
        if (!begun || !(thrown instanceof CassandraFault) || thrown.fault === 'unknown') throw thrown;
        throw new CassandraFault('outcomeUnknown', `${thrown.message}, in part stored`, thrown);
      }
    }
  }

  #row({ kind, id, at, step, changeUs, body }: Kept): Statement {
    const params = [kind, shardOf(id, ROW_SHARDS), id, BigInt(at), step ?? undefined, BigInt(changeUs), body];
    return { query: this.#queries.put, params };
  }
}

function writeQueries(keyspace: string) {
  const columns = 'kind, id, at, step, change, body';
  return {
    put: `INSERT INTO ${keyspace}.operations (kind, shard, id, at, step, change, body) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    known: `SELECT ${columns} FROM ${keyspace}.operations WHERE kind = ? AND shard = ? AND id IN ?`,
    all: `SELECT ${columns} FROM ${keyspace}.operations WHERE kind = ? AND shard = ?`,
    remove: `DELETE FROM ${keyspace}.operations WHERE kind = ? AND shard = ? AND id = ?`,
    claim: `INSERT INTO ${keyspace}.claims (scope, key, claimant) VALUES (?, ?, ?) IF NOT EXISTS`,
  };
}

function keyOf({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return `${kind} ${id}`;
}

function keptOf(row: OperationsRow): Omit<Kept, 'changeUs'> {
  const step = row.kind === 'interaction' ? row.step : null;
  return { kind: row.kind, id: row.id, at: row.at, step, body: JSON.stringify(row) };
}

function parseKept(row: CassandraRow): Kept {
  return {
    // Written by this very class.
    kind: String(row['kind']) as OperationsKind,
    id: String(row['id']),
    at: Number(row['at']),
    step: row['step'] === null ? null : Number(row['step']),
    changeUs: Number(row['change']),
    body: String(row['body']),
  };
}

/** As the port has it: by `at`, then by `step` where both have one; what is equal counts as newer. */
function isNewer(row: Kept, than: Kept): boolean {
  if (row.at !== than.at) return row.at > than.at;
  return row.step === null || than.step === null || row.step >= than.step;
}

function cutTogether(changed: readonly Kept[]): readonly (readonly Kept[])[] {
  const cuts: Kept[][] = [];
  let chars = 0;
  for (const kept of changed) {
    const last = cuts.at(-1);
    chars += kept.body.length;
    if (last === undefined || last.length >= TOGETHER_ROWS_MAX || chars > TOGETHER_CHARS_MAX) {
      cuts.push([kept]);
      chars = kept.body.length;
    } else last.push(kept);
  }
  return cuts;
}
