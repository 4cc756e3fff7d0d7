/**
 * Fields that all wire schemas are made of, and their way into JSON Schema. Texts are well-formed Unicode without NUL,
 * numbers are finite, unknown keys are errors; nothing is repaired.
 */
import { z } from 'zod';

/** The version of everything in `wire-*`: another one means that older clients are not understood. */
export const WIRE_VERSION = 1;

/** A JSON Schema (draft 7), as Ajv and OpenAPI take it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The largest time that a Date can hold, ms. */
const TIME_MS_MAX = 8_640_000_000_000_000;

/** Ids of events, visits, pages, interactions, chats and lines. */
export const ID_PATTERN = /^[A-Za-z0-9._~-]{1,64}$/;
/** No NUL and, with the flag u, no half of a surrogate pair. */
// oxlint-disable-next-line no-control-regex
const TEXT_PATTERN = /^[\u0001-\ud7ff\ue000-\u{10ffff}]*$/u;

export const idSchema = z.string().regex(ID_PATTERN, 'expected an id of 1 to 64 characters A-Z a-z 0-9 . _ ~ -');

/** A text of at most `charsMax` characters. */
export function textSchema(charsMax: number): z.ZodString {
  return z.string().max(charsMax).regex(TEXT_PATTERN, 'expected well-formed text without NUL');
}

/** A name of 1 to 100 characters. */
export const nameSchema = textSchema(100).min(1);

/** A time in ms of a clock that may be wrong. */
export const clockMsSchema = z.number().min(-TIME_MS_MAX).max(TIME_MS_MAX);

/** A bound says "finite" to every validator, also to those that take Infinity (what 1e400 is parsed to) for a number. */
const finiteSchema = z.number().min(-Number.MAX_VALUE).max(Number.MAX_VALUE);

export const eventValueSchema = z.union([textSchema(2_048), finiteSchema, z.boolean(), z.null()]);

/** A flat object: at most 50 values. */
export const flatObjectSchema = z
  .record(nameSchema, eventValueSchema)
  .refine((given) => Object.keys(given).length <= 50, 'expected at most 50 values')
  .meta({ maxProperties: 50 });

/** The schema as JSON Schema. What only a `refine` says has to be said by `meta` too, or checked by the caller. */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  return rest;
}
