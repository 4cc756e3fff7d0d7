/** What the errors of Cassandra's driver come to for who has put something, and what waits in front of it. */
import { errors, types, type Client } from 'cassandra-driver';
import { describe, expect, it } from 'vitest';
import type { CassandraChoice } from '#ports/store-choice.ts';
import { CassandraFault, describeFault } from '#stores/cassandra/cassandra-fault.ts';
import { CassandraSession, settleWrites } from '#stores/cassandra/cassandra-session.ts';
import { untilTablesKnown } from '#stores/cassandra/known-tables.ts';
import { RequestGate } from '#stores/cassandra/request-gate.ts';
import { shardOf } from '#stores/cassandra/shard-of.ts';
import { StoredClock } from '#stores/cassandra/stored-clock.ts';
import { SPECULATIVE_MS, WriteTries } from '#stores/cassandra/write-tries.ts';

const { responseErrorCodes } = types;
const answer = (code: number) => new errors.ResponseError(code, 'said the node');
const faultOf = (thrown: unknown, writes = true) => describeFault(thrown, 'K', writes).fault;

describe('an error of the driver', () => {
  it.each([
    ['unavailableException', 'unavailable'],
    ['overloaded', 'unavailable'],
    ['isBootstrapping', 'unavailable'],
    ['writeTimeout', 'outcomeUnknown'],
    ['writeFailure', 'outcomeUnknown'],
    ['readTimeout', 'unavailable'],
    ['syntaxError', 'unknown'],
    ['invalid', 'unknown'],
  ] as const)('%s is %s', (name, fault) => {
    expect(faultOf(answer(responseErrorCodes[name]))).toBe(fault);
  });

  it('of a silent node leaves a write unknown, and a read undone', () => {
    const silent = new errors.OperationTimedOutError('no answer');
    expect(faultOf(silent)).toBe('outcomeUnknown');
    expect(faultOf(silent, false)).toBe('unavailable');
  });

  it('of all nodes is unknown as soon as one of them may have stored it', () => {
    const refused = answer(responseErrorCodes.unavailableException);
    const none = new errors.NoHostAvailableError({ a: refused, b: answer(responseErrorCodes.overloaded) });
    const one = new errors.NoHostAvailableError({ a: refused, b: new errors.OperationTimedOutError('no answer') });
    expect(faultOf(none)).toBe('unavailable');
    expect(faultOf(one)).toBe('outcomeUnknown');
    expect(describeFault(one, 'K', true).message).toMatch(/^Cassandra, keyspace K: no node answers \(a: .*; b: .*\)$/);
  });
});

describe('a write that the driver tries at several nodes by itself', () => {
  const unavailable = answer(responseErrorCodes.unavailableException);
  const choice = { keyspace: 'K', write: 'QUORUM', read: 'QUORUM' } as CassandraChoice;
  /** What a write comes to whose tries before the last one end with these errors, and the last one with a refusal. */
  const writeAfter = async (before: readonly Error[]): Promise<unknown> => {
    const execute = (_query: string, _params: unknown, { retry }: { retry: WriteTries }): Promise<never> => {
      for (const error of before) retry.onRequestError({} as never, types.consistencies.quorum, error);
      return Promise.reject(unavailable);
    };
    const session = new CassandraSession({ execute } as unknown as Client, choice);
    return session.write({ query: 'UPDATE', params: [] }).catch((thrown: CassandraFault) => thrown.fault);
  };

  it('is refused where all of them are, and unknown where one of them broke off', async () => {
    expect(await writeAfter([])).toBe('unavailable');
    expect(await writeAfter([answer(responseErrorCodes.overloaded)])).toBe('unavailable');
    expect(await writeAfter([new errors.OperationTimedOutError('no answer')])).toBe('outcomeUnknown');
    expect(await writeAfter([Object.assign(new Error('reset'), { isSocketError: true })])).toBe('outcomeUnknown');
  });

  it('is unknown from the moment on when a second node may have been asked beside the first', () => {
    expect(new WriteTries().mayBeStored).toBe(false);
    expect(new WriteTries(performance.now() - SPECULATIVE_MS).mayBeStored).toBe(true);
  });

  it('stays unknown as a decision, though it is refused when it is asked again', async () => {
    const outcomes = [new errors.OperationTimedOutError('no answer'), unavailable];
    const execute = (): Promise<never> => Promise.reject(outcomes.shift());
    const session = new CassandraSession({ execute } as unknown as Client, choice);
    await expect(session.decide({ query: 'INSERT', params: [] })).rejects.toMatchObject({ fault: 'outcomeUnknown' });
    expect(outcomes).toEqual([]);
  });
});

