/**
 * Every configuration option of the guide, once, as one typed table. What is read by a literal path has the type of that
 * option's values; a path that is none fails to compile. Why it is laid out so: docs/adr/0003-options-table.md.
 */
import { assert, present } from '../assert.ts';
import { CASSANDRA_OPTIONS } from './cassandra-options.ts';
import { LOG_OPTIONS } from './log-options.ts';
import type { Application, Option, OptionFacts } from './option.ts';
import { PACING_OPTIONS } from './pacing-options.ts';
import { SECURITY_OPTIONS } from './security-options.ts';
import { SETTINGS_OPTIONS } from './settings-options.ts';
import type { KindValue } from './value-kind.ts';
import { CHAT_SERVER_OPTIONS, WES_OPTIONS } from './wes-options.ts';
import { WMDB_OPTIONS } from './wmdb-options.ts';
import { WMSG_OPTIONS } from './wmsg-options.ts';

const TABLE = {
  ...LOG_OPTIONS,
  ...WES_OPTIONS,
  ...WMSG_OPTIONS,
  ...WMDB_OPTIONS,
  ...PACING_OPTIONS,
  ...SETTINGS_OPTIONS,
  ...SECURITY_OPTIONS,
  ...CHAT_SERVER_OPTIONS,
  ...CASSANDRA_OPTIONS,
} as const satisfies Readonly<Record<string, OptionFacts<unknown>>>;

type Table = typeof TABLE;

/** The family of Chat Server end points: one entry for all of them, read by `ResolvedOptions.chatEndpoint`. */
export const ENDPOINT_FAMILY = 'endpoints:<tenantID>/webme';

/** `section/name`, or `application.section/name` where several applications have the section. */
export type OptionPath = Exclude<keyof Table, typeof ENDPOINT_FAMILY>;

/** The type of an option's values, e.g. number for `service:wmsg/wmsg.connector.engagementExpirationTime` (seconds). */
export type OptionValue<P extends OptionPath> = KindValue<Table[P]['kind']>;

/** Who has each section, bare of its application. */
export const SECTION_APPLICATIONS: Readonly<Record<string, readonly Application[]>> = {
  log: ['backend', 'frontend'],
  'service:wes': ['backend'],
  'service:wmsg': ['backend'],
  'service:wmdb': ['backend'],
  'service:pacing': ['backend'],
  settings: ['backend', 'frontend', 'workspace', 'rules-authoring'],
  security: ['backend'],
  'service:cep': ['frontend'],
  webengagement: ['backend', 'frontend'],
  'gwe:security': ['workspace'],
  'endpoints:<tenantID>': ['chat-server'],
  environment: ['cassandra'],
};

/** `section`, or `application.section` where several applications have it. */
export function sectionPath(application: Application, section: string): string {
  return (SECTION_APPLICATIONS[section]?.length ?? 0) > 1 ? `${application}.${section}` : section;
}

/** The table in its order, each option with its place. */
export const OPTIONS: readonly Option[] = Object.entries<OptionFacts<unknown>>(TABLE).map(([path, facts]) => ({
  ...facts,
  ...parsePath(path),
}));

const BY_PATH: ReadonlyMap<string, Option> = new Map(OPTIONS.map((option) => [option.path, option]));

/** The option at a path of the table, its families by their own path. */
export function optionAt(path: OptionPath | typeof ENDPOINT_FAMILY): Option {
  return present(BY_PATH.get(path), `option ${path}`);
}

export function isOptionPath(path: string): path is OptionPath {
  return path !== ENDPOINT_FAMILY && BY_PATH.has(path);
}

function parsePath(path: string): Pick<Option, 'path' | 'application' | 'section' | 'name'> {
  const slash = path.indexOf('/');
  const place = path.slice(0, slash);
  for (const [section, applications] of Object.entries(SECTION_APPLICATIONS)) {
    const application = applications.find((one) => sectionPath(one, section) === place);
    if (application !== undefined) return { path, application, section, name: path.slice(slash + 1) };
  }
  assert(false, `the option ${path} stands in a section that no application has`);
}
