/** `engage cassandra` and the store of live runs on the command line: what is refused, and what is said about the store that is taken. */
import { describe, expect, it } from 'vitest';
import { chooseStore } from '#host/commands/choose-store.ts';
import { readRunOrder } from '#host/commands/run-order.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { optionsOf } from '#node/read-settings.ts';
import { chooseRunKeyspace, describeContactPoints, readCassandraChoice } from '#testbed/cassandra/cassandra-choice.ts';
import { findFreePorts } from '#testbed/cassandra/cassandra-ports.ts';
import { loadScenario } from '#testbed/load-scenario.ts';
import { runCli } from './cli-run.ts';

function scenario() {
  const loaded = loadScenario('scenarios/guide-example.yaml');
  if (!loaded.ok) throw new Error('the scenario of the guide is valid');
  return loaded.value;
}

/** An address at which nobody listens. */
async function nowhere(): Promise<string> {
  return `127.0.0.1:${(await findFreePorts()).native}`;
}

describe('engage cassandra', () => {
  it('names everything that is wrong with a cluster', async () => {
    const { code, err } = await runCli('cassandra', 'up', '--nodes', '2', '--data-centers', '--heap', '10');
    expect(code).toBe(2);
    expect(err).toContain('--nodes 2: expected 1, 3, 4');
    expect(err).toContain('--data-centers: two data centers of two need --nodes 4');
    expect(err).toContain('--heap 10: expected a whole number from 256 to 8192');
  });

  it('takes numbers alone for nodes', async () => {
    for (const numbers of [['two'], ['1', 'two']]) {
      expect(await runCli('cassandra', 'kill', ...numbers)).toMatchObject({
        code: 2,
        err: expect.stringContaining('expected the number of a node, got two') as string,
      });
    }
  });
});

describe('the store of a live run', () => {
  it('is SQLite where no Cassandra answers, and says so', async () => {
    const point = await nowhere();
    expect(await chooseStore('auto', scenario(), [point])).toEqual({
      store: 'sqlite',
      about: `SQLite, as no Cassandra answers at ${point}`,
    });
  });

  it('is refused where Cassandra was asked for and does not answer', async () => {
    const point = await nowhere();
    const words = ['run', 'scenarios/live-smoke.yaml', '--mode', 'live', '--store', 'cassandra'];
    const { code, err } = await runCli(...words, '--contact-points', point);
    expect(code).toBe(4);
    expect(err).toContain(`no Cassandra answers at ${point}; npm run cassandra -- up starts one here`);
  });

  it.each([
    [{ contactPoints: 'a,,b' }, 'expected hosts, or host:port, between commas, got ""'],
    [{ store: 'sqlite', contactPoints: 'a' }, 'only a live run with --store cassandra or auto goes to a Cassandra'],
    [{ mode: 'sim', contactPoints: 'a' }, 'only a live run with --store cassandra or auto goes to a Cassandra'],
    [{ store: 'cassandra', events: true as const, out: 'runs' }, '--store sqlite instead of cassandra'],
    [{ store: 'casandra' }, 'expected one of auto, memory, sqlite, cassandra'],
  ])('is refused with %j', (options, message) => {
    const problems = (): string => {
      try {
        readRunOrder({ mode: 'live', store: 'auto', set: [], ...options });
        return '';
      } catch (error) {
        return error instanceof OperatingError ? error.problems.map((problem) => problem.message).join('; ') : '';
      }
    };
    expect(problems()).toContain(message);
  });

  it('is that of its contact points where these name a port', () => {
    const choice = readCassandraChoice(optionsOf(scenario()), ['10.0.0.1:9042', '10.0.0.2']);
    expect(choice).toMatchObject({ port: 9_042, keyspace: 'WebMonitoring', write: 'QUORUM', read: 'QUORUM' });
    expect(describeContactPoints(choice)).toEqual(['10.0.0.1:9042', '10.0.0.2:9042']);
  });

  it("has a keyspace of the run's own, no longer than Cassandra takes", () => {
    const choice = { ...readCassandraChoice(optionsOf(scenario()), undefined), keyspace: 'k'.repeat(48) };
    const { keyspace } = chooseRunKeyspace(choice, { strategy: 'SimpleStrategy', factor: 1 });
    expect(keyspace).toMatch(/^k{35}_run_[0-9a-f]{8}$/);
  });
});
