/** The store of a live run: the one that was asked for, or with `auto` the configured Cassandra when it answers, else SQLite. */
import { connect } from 'node:net';
import { optionsOf } from '#node/read-settings.ts';
import type { CassandraChoice, StoreChoice } from '#ports/store-choice.ts';
import type { StoreFault } from '#ports/stores.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { StoreName } from '#protocol/run-feed-live.ts';
import type { Scenario } from '#protocol/scenario.ts';
import type { CassandraFinding } from '#stores/cassandra/cassandra-stores.ts';
import { chooseRunKeyspace, describeContactPoints, readCassandraChoice } from '#testbed/cassandra/cassandra-choice.ts';

/** For a connection to a contact point. */
const PROBE_MS_MAX = 1_000;

export interface ChosenStore {
  readonly store: StoreChoice;
  /** Which it is and why, as one line without a full stop. */
  readonly about: string;
}

/** `contactPoints` undefined: the seed nodes of the scenario's options. Throws UNAVAILABLE where Cassandra was asked for and can't be used. */
export async function chooseStore(
  name: StoreName,
  scenario: Scenario,
  contactPoints: readonly string[] | undefined,
): Promise<ChosenStore> {
  if (name === 'memory') return { store: 'memory', about: 'memory, gone when the run ends' };
  if (name === 'sqlite') return { store: 'sqlite', about: 'SQLite' };
  const choice = readCassandraChoice(optionsOf(scenario), contactPoints);
  try {
    return await chooseCassandra(choice);
  } catch (error) {
    if (!isStoreFault(error)) throw error;
    if (name === 'auto') return { store: 'sqlite', about: `SQLite, as ${error.message}` };
    const hint = 'npm run cassandra -- up starts one here, contact points (--contact-points) name another';
    throw new OperatingError('UNAVAILABLE', `${error.message}; ${hint}`);
  }
}

/** Rejects with a `StoreFault` where it can't be used. */
async function chooseCassandra(choice: CassandraChoice): Promise<ChosenStore> {
  const places = describeContactPoints(choice);
  const answers = await Promise.all(places.map(listens));
  if (!answers.includes(true)) throw new NobodyThere(`no Cassandra answers at ${places.join(', ')}`);
  // Its driver is loaded for those who use it.
  const { findCassandra } = await import('#stores/cassandra/cassandra-stores.ts');
  return describeChosen(choice, await findCassandra(choice));
}

class NobodyThere extends Error implements StoreFault {
  readonly fault = 'unavailable';
}

/** Whether somebody takes connections there. */
function listens(place: string): Promise<boolean> {
  const [host = '', port = ''] = place.split(':');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), timeout: PROBE_MS_MAX });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(false));
  });
}

function describeChosen(choice: CassandraChoice, { replication, about }: CassandraFinding): ChosenStore {
  const store = chooseRunKeyspace(choice, replication);
  return {
    store,
    about: `Cassandra at ${describeContactPoints(choice).join(', ')} (${about}), keyspace ${store.keyspace}`,
  };
}

export function isStoreFault(error: unknown): error is StoreFault {
  return error instanceof Error && 'fault' in error;
}
