/** Runs the command line as a user does, in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

export const PROJECT_ROOT = join(import.meta.dirname, '../..');
const CLI = join(PROJECT_ROOT, 'servers/host/engage.mjs');

export interface CliOutcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts `engage WORDS...` from the project's root, without colours. */
export function startCli(words: readonly string[]): {
  readonly child: ChildProcess;
  readonly outcome: Promise<CliOutcome>;
} {
  const child = spawn(process.execPath, [CLI, ...words], { cwd: PROJECT_ROOT, env: { ...process.env, NO_COLOR: '1' } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (err += piece.toString()));
  const outcome = new Promise<CliOutcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
  return { child, outcome };
}

export function runCli(...words: readonly string[]): Promise<CliOutcome> {
  return startCli(words).outcome;
}
