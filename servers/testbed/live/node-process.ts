/**
 * The one port through which the testbed starts a live node's process, and its implementation by child_process.fork on the Node
 * that runs. What is not Node (a packaged desktop) brings another implementation.
 */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FromNode, ToNode } from '#node/node-ipc.ts';

export interface NodeProcessSpec {
  readonly name: string;
  /** Path of the entry point. */
  readonly script: string;
}

export interface NodeProcessListener {
  readonly onMessage: (message: FromNode) => void;
  readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
  /** Once, after its last message and line. `signal` null: it ended by itself. */
  readonly onEnd: (code: number | null, signal: NodeJS.Signals | null) => void;
}

export interface NodeProcess {
  /** 0: it could not be started. */
  readonly pid: number;
  /** A message to a process that has ended is dropped: `onEnd` tells. */
  tell(message: ToNode): void;
  kill(): void;
  /** SIGSTOP: it stands still and all its connections stay open. */
  hold(): void;
  /** SIGCONT. */
  release(): void;
}

export type SpawnNode = (spec: NodeProcessSpec, listener: NodeProcessListener) => NodeProcess;

/** All that a node needs of its environment; the rest of ours (secrets among it) is not handed on. */
const ENVIRONMENT = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot'];

/** Compiled code is kept from one start to the next (a fifth of the loading time); beside the packages, where others can't plant any. */
const COMPILE_CACHE = fileURLToPath(new URL('../../../node_modules/.cache/live-nodes', import.meta.url));

/** Held processes can't see their parent go; whoever starts them sees to it that they end with it. */
const started = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of started) child.kill('SIGKILL');
});

export function createForkSpawn(): SpawnNode {
  return ({ script }, listener) => {
    const child = fork(script, [], {
      execPath: process.execPath,
      execArgv: [...flagsOfTypeStripping()],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: environmentOfNode(),
    });
    listen(child, listener);
    return controlsOf(child);
  };
}

function listen(child: ChildProcess, listener: NodeProcessListener): void {
  started.add(child);
  for (const stream of ['stdout', 'stderr'] as const) {
    const input = child[stream];
    if (input !== null) createInterface({ input }).on('line', (line) => listener.onLine(stream, line));
  }
  // The channel's other end is this very version.
  child.on('message', (message) => listener.onMessage(message as FromNode));
  child.on('error', (error) => {
    listener.onLine('stderr', error.message);
    if (child.pid === undefined) end(null, null);
  });
  // `close`, not `exit`: only now all that it said has been read.
  child.once('close', end);
  function end(code: number | null, signal: NodeJS.Signals | null): void {
    if (started.delete(child)) listener.onEnd(code, signal);
  }
}

function controlsOf(child: ChildProcess): NodeProcess {
  let releaseGuard: (() => void) | undefined;
  const endGuard = (): void => {
    releaseGuard?.();
    releaseGuard = undefined;
  };
  child.once('exit', endGuard);
  return {
    pid: child.pid ?? 0,
    tell: (message) => {
      if (child.connected) child.send(message, ignoreLoss);
    },
    kill: () => void child.kill('SIGKILL'),
    hold: () => {
      releaseGuard ??= guardHeld(child.pid ?? 0);
      child.kill('SIGSTOP');
    },
    release: () => {
      child.kill('SIGCONT');
      endGuard();
    },
  };
}

/**
 * A held process doesn't notice that its parent is gone. This small shell does: it waits on a pipe from us, and when that breaks
 * without a word, it kills the held one.
 */
function guardHeld(pid: number): () => void {
  const guard = spawn('/bin/sh', ['-c', 'read -r word || kill -KILL "$0"', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  });
  guard.stdin.on('error', ignoreLoss);
  return () => void guard.stdin.end('released\n');
}

function environmentOfNode(): NodeJS.ProcessEnv {
  const taken = ENVIRONMENT.map((name) => [name, process.env[name]] as const);
  return { ...Object.fromEntries(taken), NODE_COMPILE_CACHE: COMPILE_CACHE };
}

/** Node strips types by itself from 22.18 on. */
function flagsOfTypeStripping(): readonly string[] {
  return process.features.typescript === false
    ? ['--experimental-strip-types', '--disable-warning=ExperimentalWarning']
    : [];
}

function ignoreLoss(): void {
  // Its end is told by `close`.
}
