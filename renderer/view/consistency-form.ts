/** The inputs of the consistency calculator as a form holds them and as the address carries them. */
import type { ConsistencyLevel } from '#protocol/control-api.ts';

/** As typed, and as the host is asked; null is empty. */
export interface ConsistencyForm {
  readonly nodes: number | null;
  readonly replicationFactor: number | null;
  readonly write: string;
  readonly read: string;
  /** `DataCenter1:3, DataCenter2:2` */
  readonly dataCenters: string;
}

/** The guide's sizing case, and its example of two data centers. */
export const GUIDE_CLUSTER: ConsistencyForm = {
  nodes: 4,
  replicationFactor: 3,
  write: 'QUORUM',
  read: 'QUORUM',
  dataCenters: 'DataCenter1:3, DataCenter2:2',
};

const PLACE = 'consistency';
const LEVELS: readonly string[] = ['ONE', 'TWO', 'THREE', 'QUORUM', 'ALL'] satisfies readonly ConsistencyLevel[];
/** What a number field can hold; anything else is empty there. */
const NUMBER = /^-?\d{1,9}(\.\d{1,6})?$/;

/** Of the Sizing screen's places: is it the calculator's? */
export function isConsistencyPlace(place: string): boolean {
  return place.split('?', 1)[0] === PLACE;
}

/** What the address carries; null: it names no input. An input that it leaves out is the guide's. */
export function readConsistencyPlace(place: string): ConsistencyForm | null {
  const [, query = ''] = /^[^?]*\?(.+)$/.exec(place) ?? [];
  if (!isConsistencyPlace(place) || query === '') return null;
  const given = new URLSearchParams(query);
  return {
    nodes: readCount(given.get('nodes'), GUIDE_CLUSTER.nodes),
    replicationFactor: readCount(given.get('rf'), GUIDE_CLUSTER.replicationFactor),
    write: given.get('write') ?? GUIDE_CLUSTER.write,
    read: given.get('read') ?? GUIDE_CLUSTER.read,
    dataCenters: given.get('data-centers') ?? GUIDE_CLUSTER.dataCenters,
  };
}

function readCount(text: string | null, absent: number | null): number | null {
  if (text === null) return absent;
  return NUMBER.test(text) ? Number(text) : null;
}

/** The inputs by the names of the command's options; `readConsistencyPlace` reads the same form from it. */
export function consistencyPlace({ nodes, replicationFactor, write, read, dataCenters }: ConsistencyForm): string {
  const query = new URLSearchParams({
    nodes: String(nodes ?? ''),
    rf: String(replicationFactor ?? ''),
    write,
    read,
    'data-centers': dataCenters,
  });
  return `${PLACE}?${query.toString()}`;
}

/** What a level's field offers: also what it holds and no level is, so that its fault stands at what it is about. */
export function levelsOffered(held: string): string[] {
  return LEVELS.includes(held) ? [...LEVELS] : [held, ...LEVELS];
}
