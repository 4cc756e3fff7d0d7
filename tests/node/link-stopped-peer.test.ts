/** A peer whose process is stopped (SIGSTOP) closes nothing: only its silence tells, and it comes back where it was. */
import { spawn, type ChildProcess } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { closeNodes, closing, dial, LinkEar, QUICK, SECRET, until } from '#tests/node/link-nodes.ts';

afterEach(closeNodes);

/** Echoes each message to whoever sent it; tells its port. */
const PEER = `
  import { createServer } from 'node:http';
  import { createLinkAcceptor } from '#node/link-acceptor.ts';
  const server = createServer();
  const acceptor = createLinkAcceptor({
    node: 'backend-1', incarnation: 1, secret: ${JSON.stringify(SECRET)}, limits: ${JSON.stringify(QUICK)}, server,
    onPeer: () => undefined,
    onMessage: (from, id, message, done) => {
      acceptor.peer(from).send('echo of ' + id, message, () => undefined);
      done(true);
    },
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
  process.on('disconnect', () => process.exit());
`;

async function spawnPeer(): Promise<{ child: ChildProcess; port: number }> {
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
  const child = spawn(process.execPath, ['--input-type=module', '-e', PEER], { stdio: [...stdio] });
  closing(() => {
    child.kill('SIGKILL');
  });
  const port = await new Promise<number>((resolve) => child.once('message', (told) => resolve(Number(told))));
  return { child, port };
}

test.skipIf(process.platform === 'win32')(
  'a stopped peer is noticed; when it goes on, nothing is lost or doubled',
  async () => {
    const { child, port } = await spawnPeer();
    const front = new LinkEar('at once');
    const link = dial(front.options('frontend-1'), 'backend-1', `http://127.0.0.1:${String(port)}`);
    const sent: string[] = [];
    const acked: string[] = [];
    const send = (count: number): void => {
      for (let i = 0; i < count; i += 1) {
        const id = `m${String(sent.length)}`;
        sent.push(id);
        link.send(id, id, () => acked.push(id));
      }
    };
    send(10);
    await until(() => acked.length === 10);
    child.kill('SIGSTOP');
    send(10);
    await until(() => !link.connected);
    send(10);
    child.kill('SIGCONT');
    await until(() => acked.length === 30 && front.ids.length === 30);
    expect(acked).toEqual(sent);
    expect(front.ids).toEqual(sent.map((id) => `echo of ${id}`));
  },
);
