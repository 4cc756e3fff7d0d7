/** What both stores ask a Cassandra by: reads with all their pages, writes, batches and decisions, each at its level, faults as the ports have them. */
import { types, type Client } from 'cassandra-driver';
import { assert } from '#core/assert.ts';
import type { CassandraChoice } from '#ports/store-choice.ts';
import { LEVELS } from './cassandra-client.ts';
import { CassandraFault, describeFault } from './cassandra-fault.ts';
import { quoteKeyspace } from './cassandra-schema.ts';
import { RequestGate, type GateLimits } from './request-gate.ts';
import { WriteTries } from './write-tries.ts';

export const LIMITS: GateLimits = { callsMax: 1_024, statementsMax: 256 };
/** Questions about one decision whose outcome a node did not tell; the answer to any of them is the decision. */
const DECISION_TRIES = 4;

/** Undefined leaves a column as it is. */
export type CqlValue = string | number | bigint | boolean | undefined | readonly string[];

export interface Statement {
  readonly query: string;
  readonly params: readonly CqlValue[];
}

export type CassandraRow = types.Row;

export function text(row: CassandraRow, column: string): string {
  return String(row[column]);
}

export function integer(row: CassandraRow, column: string): number {
  return Number(row[column]);
}

/** A page of rows, and where the next one begins; null: that was the last. */
export interface RowPage {
  readonly rows: readonly CassandraRow[];
  readonly next: string | null;
}

export class CassandraSession {
  readonly #client: Client;
  readonly #choice: CassandraChoice;
  readonly #gate: RequestGate;
  #users = 0;
  #closed = false;

  constructor(client: Client, choice: CassandraChoice, limits: Partial<GateLimits> = {}) {
    this.#client = client;
    this.#choice = choice;
    this.#gate = new RequestGate({ ...LIMITS, ...limits });
  }

  /** The keyspace as queries name it. */
  get keyspace(): string {
    return quoteKeyspace(this.#choice.keyspace);
  }

  /** One call of a port: refused where too many are under way. */
  call<T>(work: () => Promise<T>): Promise<T> {
    assert(!this.#closed, 'nobody asks a closed store');
    return this.#gate.call(work);
  }

  async read({ query, params }: Statement): Promise<readonly CassandraRow[]> {
    const rows: CassandraRow[] = [];
    let page: RowPage = { rows: [], next: null };
    do {
      page = await this.readPage({ query, params }, page.next);
      rows.push(...page.rows);
    } while (page.next !== null);
    return rows;
  }

  /** `after`: the page before's `next`; null: from the first row. */
  async readPage({ query, params }: Statement, after: string | null, fetchSize?: number): Promise<RowPage> {
    const result = await this.#send(() =>
      this.#client.execute(query, [...params], {
        consistency: LEVELS[this.#choice.read],
        ...(after === null ? {} : { pageState: after }),
        ...(fetchSize === undefined ? {} : { fetchSize }),
      }),
    );
    return { rows: result.rows ?? [], next: result.pageState ?? null };
  }

  async write({ query, params }: Statement): Promise<void> {
    const consistency = LEVELS[this.#choice.write];
    await this.#sendWrite((retry) => this.#client.execute(query, [...params], { consistency, retry }));
  }

  /** Rows of one partition: whole or not at all. */
  async writeTogether(statements: readonly Statement[]): Promise<void> {
    const [first] = statements;
    if (first === undefined) return;
    if (statements.length === 1) await this.write(first);
    else await this.#batch(statements, { logged: false });
  }

  /** Rows anywhere: all of them in the end, or none. `stampUs`: the version of them all; the greater wins. */
  async writeAllOrNone(statements: readonly Statement[], stampUs: number): Promise<void> {
    if (statements.length > 0) await this.#batch(statements, { logged: statements.length > 1, timestamp: stampUs });
  }

  /** A lightweight transaction: the row that decided it, null where this one did. Asked again where its outcome is unknown. */
  async decide({ query, params }: Statement): Promise<CassandraRow | null> {
    let unknown: CassandraFault | null = null;
    for (let tries = 1; ; tries += 1) {
      try {
        const result = await this.#sendWrite((retry) =>
          this.#client.execute(query, [...params], {
            consistency: LEVELS[this.#choice.write],
            serialConsistency: types.consistencies.serial,
            isIdempotent: false,
            retry,
          }),
        );
        return result.wasApplied() ? null : result.first();
      } catch (thrown) {
        const isUnknown = thrown instanceof CassandraFault && thrown.fault === 'outcomeUnknown';
        // A refusal says nothing of the tries before it.
        if (!isUnknown || tries >= DECISION_TRIES) throw unknown ?? thrown;
        unknown = thrown;
      }
    }
  }

  /** A user of the session; it ends with the last one. */
  open(): void {
    this.#users += 1;
  }

  close(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    this.#closed = true;
    // Nobody waits for what is left of its connections, however they end.
    this.#client.shutdown().catch(() => undefined);
  }

  async #batch(
    statements: readonly Statement[],
    options: { readonly logged: boolean; readonly timestamp?: number },
  ): Promise<void> {
    const queries = statements.map(({ query, params }) => ({ query, params: [...params] }));
    const consistency = LEVELS[this.#choice.write];
    await this.#sendWrite((retry) => this.#client.batch(queries, { ...options, consistency, retry, prepare: true }));
  }

  async #send<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await this.#gate.statement(send);
    } catch (thrown) {
      throw describeFault(thrown, this.#choice.keyspace, false);
    }
  }

  /** `unavailable` only where no try of it can be stored. */
  #sendWrite<T>(send: (tries: WriteTries) => Promise<T>): Promise<T> {
    return this.#gate.statement(async () => {
      const tries = new WriteTries();
      try {
        return await send(tries);
      } catch (thrown) {
        const fault = describeFault(thrown, this.#choice.keyspace, true);
        if (fault.fault !== 'unavailable' || !tries.mayBeStored) throw fault;
        throw new CassandraFault('outcomeUnknown', `${fault.message}, after a try that may be stored`, fault);
      }
    });
  }
}

/**
 * When all have ended, well or not. Where one has failed it throws what the whole has come to: `outcomeUnknown` as soon as any
 * other may be stored. `begun`: something of the same put is stored already.
 */
export async function settleWrites(writes: readonly Promise<void>[], begun: boolean): Promise<void> {
  const outcomes = await Promise.allSettled(writes);
  const faults = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [asFault(outcome.reason)] : []));
  const [worst] = faults.toSorted((one, other) => weight(other) - weight(one));
  if (worst === undefined) return;
  const isPart = begun || faults.length < outcomes.length;
  if (isPart && weight(worst) === 0)
    throw new CassandraFault('outcomeUnknown', `${worst.message}, in part stored`, worst);
  throw worst;
}

/** Faults that say that nothing is stored come last. */
function weight({ fault }: CassandraFault): number {
  return fault === 'outcomeUnknown' || fault === 'unknown' ? 1 : 0;
}

function asFault(thrown: unknown): CassandraFault {
  return thrown instanceof CassandraFault ? thrown : new CassandraFault('unknown', String(thrown), thrown);
}
