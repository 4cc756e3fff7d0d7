/**
 * The one port through which the shell starts a Node process, and its implementation for Electron: a packaged testbed carries
 * no other Node, so the bundled host runs in a utility process.
 */
import { createInterface } from 'node:readline';
import type { ForkOptions, UtilityProcess } from 'electron';

export interface NodeProcessSpec {
  readonly name: string;
  /** Path of the script to run. */
  readonly script: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

export interface NodeProcessListener {
  readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
  /** Once, at the end; `code` is 0 for a clean end. */
  readonly onExit: (code: number) => void;
}

export interface NodeProcess {
  /** Asks it to end; it may take its time. */
  readonly stop: () => void;
  /** Ends it at once. */
  readonly kill: () => void;
}

export type SpawnNode = (spec: NodeProcessSpec, listener: NodeProcessListener) => NodeProcess;

/** What is needed of Electron's UtilityProcess. */
export type Utility = Pick<UtilityProcess, 'stdout' | 'stderr' | 'pid' | 'kill'> & {
  once(event: 'exit', listener: (code: number) => void): unknown;
};

/** @param fork Electron's `utilityProcess.fork`; it may be called only after the app is ready. */
export function createUtilitySpawn(
  fork: (script: string, args: string[], options: ForkOptions) => Utility,
  killProcess: (pid: number) => void,
): SpawnNode {
  return (spec, { onLine, onExit }) => {
    const child = fork(spec.script, [...spec.args], { serviceName: spec.name, cwd: spec.cwd, stdio: 'pipe' });
    for (const stream of ['stdout', 'stderr'] as const) {
      const input = child[stream];
      if (input !== null) createInterface({ input }).on('line', (line) => onLine(stream, line));
    }
    child.once('exit', onExit);
    return {
      stop: () => void child.kill(),
      kill: () => {
        if (child.pid !== undefined) killProcess(child.pid);
      },
    };
  };
}
