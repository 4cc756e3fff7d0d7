/** The frame of a node process, tried on a real one: orders, a clean stop, its last words, and its end with its parent. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { createNextLaw, readMonoMs, type ClockLaw } from '#node/domain-clock.ts';
import type { FromNode, NodeConfig, Peers, ToNode } from '#node/node-ipc.ts';
import { loadScenario } from '#testbed/load-scenario.ts';

const TRIAL_NODE = fileURLToPath(new URL('./trial-node.ts', import.meta.url));
const NO_PEERS: Peers = { store: null, contactCenter: null, backends: [], frontends: [], balancer: null };
const LAW: ClockLaw = { anchorMonoMs: 0, anchorDomainMs: 0, speed: 1, fromMonoMs: 0 };

function configOf(name: string): NodeConfig {
  const loaded = loadScenario('scenarios/guide-example.yaml');
  if (!loaded.ok) throw new Error('the scenario of the guide is valid');
  return {
    role: 'backend',
    name,
    incarnation: 1,
    host: '127.0.0.1',
    port: 0,
    secret: 'run-S3CRET',
    folder: '/nowhere',
    journal: false,
    law: LAW,
    scenario: loaded.value,
    store: 'memory',
    peers: NO_PEERS,
    allowedOrigins: [],
  };
}

/** A node process with what it says. */
class NodeOnTrial {
  readonly child: ChildProcess;
  readonly said: FromNode[] = [];
  output = '';
  readonly #exited: Promise<unknown[]>;
  readonly #closed: Promise<unknown[]>;

  constructor() {
    this.child = fork(TRIAL_NODE, { serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.child.on('message', (message) => this.said.push(message as FromNode));
    this.child.stdout?.on('data', (text: Buffer) => (this.output += text.toString()));
    this.child.stderr?.on('data', (text: Buffer) => (this.output += text.toString()));
    this.#exited = once(this.child, 'exit');
    this.#closed = once(this.child, 'close');
  }

  order(message: ToNode): void {
    this.child.send(message);
  }

  /** Waits for a message like this one. */
  async hears(type: FromNode['type'], counter?: string): Promise<FromNode> {
    for (;;) {
      const found = this.said.find(
        (message) =>
          message.type === type &&
          (counter === undefined || (message.type === 'telemetry' && message.counters[counter] !== undefined)),
      );
      if (found !== undefined) return found;
      await once(this.child, 'message');
    }
  }

  /** [exit code, signal] */
  end(): Promise<unknown[]> {
    return this.#exited;
  }

  /** All that it has written, once it has ended; a child that was disconnected never counts as closed. */
  async wholeOutput(): Promise<string> {
    await this.#closed;
    return this.output;
  }
}

let node: NodeOnTrial | undefined;
afterEach(() => void node?.child.kill('SIGKILL'));

async function readyNode(name = 'backend-1'): Promise<NodeOnTrial> {
  node = new NodeOnTrial();
  node.order({ type: 'configure', config: configOf(name) });
  await node.hears('ready');
  return node;
}

test('serves, obeys orders, stops when told and writes its secret nowhere', async () => {
  const trial = await readyNode();
  expect(await trial.hears('ready')).toMatchObject({ port: expect.any(Number) });
  await trial.hears('telemetry', 'none');
  trial.order({ type: 'peers', peers: { ...NO_PEERS, balancer: 'http://127.0.0.1:1' } });
  await trial.hears('telemetry', 'http://127.0.0.1:1');
  trial.order({ type: 'clock', law: createNextLaw(LAW, readMonoMs(), 0) });
  expect(await trial.hears('telemetry', 'paused')).toMatchObject({ counters: { paused: 1 } });
  trial.order({ type: 'stop' });
  expect(await trial.end()).toEqual([0, null]);
  expect(trial.said.at(-1)).toMatchObject({ counters: { stopping: 1 } });
  const output = await trial.wholeOutput();
  const lines = output.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['configured', 'ready', 'stopped']);
  expect(output).not.toContain('S3CRET');
});

test('stops cleanly at SIGTERM, and heeds no Ctrl-C that its parent should judge', async () => {
  const trial = await readyNode();
  trial.child.kill('SIGINT');
  trial.order({ type: 'peers', peers: { ...NO_PEERS, balancer: 'after' } });
  await trial.hears('telemetry', 'after');
  trial.child.kill('SIGTERM');
  expect(await trial.end()).toEqual([0, null]);
});

test('ends with its parent', async () => {
  const trial = await readyNode();
  trial.child.disconnect();
  expect(await trial.end()).toEqual([0, null]);
});

test('that cannot start says why and exits with 1', async () => {
  node = new NodeOnTrial();
  node.order({ type: 'configure', config: configOf('refusing') });
  expect(await node.hears('failed')).toEqual({ type: 'failed', message: 'port 1 is in use' });
  expect(await node.end()).toEqual([1, null]);
});

test.each([
  ['bug', /not valid JSON/],
  ['rejection', /nobody waits/],
])('that meets a %s says so and exits with 1', async (balancer, message) => {
  const trial = await readyNode();
  trial.order({ type: 'peers', peers: { ...NO_PEERS, balancer } });
  expect(await trial.hears('failed')).toEqual({ type: 'failed', message: expect.stringMatching(message) });
  expect(await trial.end()).toEqual([1, null]);
  expect(await trial.wholeOutput()).toContain('"level":"fatal"');
});
