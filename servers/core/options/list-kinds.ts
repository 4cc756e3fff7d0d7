/** The kinds of lists: separated by semicolons, blanks being part of a name, or by commas, blanks being none. */
import { HOST, IPV6 } from './scalar-kinds.ts';
import { PUT_IN_QUOTES, REFUSED, type Reading, type ValueKind } from './value-kind.ts';

/** Names between semicolons, at least `least`; blanks before and after a name belong to it (guide L3758). */
export function names(what: string, least: 0 | 1): ValueKind<readonly string[]> {
  return {
    valid: `${least === 1 ? 'one or more' : 'any number of'} ${what} separated by semicolons, blanks being part of a name`,
    secret: false,
    read(raw) {
      if (typeof raw !== 'string') return PUT_IN_QUOTES;
      if (raw === '') return least === 0 ? { ok: true, value: [] } : REFUSED;
      return readNames(raw);
    },
    write: (value) => value.join(';'),
  };
}

function readNames(raw: string): Reading<readonly string[]> {
  const value = raw.split(';');
  if (value.some((name) => name.trim() === '')) return { ok: false, why: 'a name between two semicolons is empty' };
  const twice = value.find((name, at) => value.indexOf(name) < at);
  return twice === undefined ? { ok: true, value } : { ok: false, why: `"${twice}" stands twice` };
}

/** Which user data of a webengagement interaction its chat or callback gets. */
export type UserDataCopying =
  { readonly mode: 'all' } | { readonly mode: 'none' } | { readonly mode: 'keys'; readonly keys: readonly string[] };

/** `all`, `no` or keys between semicolons; empty or blank copies nothing (guide L3483-3492). */
export const userDataCopying: ValueKind<UserDataCopying> = {
  valid: 'all, no, or keys separated by semicolons, blanks being part of a key; empty copies nothing',
  secret: false,
  read(raw) {
    if (typeof raw !== 'string') return PUT_IN_QUOTES;
    if (raw === 'all') return { ok: true, value: { mode: 'all' } };
    if (raw === 'no' || raw.trim() === '') return { ok: true, value: { mode: 'none' } };
    const keys = readNames(raw);
    return keys.ok ? { ok: true, value: { mode: 'keys', keys: keys.value } } : keys;
  },
  write(value) {
    if (value.mode === 'keys') return value.keys.join(';');
    return value.mode === 'all' ? 'all' : 'no';
  },
};

function commaSeparated(raw: string): readonly string[] {
  return raw.split(',').map((item) => item.trim());
}

/** Hosts or IP addresses between commas, at least one. */
export const hosts: ValueKind<readonly string[]> = {
  valid: 'one or more IP addresses or host names separated by commas',
  secret: false,
  read(raw) {
    if (typeof raw !== 'string') return PUT_IN_QUOTES;
    const value = commaSeparated(raw);
    const wrong = value.find((item) => !HOST.test(item) && !IPV6.test(item));
    return wrong === undefined ? { ok: true, value } : { ok: false, why: `"${wrong}" is neither` };
  },
  write: (value) => value.join(','),
};

export interface DataCenterReplicas {
  readonly dataCenter: string;
  readonly replicas: number;
}

/** `DataCenter1:3, DataCenter2:2`; empty for none (guide L1272). */
export const dataCenterReplicas: ValueKind<readonly DataCenterReplicas[]> = {
  valid: 'data centers with their number of replicas, such as DataCenter1:3, DataCenter2:2, or empty',
  secret: false,
  read(raw) {
    if (typeof raw !== 'string') return PUT_IN_QUOTES;
    if (raw === '') return { ok: true, value: [] };
    const value: DataCenterReplicas[] = [];
    for (const item of commaSeparated(raw)) {
      const match = /^([A-Za-z0-9_.-]+):([1-9]\d{0,2})$/.exec(item);
      if (match?.[1] === undefined) return { ok: false, why: `"${item}" is not <data center>:<replicas>` };
      if (value.some((one) => one.dataCenter === match[1])) return { ok: false, why: `"${match[1]}" stands twice` };
      value.push({ dataCenter: match[1], replicas: Number(match[2]) });
    }
    return { ok: true, value };
  },
  write: (value) => value.map((one) => `${one.dataCenter}:${one.replicas}`).join(', '),
};
