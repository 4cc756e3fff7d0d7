/** Runs a tool of the system to its end and gathers what it says. */
import { spawn } from 'node:child_process';

export interface ToolOutcome {
  /** Null: it was killed, or could not be started. */
  readonly code: number | null;
  /** Both of its outputs. */
  readonly output: string;
}

/** Output that is kept, the newest. */
const OUTPUT_CHARS_MAX = 4 * 1024 * 1024;

export function runTool(
  path: string,
  words: readonly string[],
  { timeoutMs }: { readonly timeoutMs: number },
): Promise<ToolOutcome> {
  return new Promise((resolve) => {
    const child = spawn(path, words, { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs, killSignal: 'SIGKILL' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-OUTPUT_CHARS_MAX)));
    }
    child.on('error', (error) => resolve({ code: null, output: error.message }));
    child.on('close', (code) => resolve({ code, output }));
  });
}
