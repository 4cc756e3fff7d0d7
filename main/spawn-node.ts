/**
 * The one port through which the shell starts a Node process, and its two implementations: a packaged testbed carries no other Node
 * than Electron's, so the bundled host runs in a utility process; from the sources, the Node of `npm start` runs them as they are.
 */
import { fork as forkProcess } from 'node:child_process';
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

/**
 * A host on a Node of its own, which can start the nodes of live runs. It holds a channel to us, and ends when that breaks.
 *
 * @param node path of the Node that runs the sources
 */
export function createForkSpawn(node: string): SpawnNode {
  return (spec, { onLine, onExit }) => {
    const child = forkProcess(spec.script, [...spec.args], {
      execPath: node,
      execArgv: [],
      cwd: spec.cwd,
      silent: true,
    });
    for (const stream of ['stdout', 'stderr'] as const) {
      const input = child[stream];
      if (input !== null) createInterface({ input }).on('line', (line) => onLine(stream, line));
    }
    let ended = false;
    const end = (code: number): void => {
      if (!ended) onExit(code);
      ended = true;
    };
    child.once('exit', (code) => end(code ?? 1));
    child.once('error', (error) => {
      onLine('stderr', error.message);
      end(1);
    });
    return { stop: () => void child.kill('SIGTERM'), kill: () => void child.kill('SIGKILL') };
  };
}
