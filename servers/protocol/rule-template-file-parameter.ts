/**
 * Parameters of rule templates: a kind with its range, `price: { number: { min: 0 }, default: 100 }`, which values are of
 * that kind, and how a sentence puts one.
 */
import { z } from 'zod';
import { assertNever } from '#core/assert.ts';
import { describeDuration, joinWith } from '#core/plain-words.ts';
import { DURATION_EXPECTED, durationSchema, parseDuration } from '#protocol/quantities.ts';
import { checkedSection, type FieldReport } from '#protocol/rule-package-file-section.ts';
import { categoriesSchema } from '#protocol/rule-package-file-pattern.ts';
import {
  describeWrong,
  isRecord,
  listField,
  numberField,
  sectionField,
  textField,
} from '#protocol/scenario-file-fields.ts';

/** What values a parameter takes; null: no bound. */
export type ParameterKind =
  | { readonly kind: 'number'; readonly min: number | null; readonly max: number | null; readonly whole: boolean }
  | { readonly kind: 'duration'; readonly minMs: number | null; readonly maxMs: number | null }
  /** The name of one category, or a list of them. */
  | { readonly kind: 'category' }
  | { readonly kind: 'choice'; readonly values: readonly (string | number)[] }
  | { readonly kind: 'text' };

export interface TemplateParameter {
  readonly kind: ParameterKind;
  readonly about: string | null;
  /** As written; undefined: the rule must give a value. */
  readonly default: unknown;
}

const KINDS = ['number', 'duration', 'category', 'choice', 'text'] as const;

const choiceValue = z.custom<string | number>(
  (given) => (typeof given === 'string' && given !== '') || (typeof given === 'number' && Number.isFinite(given)),
  { error: (issue) => describeWrong('expected a text or a number', issue.input) },
);

const kindShape = {
  number: sectionField({
    min: numberField({}).optional(),
    max: numberField({}).optional(),
    whole: z.boolean({ error: (issue) => describeWrong('expected true or false', issue.input) }).default(false),
  })
    .transform(({ min = null, max = null, whole }): ParameterKind => ({ kind: 'number', min, max, whole }))
    .optional(),
  duration: sectionField({ min: durationSchema.optional(), max: durationSchema.optional() })
    .transform(({ min = null, max = null }): ParameterKind => ({ kind: 'duration', minMs: min, maxMs: max }))
    .optional(),
  category: sectionField({})
    .transform((): ParameterKind => ({ kind: 'category' }))
    .optional(),
  choice: listField(choiceValue, 'values', 2)
    .transform((values): ParameterKind => ({ kind: 'choice', values }))
    .optional(),
  text: sectionField({})
    .transform((): ParameterKind => ({ kind: 'text' }))
    .optional(),
};

const kindSection = sectionField(kindShape);

export const parameterSchema: z.ZodType<TemplateParameter> = checkedSection(
  { ...kindShape, default: z.unknown().optional(), about: textField('a phrase about the parameter').optional() },
  checkParameter,
  (given) => ({ kind: kindOf(given), about: given.about ?? null, default: given.default }),
);

type GivenKinds = z.output<typeof kindSection>;

function kindOf({ number, duration, category, choice, text }: GivenKinds): ParameterKind {
  return number ?? duration ?? category ?? choice ?? text ?? { kind: 'text' };
}

