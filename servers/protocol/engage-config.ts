/**
 * The configuration of an installation, engage.yaml: its shape. The options in it are checked by `checkOptions` of
 * core, with the source map that comes out here. Strict: an unknown key is an error.
 */
import { z } from 'zod';
import type { Fidelity, GivenOptions } from '#core/options/given-options.ts';
import type { RawValue } from '#core/options/value-kind.ts';
import type { Problem } from '#core/result.ts';
import { parseYaml, type ParsedYaml } from './parse-yaml.ts';
import { parseDuration } from './quantities.ts';

/** Where it is looked for: in the folder in which a command is called. */
export const ENGAGE_CONFIG_FILE = 'engage.yaml';

/** The version of the file's format that is read and written. */
export const ENGAGE_CONFIG_VERSION = 1;

export interface EngageConfig {
  readonly version: typeof ENGAGE_CONFIG_VERSION;
  readonly fidelity: Fidelity;
  /** By section and name, as written. */
  readonly options: GivenOptions;
  readonly nodes: readonly NodeEntry[];
  readonly store: StoreEntry;
  /** Where the secret that nodes share is found; it does not stand in the file. Undefined: no node can be started. */
  readonly secret: SecretReference | undefined;
  /** The scenario file whose site, rules, categories and groups the nodes serve, relative to engage.yaml. */
  readonly serves: string | undefined;
  /** Origins whose pages may talk to the nodes, such as https://www.shop.example. */
  readonly origins: readonly string[];
}

/** A process of the installation and where it listens. */
export interface NodeEntry {
  readonly name: string;
  readonly role: 'frontend' | 'backend' | 'contactCenter' | 'store' | 'balancer';
  readonly host: string;
  readonly port: number;
}

export interface StoreEntry {
  readonly kind: 'memory' | 'sqlite' | 'cassandra';
  /** Folder of the SQLite files, relative to engage.yaml. */
  readonly folder: string;
  /** Nodes of the Cassandra, hosts or host:port; absent: the seed nodes of the options. */
  readonly contactPoints?: readonly string[] | undefined;
  /** Of the SQLite files; absent: as DEFAULT_BACKUP has it. */
  readonly backup?: BackupEntry | undefined;
}

/** When backups are made, and how many good ones stay. */
export interface BackupEntry {
  /** Relative to engage.yaml. */
  readonly folder: string;
  /** From one to the next, ms; null: only on demand. */
  readonly every: number | null;
  readonly keep: number;
}

export const DEFAULT_BACKUP: BackupEntry = { folder: 'backups', every: 3_600_000, keep: 3 };

/** An environment variable or a file that holds the secret. */
export type SecretReference = { readonly env: string } | { readonly file: string };

const optionValueSchema = z.union([z.string(), z.number(), z.boolean()], {
  error: 'expected a text, a number, true or false ("" for an empty value)',
});

/** Options by section and name, of whatever value; the same in scenario files. */
export const givenOptionsSchema = z.record(
  z.string(),
  z.record(z.string(), optionValueSchema, { error: 'expected the options of this section, name by name' }),
  { error: 'expected options by section' },
);

const nodeSchema = z.strictObject({
  name: z
    .string({ error: "expected the node's name, such as frontend-1" })
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, { error: 'expected letters, digits, dots, dashes and underscores' }),
  role: z.enum(['frontend', 'backend', 'contactCenter', 'store', 'balancer'], {
    error: 'expected frontend, backend, contactCenter, store or balancer',
  }),
  host: z.string({ error: 'expected an address to listen on' }).default('127.0.0.1'),
  port: z
    .int({ error: 'expected a port from 1 to 65535' })
    .min(1, { error: 'expected a port from 1 to 65535' })
    .max(65_535, { error: 'expected a port from 1 to 65535' }),
});

/** A node of a Cassandra: a host or an address, with or without a port. */
export const CONTACT_POINT = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[1-9]\d{0,4})?$/;

