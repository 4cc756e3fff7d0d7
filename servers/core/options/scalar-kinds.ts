/** The kinds of single values: integers, switches, choices and texts of a given form. */
import { PUT_IN_QUOTES, REFUSED, type Reading, type ValueKind } from './value-kind.ts';

/** `min`..`max`, both valid; `unit` is named to people. Given as a number or as its digits. */
export function integer(min: number, max: number, unit = ''): ValueKind<number> {
  return {
    valid: `an integer from ${min} to ${max}${unit === '' ? '' : `, in ${unit}`}`,
    secret: false,
    read(raw) {
      const value = typeof raw === 'string' && /^(0|-?[1-9]\d{0,14})$/.test(raw) ? Number(raw) : raw;
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) return REFUSED;
      return value >= min && value <= max ? { ok: true, value: value + 0 } : REFUSED;
    },
    write: (value) => value,
  };
}

export const flag: ValueKind<boolean> = {
  valid: 'true or false',
  secret: false,
  read(raw) {
    if (typeof raw === 'boolean') return { ok: true, value: raw };
    return raw === 'true' || raw === 'false' ? { ok: true, value: raw === 'true' } : REFUSED;
  },
  write: (value) => value,
};

/** Another spelling that the guide uses for a value; `says` is told when it is met, null where both are right. */
export interface Alias<V> {
  readonly value: V;
  readonly says: string | null;
}

/** One of `values`, letter by letter, or one of their other spellings. */
export function choice<const V extends readonly string[]>(
  values: V,
  aliases: Readonly<Record<string, Alias<V[number]>>> = {},
): ValueKind<V[number]> {
  const spellings = new Map(Object.entries(aliases));
  return {
    valid: values.length === 1 ? `exactly ${values[0]}` : `one of ${values.join(', ')}`,
    secret: false,
    read(raw): Reading<V[number]> {
      const value: V[number] | undefined = values.find((one) => one === raw);
      if (value !== undefined) return { ok: true, value };
      const alias = typeof raw === 'string' ? spellings.get(raw) : undefined;
      if (alias === undefined) return REFUSED;
      return alias.says === null
        ? { ok: true, value: alias.value }
        : { ok: true, value: alias.value, spelling: alias.says };
    },
    write: (value) => value,
  };
}

/** Text that `pattern` matches as a whole; `valid` says it in words. Blanks are kept. */
export function text(valid: string, pattern: RegExp): ValueKind<string> {
  return {
    valid,
    secret: false,
    read(raw) {
      if (typeof raw !== 'string') return PUT_IN_QUOTES;
      return pattern.test(raw) ? { ok: true, value: raw } : REFUSED;
    },
    write: (value) => value,
  };
}

/** Any text but the empty one. */
export const anyText: ValueKind<string> = text('any text', /^[\s\S]+$/);

/** Any text but the empty one, that nobody is shown. */
export const secret: ValueKind<string> = { ...anyText, secret: true };

/** Queues of the gateway: letters, digits, underscore and blank, not blanks alone. */
export const gatewayQueue: ValueKind<string> = text(
  'a queue name of the letters A to Z and a to z, digits, underscore and blank',
  /^ *[A-Za-z0-9_][A-Za-z0-9_ ]*$/,
);

/** Queues of the engagement component: also minus and dot, blanks inside only. */
export const engagementQueue: ValueKind<string> = text(
  'a queue name of the letters A to Z and a to z, digits, minus, dot and underscore, blanks inside only',
  /^[A-Za-z0-9._-]([A-Za-z0-9._ -]*[A-Za-z0-9._-])?$/,
);

/** `<tenant>:<endpoint>`, e.g. `1:webme`. */
export const endpointKey: ValueKind<string> = text(
  'a key <tenant ID>:<endpoint name> of a Chat Server endpoint, such as 1:webme',
  /^\d+:[A-Za-z0-9._-]+$/,
);

/** A key of an interaction's user data. Blanks are part of it, but it has none before or after here: no list surrounds it. */
export const userDataKey: ValueKind<string> = text(
  'a user data key, without blanks before or after and without semicolons',
  /^[^\s;]([^;\r\n]*[^\s;])?$/,
);

export const httpUrl: ValueKind<string> = {
  valid: 'an address such as http://198.51.100.12:8000 (http or https)',
  secret: false,
  read(raw) {
    if (typeof raw !== 'string') return PUT_IN_QUOTES;
    if (!/^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/.test(raw) || !URL.canParse(raw)) return REFUSED;
    return { ok: true, value: raw };
  },
  write: (value) => value,
};

/** A host name, an IPv4 or an IPv6 address. */
export const HOST =
  /^(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/;
export const IPV6 = /^(?=.*:.*:)[0-9A-Fa-f:]{2,39}(\d{1,3}(\.\d{1,3}){3})?$/;

export const host: ValueKind<string> = {
  valid: 'a host name or an IP address',
  secret: false,
  read(raw) {
    if (typeof raw !== 'string') return PUT_IN_QUOTES;
    return HOST.test(raw) || IPV6.test(raw) ? { ok: true, value: raw } : REFUSED;
  },
  write: (value) => value,
};

export const port: ValueKind<number> = integer(1, 65_535);

/** A folder. The tokens that the original's installation replaces (`DATA_DIR_PLACEHOLDER`) are none. */
export const folder: ValueKind<string> = {
  valid: 'the path of a folder',
  secret: false,
  read(raw) {
    if (typeof raw !== 'string') return PUT_IN_QUOTES;
    if (raw.endsWith('_PLACEHOLDER'))
      return { ok: false, why: 'the installation has to replace this token by a folder' };
    return /^[^\0\r\n]*[^\s\0]$/.test(raw) ? { ok: true, value: raw } : REFUSED;
  },
  write: (value) => value,
};
