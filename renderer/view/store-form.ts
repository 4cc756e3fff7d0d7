/** The store of a live run as a form holds it, as the host is asked for it, and what it refused of it. */
import type { Problem } from '#protocol/control-api.ts';
import type { StoreName, StoreRequest } from '#protocol/run-feed-live.ts';

export interface StoreForm {
  readonly name: StoreName;
  /** As typed; blank: the seed nodes of the scenario's options. */
  readonly contactPoints: string;
}

export const STORE_CHOICES = [
  { value: 'auto', label: 'Auto' },
  { value: 'sqlite', label: 'SQLite' },
  { value: 'memory', label: 'Memory' },
  { value: 'cassandra', label: 'Cassandra' },
] as const satisfies readonly { readonly value: StoreName; readonly label: string }[];

export const STORE_ABOUTS: Readonly<Record<StoreName, string>> = {
  auto: 'The Cassandra that the options name when it answers, else SQLite; the run says which.',
  sqlite: 'Files on this machine; an event is acknowledged when it is on the disk.',
  memory: 'Gone when the run ends, or its store is killed.',
  cassandra: 'A keyspace of its own in any Cassandra 4.1 or 5.0, dropped when everything promised was read back.',
};

export function storeForm(asked: StoreRequest | undefined): StoreForm {
  return { name: asked?.name ?? 'auto', contactPoints: asked?.contactPoints?.join(', ') ?? '' };
}

/** Contact points are typed for Cassandra alone: `auto` looks where the options say. */
export function storeRequest({ name, contactPoints }: StoreForm): StoreRequest {
  if (name !== 'cassandra' || contactPoints.trim() === '') return { name, contactPoints: null };
  return { name, contactPoints: contactPoints.split(',').map((point) => point.trim()) };
}

/** What is wrong with the contact points, by the one that it is about; undefined: nothing is. */
export function pointsProblem(form: StoreForm, problems: readonly Problem[]): string | undefined {
  const { contactPoints } = storeRequest(form);
  const said = problems.flatMap(({ path, message }) => {
    const match = /^store\/contactPoints(?:\/(\d+))?$/.exec(path);
    if (match === null) return [];
    const [, index] = match;
    return [index === undefined ? message : `${message}, got "${contactPoints?.[Number(index)] ?? ''}"`];
  });
  return said.length === 0 ? undefined : said.join('; ');
}
