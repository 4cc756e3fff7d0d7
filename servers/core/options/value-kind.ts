/** What an option's value can be: how it is read from a file or command line, how it is written back, and its range in words. */

/** A value as files and the command line give it. */
export type RawValue = string | number | boolean;

export type Reading<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** Set when another spelling of the guide was taken for the value: why, as a sentence without a full stop. */
      readonly spelling?: string;
    }
  | {
      readonly ok: false;
      /** What about the value is wrong, where "expected ..., got ..." alone would not tell. */
      readonly why?: string;
    };

/** One kind of value. `read(write(value))` gives the same value for every value that `read` can give. */
export interface ValueKind<T> {
  /** Completes "expected ...", e.g. `an integer from 10 to 60, in seconds`. */
  readonly valid: string;
  /** Never shown, not even when it is wrong. */
  readonly secret: boolean;
  read(raw: RawValue): Reading<T>;
  write(value: T): RawValue;
}

/** The type of the values of a kind. */
export type KindValue<K> = K extends ValueKind<infer T> ? T : never;

export const REFUSED = { ok: false } as const;

/** Why a number or a boolean is no text: the file's reader has already changed it (007 is 7, 1.0 is 1). */
export const PUT_IN_QUOTES = { ok: false, why: 'put it in quotes to have it read as text' } as const;

/** `value`, or no value when it is empty. */
export function optional<T>(inner: ValueKind<T>): ValueKind<T | null> {
  return {
    valid: `${inner.valid}, or empty for none`,
    secret: inner.secret,
    read: (raw) => (raw === '' ? { ok: true, value: null } : inner.read(raw)),
    write: (value) => (value === null ? '' : inner.write(value)),
  };
}