function checkParameter(given: Readonly<Record<string, unknown>>, report: FieldReport): void {
  const kinds = KINDS.filter((kind) => given[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    report([], `expected exactly one of ${KINDS.join(', ')}, got ${kinds.join(', ') || 'none'}`);
    return;
  }
  const parsed = kindSection.safeParse({ [kind]: given[kind] });
  if (!parsed.success) return;
  const known = kindOf(parsed.data);
  if (isEmptyRange(known)) report([kind, 'max'], 'expected at least "min"');
  const twin = known.kind === 'choice' && new Set(known.values).size < known.values.length;
  if (twin) report([kind], 'expected values of which none is there twice');
  const fault = given['default'] === undefined ? null : describeValueFault(known, given['default']);
  if (fault !== null) report(['default'], fault);
}

function isEmptyRange(kind: ParameterKind): boolean {
  const [min, max] =
    kind.kind === 'number' ? [kind.min, kind.max] : kind.kind === 'duration' ? [kind.minMs, kind.maxMs] : [null, null];
  return min !== null && max !== null && max < min;
}

/** What is wrong with a value for a parameter of this kind; null: nothing. */
export function describeValueFault(kind: ParameterKind, given: unknown): string | null {
  switch (kind.kind) {
    case 'number': {
      const { min, max, whole } = kind;
      const schema = numberField({ whole, ...(min === null ? {} : { min }), ...(max === null ? {} : { max }) });
      return schema.safeParse(given).error?.issues[0]?.message ?? null;
    }
    case 'duration':
      return describeDurationFault(kind, given);
    case 'category':
      return categoriesSchema.safeParse(given).error?.issues[0]?.message ?? null;
    case 'choice':
      return kind.values.some((value) => value === given)
        ? null
        : describeWrong(`expected one of ${kind.values.join(', ')}`, given);
    case 'text':
      return typeof given === 'string' && given !== '' ? null : describeWrong('expected a text', given);
    default:
      return assertNever(kind, 'kind of parameter');
  }
}

function describeDurationFault(
  { minMs, maxMs }: { readonly minMs: number | null; readonly maxMs: number | null },
  given: unknown,
): string | null {
  const ms = typeof given === 'string' ? parseDuration(given) : undefined;
  if (ms === undefined) return describeWrong(DURATION_EXPECTED, given);
  if ((minMs === null || ms >= minMs) && (maxMs === null || ms <= maxMs)) return null;
  const bounds = [
    ...(minMs === null ? [] : [`of at least ${describeDuration(minMs)}`]),
    ...(maxMs === null ? [] : [`of at most ${describeDuration(maxMs)}`]),
  ];
  return describeWrong(`expected a duration ${bounds.join(' and ')}`, given);
}

/** Values to try a template with where its author gave no default: of every choice each, else one that most places take. */
export function listSamples({ kind, default: given }: TemplateParameter): readonly unknown[] {
  if (kind.kind === 'choice') return kind.values;
  if (given !== undefined) return [given];
  if (kind.kind === 'number') return [Math.max(kind.min ?? 2, Math.min(kind.max ?? 2, 2))];
  if (kind.kind === 'duration') return [`${Math.max(kind.minMs ?? 60_000, Math.min(kind.maxMs ?? 60_000, 60_000))}ms`];
  return [kind.kind];
}

/** A value as a sentence puts it: `10 min`, `"cart" or "checkout"`, `5`. */
export function describeParameterValue(kind: ParameterKind, value: unknown): string {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (kind.kind === 'category' || kind.kind === 'text') {
    return joinWith(
      'or',
      values.map((name) => `"${String(name)}"`),
    );
  }
  const ms = kind.kind === 'duration' && typeof value === 'string' ? parseDuration(value) : undefined;
  return ms === undefined ? String(value) : describeDuration(ms);
}

/** `number of at least 2, default 5`: what a rule may write. */
export function describeParameter({ kind, default: given, about }: TemplateParameter): string {
  const value = given === undefined ? 'must be given' : `default ${describeParameterValue(kind, given)}`;
  return [describeKind(kind), value, ...(about === null ? [] : [about])].join(', ');
}

function describeKind(kind: ParameterKind): string {
  switch (kind.kind) {
    case 'number': {
      const { min, max, whole } = kind;
      const bounds = [...(min === null ? [] : [`of at least ${min}`]), ...(max === null ? [] : [`of at most ${max}`])];
      return [whole ? 'whole number' : 'number', bounds.join(' and ')].filter((part) => part !== '').join(' ');
    }
    case 'duration': {
      const { minMs, maxMs } = kind;
      const bounds = [
        ...(minMs === null ? [] : [`of at least ${describeDuration(minMs)}`]),
        ...(maxMs === null ? [] : [`of at most ${describeDuration(maxMs)}`]),
      ];
      return ['duration', bounds.join(' and ')].filter((part) => part !== '').join(' ');
    }
    case 'category':
      return 'category or list of categories';
    case 'choice':
      return `one of ${kind.values.join(', ')}`;
    case 'text':
      return 'text';
    default:
      return assertNever(kind, 'kind of parameter');
  }
}

/** Whether what is written is a map of parameters at all; what they hold is checked one by one. */
export function listParameters(given: unknown): readonly (readonly [string, TemplateParameter | null])[] {
  if (!isRecord(given)) return [];
  return Object.entries(given).map(([name, written]) => [name, parameterSchema.safeParse(written).data ?? null]);
}
