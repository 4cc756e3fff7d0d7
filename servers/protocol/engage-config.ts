/**
 * The configuration of an installation, engage.yaml: its shape. The options in it are checked by `checkOptions` of
 * core, with the source map that comes out here. Strict: an unknown key is an error.
 */
import { z } from 'zod';
import type { Fidelity, GivenOptions } from '#core/options/given-options.ts';
import type { RawValue } from '#core/options/value-kind.ts';
import type { Problem } from '#core/result.ts';
import { parseYaml, type ParsedYaml } from './parse-yaml.ts';

/** Where it is looked for: in the folder in which a command is called. */
export const ENGAGE_CONFIG_FILE = 'engage.yaml';

/** The version of the file's format that is read and written. */
export const ENGAGE_CONFIG_VERSION = 1;

export interface EngageConfig {
  readonly version: typeof ENGAGE_CONFIG_VERSION;
  readonly fidelity: Fidelity;
  /** By section and name, as written. */
  readonly options: GivenOptions;
}

const optionValueSchema = z.union([z.string(), z.number(), z.boolean()], {
  error: 'expected a text, a number, true or false ("" for an empty value)',
});

/** Options by section and name, of whatever value; the same in scenario files. */
export const givenOptionsSchema = z.record(
  z.string(),
  z.record(z.string(), optionValueSchema, { error: 'expected the options of this section, name by name' }),
  { error: 'expected options by section' },
);

export const engageConfigSchema = z.strictObject(
  {
    version: z
      .literal(ENGAGE_CONFIG_VERSION, { error: `expected ${ENGAGE_CONFIG_VERSION}, the version that is read here` })
      .default(ENGAGE_CONFIG_VERSION),
    fidelity: z.enum(['improved', 'faithful'], { error: 'expected improved or faithful' }).default('improved'),
    options: givenOptionsSchema.default({}),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'expected a file of keys and values' : undefined) },
);

/** Takes what has the right form and leaves out the rest. */
const lenientSchema = z
  .object({
    fidelity: engageConfigSchema.shape.fidelity.catch('improved'),
    options: z.record(z.string(), z.record(z.string(), z.unknown()).catch({})).catch({}),
  })
  .transform(({ fidelity, options }): EngageConfig => ({
    version: ENGAGE_CONFIG_VERSION,
    fidelity,
    options: keepReadable(options),
  }));

function keepReadable(options: Readonly<Record<string, Readonly<Record<string, unknown>>>>): GivenOptions {
  const kept: Record<string, Record<string, RawValue>> = {};
  for (const [section, values] of Object.entries(options)) {
    const readable: Record<string, RawValue> = {};
    for (const [name, value] of Object.entries(values)) {
      const parsed = optionValueSchema.safeParse(value);
      if (parsed.success) readable[name] = parsed.data;
    }
    kept[section] = readable;
  }
  return kept;
}

export interface EngageConfigReading {
  /** What could be read: all of it where there is no problem; undefined where the text is no YAML. */
  readonly parsed: ParsedYaml<EngageConfig> | undefined;
  /** Every fault of the file's form. */
  readonly problems: readonly Problem[];
}

/**
 * Reads what can be read and names every fault, so that what is readable can still be checked. An empty file is valid.
 */
export function parseEngageConfig(text: string, file: string): EngageConfigReading {
  const strict = parseYaml(text, file, engageConfigSchema);
  if (strict.ok) return { parsed: strict.value, problems: [] };
  const lenient = parseYaml(text, file, lenientSchema);
  return { parsed: lenient.ok ? lenient.value : undefined, problems: strict.problems };
}