const BACKUP_EVERY_MS_MIN = 60_000;
const BACKUP_EVERY = 'expected never, or a duration of at least a minute, such as 1h or 30m';
const BACKUPS_KEPT = 'expected how many good backups are kept, from 1 to 1000';

const backupSchema = z.strictObject({
  folder: z.string({ error: 'expected the folder of the backups' }).min(1).default(DEFAULT_BACKUP.folder),
  every: z
    .string({ error: BACKUP_EVERY })
    .transform((text, context) => {
      if (text === 'never') return null;
      const ms = parseDuration(text) ?? 0;
      if (ms < BACKUP_EVERY_MS_MIN) context.addIssue({ code: 'custom', message: `${BACKUP_EVERY}, got "${text}"` });
      return ms;
    })
    .default(DEFAULT_BACKUP.every),
  keep: z
    .int({ error: BACKUPS_KEPT })
    .min(1, { error: BACKUPS_KEPT })
    .max(1_000, { error: BACKUPS_KEPT })
    .default(DEFAULT_BACKUP.keep),
});

const NO_BACKUP = 'expected no backup beside this kind of store: it is for the files of kind sqlite';

const storeSchema = z
  .strictObject({
    kind: z
      .enum(['memory', 'sqlite', 'cassandra'], { error: 'expected sqlite, cassandra or memory' })
      .default('sqlite'),
    folder: z.string({ error: 'expected the folder of the store' }).default('store'),
    contactPoints: z
      .array(z.string().regex(CONTACT_POINT, { error: 'expected a host, or host:port' }), {
        error: 'expected a list of hosts',
      })
      .min(1, { error: 'expected at least one host' })
      .optional(),
    backup: backupSchema.optional(),
  })
  .refine(({ kind, backup }) => kind === 'sqlite' || backup === undefined, { path: ['backup'], error: NO_BACKUP });

const secretSchema = z.union(
  [z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })],
  { error: 'expected where the secret is found: { env: NAME } or { file: PATH }' },
);

export const engageConfigSchema = z.strictObject(
  {
    version: z
      .literal(ENGAGE_CONFIG_VERSION, { error: `expected ${ENGAGE_CONFIG_VERSION}, the version that is read here` })
      .default(ENGAGE_CONFIG_VERSION),
    fidelity: z.enum(['improved', 'faithful'], { error: 'expected improved or faithful' }).default('improved'),
    options: givenOptionsSchema.default({}),
    nodes: z
      .array(nodeSchema, { error: 'expected a list of nodes' })
      .default([])
      .superRefine((nodes, context) => {
        nodes.forEach(({ name, host, port }, index) => {
          const isTwin = (other: NodeEntry): boolean =>
            other.name === name || (other.host === host && other.port === port);
          if (!nodes.slice(0, index).some(isTwin)) return;
          context.addIssue({
            code: 'custom',
            path: [index],
            message: 'a node of this name or address is there already',
          });
        });
      }),
    store: storeSchema.default({ kind: 'sqlite', folder: 'store' }),
    secret: secretSchema.optional(),
    serves: z.string({ error: 'expected the path of a scenario file' }).min(1).optional(),
    origins: z
      .array(z.url({ protocol: /^https?$/, error: 'expected an origin such as https://www.shop.example' }))
      .default([]),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'expected a file of keys and values' : undefined) },
);

function withAllKeys(config: z.output<typeof engageConfigSchema>): EngageConfig {
  return { ...config, secret: config.secret, serves: config.serves };
}

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
    nodes: [],
    store: { kind: 'sqlite', folder: 'store' },
    secret: undefined,
    serves: undefined,
    origins: [],
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
  const strict = parseYaml(text, file, engageConfigSchema.transform(withAllKeys));
  if (strict.ok) return { parsed: strict.value, problems: [] };
  const lenient = parseYaml(text, file, lenientSchema);
  return { parsed: lenient.ok ? lenient.value : undefined, problems: strict.problems };
}
