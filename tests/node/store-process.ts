/** A real store node process for tests: started, killed at any moment, started again on the same files. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromNode, NodeConfig, ToNode } from '#node/node-ipc.ts';
import type { BackupPlan } from '#ports/backups.ts';
import { loadScenario } from '#testbed/load-scenario.ts';

export const STORE_NODE = fileURLToPath(new URL('../../servers/host/nodes/store-node.ts', import.meta.url));
export const HASTY_STORE_NODE = fileURLToPath(new URL('./hasty-store-node.ts', import.meta.url));
export const STORE_SECRET = 'run-S3CRET';

export class StoreProcess {
  readonly #script: string;
  readonly #folder: string;
  readonly #backups: BackupPlan | undefined;
  #child: ChildProcess | undefined;
  #incarnation = 0;
  url = '';

  constructor(script: string, folder: string, backups?: BackupPlan) {
    this.#script = script;
    this.#folder = folder;
    this.#backups = backups;
  }

  /** Starts the process and waits until it serves. */
  async start(): Promise<string> {
    this.#incarnation += 1;
    const child = fork(this.#script, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.#child = child;
    child.send({ type: 'configure', config: this.#config() } satisfies ToNode);
    for (;;) {
      const [message] = (await once(child, 'message')) as [FromNode];
      if (message.type === 'failed') throw new Error(message.message);
      if (message.type === 'ready') return (this.url = `http://127.0.0.1:${message.port}`);
    }
  }

  /** SIGKILL; fulfilled when it is gone. */
  async kill(): Promise<void> {
    await this.#end(() => this.#child?.kill('SIGKILL'));
  }

  /** 0: it does not run. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** The exit code of a clean stop. */
  async stop(): Promise<number | null> {
    return this.#end(() => this.#child?.send({ type: 'stop' } satisfies ToNode));
  }

  async #end(how: () => void): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    how();
    await ended;
    return child.exitCode;
  }

  #config(): NodeConfig {
    const loaded = loadScenario('scenarios/guide-example.yaml');
    if (!loaded.ok) throw new Error('the scenario of the guide is valid');
    return {
      role: 'store',
      name: 'store',
      incarnation: this.#incarnation,
      host: '127.0.0.1',
      port: 0,
      secret: STORE_SECRET,
      folder: this.#folder,
      journal: false,
      law: { anchorMonoMs: 0, anchorDomainMs: 0, speed: 1, fromMonoMs: 0 },
      scenario: loaded.value,
      store: 'sqlite',
      ...(this.#backups === undefined ? {} : { backups: this.#backups }),
      peers: { store: null, contactCenter: null, backends: [], frontends: [], balancer: null },
      allowedOrigins: [],
    };
  }
}
