/** Runs `engage config` in this process, on files in a folder of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, vi } from 'vitest';
import { addConfigCommand } from '#host/commands/config-command.ts';
import { describeProblem, OPERATING_ERRORS, OperatingError } from '#protocol/operating-error.ts';

export interface Outcome {
  readonly exit: number;
  readonly out: string;
  /** With the error's message at its end. */
  readonly err: string;
  /** Of the error. */
  readonly problems: readonly string[];
}

/** The words after `engage config`; they name the file themselves where they need one. */
export function runConfig(...words: readonly string[]): Outcome {
  const written = { out: '', err: '' };
  for (const [stream, name] of [
    [process.stdout, 'out'],
    [process.stderr, 'err'],
  ] as const) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      written[name] += String(chunk);
      return true;
    });
  }
  const program = new Command('engage').exitOverride();
  addConfigCommand(program);
  try {
    program.parse(['config', ...words], { from: 'user' });
    return { exit: 0, ...written, problems: [] };
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    const { exit } = OPERATING_ERRORS[error.code];
    return { exit, ...written, err: written.err + error.message, problems: error.problems.map(describeProblem) };
  } finally {
    vi.restoreAllMocks();
  }
}

export interface Installation {
  /** A folder that lives for one test. */
  folder: string;
  /** engage.yaml in it. */
  file: string;
  give(text: string): void;
}

/** A folder for each test of the file that calls it. */
export function useInstallation(): Installation {
  const installation: Installation = {
    folder: '',
    file: '',
    give: (text) => writeFileSync(installation.file, text),
  };
  beforeEach(() => {
    installation.folder = mkdtempSync(join(tmpdir(), 'config-'));
    installation.file = join(installation.folder, 'engage.yaml');
  });
  afterEach(() => rmSync(installation.folder, { recursive: true }));
  return installation;
}

export const EXPIRATION = 'service:wmsg/wmsg.connector.engagementExpirationTime';