describe('tables that were just created', () => {
  /** Two nodes; the second answers about the table with these errors first. */
  const clientOf = (errorsOfSecond: Error[], isUp = () => true): Client => {
    const hosts = ['first', 'second'].map((name) => ({ name, isUp }));
    const execute = (_query: string, _params: unknown, { host }: { host: { name: string } }): Promise<void> => {
      const error = host.name === 'second' ? errorsOfSecond.shift() : undefined;
      return error === undefined ? Promise.resolve() : Promise.reject(error);
    };
    return { execute, getState: () => ({ getConnectedHosts: () => hosts }) } as unknown as Client;
  };

  it('are waited for at every node that is up', async () => {
    const answers = (['readFailure', 'serverError', 'invalid'] as const).map((name) =>
      answer(responseErrorCodes[name]),
    );
    await untilTablesKnown(clientOf(answers), ['table']);
    expect(answers).toEqual([]);
    const inVain = [answer(responseErrorCodes.readFailure), answer(responseErrorCodes.readFailure)];
    await untilTablesKnown(
      clientOf(inVain, () => inVain.length > 1),
      ['table'],
    );
    expect(inVain).toHaveLength(1);
  });

  it('are not waited for where replicas are lacking', async () => {
    const answers = [answer(responseErrorCodes.unavailableException), answer(responseErrorCodes.readFailure)];
    await untilTablesKnown(clientOf(answers), ['table']);
    expect(answers).toHaveLength(1);
  });
});

describe('several writes of one put', () => {
  const done = (): Promise<void> => Promise.resolve();
  const failed = (fault: CassandraFault['fault']): Promise<void> => Promise.reject(new CassandraFault(fault, 'why'));

  it('are refused as a whole only where none of them can be stored', async () => {
    await expect(settleWrites([failed('unavailable'), failed('unavailable')], false)).rejects.toMatchObject({
      fault: 'unavailable',
    });
    await expect(settleWrites([done(), failed('unavailable')], false)).rejects.toMatchObject({
      fault: 'outcomeUnknown',
    });
    await expect(settleWrites([failed('unavailable')], true)).rejects.toMatchObject({ fault: 'outcomeUnknown' });
    await expect(settleWrites([failed('busy'), failed('outcomeUnknown')], false)).rejects.toMatchObject({
      fault: 'outcomeUnknown',
    });
    await expect(settleWrites([done(), done()], true)).resolves.toBeUndefined();
  });
});

describe('the gate', () => {
  it('refuses calls beyond its bound as busy, and takes new ones when others have ended', async () => {
    const gate = new RequestGate({ callsMax: 1, statementsMax: 1 });
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = gate.call(() => promise);
    await expect(gate.call(() => Promise.resolve())).rejects.toMatchObject({ fault: 'busy' });
    resolve();
    await first;
    await expect(gate.call(() => Promise.resolve('in'))).resolves.toBe('in');
  });

  it('never lets more statements out than its bound, and lets each out in its turn, also after one that failed', async () => {
    const gate = new RequestGate({ callsMax: 1, statementsMax: 3 });
    let out = 0;
    let outMax = 0;
    const order: number[] = [];
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        gate.statement(async () => {
          order.push(index);
          out += 1;
          outMax = Math.max(outMax, out);
          await Promise.resolve();
          out -= 1;
          if (index % 5 === 0) throw new Error('failed');
        }),
      ),
    );
    expect(outMax).toBe(3);
    expect(order).toEqual(order.toSorted((one, other) => one - other));
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(4);
  });
});

describe('the moments of storing', () => {
  it('never come twice, and come after what is there, whatever the clock says', () => {
    const clock = new StoredClock();
    const first = clock.take(1_000);
    expect(clock.take(1)).toBeGreaterThanOrEqual(first + 1_000);
    const ahead = (Date.now() + 3_600_000) * 1_000;
    expect(clock.take(1, ahead)).toBe(ahead + 1);
    expect(clock.take(1)).toBeGreaterThan(ahead + 1);
  });
});

describe('the shards', () => {
  it('hold about as many ids each, whatever the ids look like', () => {
    for (const idOf of [(n: number) => `e${n}`, (n: number) => `visitor-000000-event-${n}`, (n: number) => `${n}é`]) {
      const counts = new Map<number, number>();
      for (let n = 0; n < 64_000; n += 1) {
        const shard = shardOf(idOf(n), 64);
        counts.set(shard, (counts.get(shard) ?? 0) + 1);
      }
      expect(counts.size).toBe(64);
      for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(250);
    }
  });
});
