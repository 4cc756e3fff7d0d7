/** engage.yaml on disk: reading it with every problem named, and writing it so that it is never half there. */
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { checkOptions } from '#core/options/check-options.ts';
import type { ResolvedOptions } from '#core/options/resolved-options.ts';
import type { Problem, Result } from '#core/result.ts';
import { parseEngageConfig, type EngageConfig } from '#protocol/engage-config.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { SourceMap } from '#protocol/parse-yaml.ts';
import { countProblems } from './problems.ts';

export interface ConfigFile {
  /** As it was named. */
  readonly file: string;
  readonly exists: boolean;
  readonly text: string;
  readonly config: EngageConfig;
  readonly source: SourceMap;
  /** The options in force, or what is wrong with those given. */
  readonly options: Result<ResolvedOptions, Problem>;
}

/** Reads `file`; where there is none and `mayBeAbsent`, an empty one. Throws OperatingError with every problem if its form is wrong. */
export function readConfigFile(file: string, mayBeAbsent: boolean): ConfigFile {
  const text = readText(file);
  if (text === undefined && !mayBeAbsent) throw new OperatingError('FILE_NOT_FOUND', `there is no file ${file}`);
  const reading = parseEngageConfig(text ?? '', file);
  if (reading.parsed === undefined) throw invalidConfig(file, reading.problems);
  const { value: config, source } = reading.parsed;
  const options = checkOptions(config.options, { fidelity: config.fidelity, source, path: ['options'] });
  if (reading.problems.length > 0) {
    throw invalidConfig(file, [...reading.problems, ...(options.ok ? [] : options.problems)].sort(byPlace));
  }
  return { file, exists: text !== undefined, text: text ?? '', config, source, options };
}

/** The options in force; throws OperatingError with every wrong one. */
export function optionsOf(config: ConfigFile): ResolvedOptions {
  if (!config.options.ok) throw invalidConfig(config.file, config.options.problems);
  return config.options.value;
}

function invalidConfig(file: string, problems: readonly Problem[]): OperatingError {
  return new OperatingError('INVALID_INPUT', `${file} has ${countProblems(problems)}`, problems);
}

function byPlace(one: Problem, other: Problem): number {
  return one.line - other.line || one.column - other.column;
}

export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw unavailable(`${file} can't be read`, error);
  }
}

/**
 * Writes all of `text` or nothing: into a file beside it that then takes its name. A link is followed, a file's permissions
 * are kept; a new one is its owner's alone, as it may hold passwords.
 */
export function writeConfigFile(file: string, text: string): void {
  let target = resolve(file);
  let mode = 0o600;
  const temporary = () => join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    if (statSync(target, { throwIfNoEntry: false }) !== undefined) {
      target = realpathSync(target);
      mode = statSync(target).mode & 0o777;
    }
    const handle = openSync(temporary(), 'wx', mode);
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary(), target);
  } catch (error) {
    rmSync(temporary(), { force: true });
    throw unavailable(`${file} can't be written`, error);
  }
}

function unavailable(what: string, error: unknown): OperatingError {
  const code = codeOf(error);
  if (code === undefined) throw error;
  return new OperatingError(code === 'ENOENT' ? 'FILE_NOT_FOUND' : 'UNAVAILABLE', `${what}: ${describeCode(code)}`);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function describeCode(code: string): string {
  const known: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EPERM: 'not permitted',
    EISDIR: 'it is a folder',
    ENOENT: 'its folder does not exist',
    ENOSPC: 'the disk is full',
    EROFS: 'the disk is read-only',
  };
  return known[code] ?? code;
}
