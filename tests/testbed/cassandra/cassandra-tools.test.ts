/** What is said on a machine that can't run a Cassandra: no Java, the wrong one, no Maven, a port that is taken, a start that fails. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { layOutCluster } from '#testbed/cassandra/cassandra-layout.ts';
import { describeFailedStart, saysItServes } from '#testbed/cassandra/cassandra-log.ts';
import { checkPorts, findFreePorts } from '#testbed/cassandra/cassandra-ports.ts';
import { ensureJars, findJava } from '#testbed/cassandra/cassandra-tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'java-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A `java` that tells this version, in a folder of its own. */
function javaOf(version: string): string {
  const bin = join(folder, version, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'java'), `#!/bin/sh\necho 'openjdk version "${version}" 2026-04-15' >&2\n`);
  chmodSync(join(bin, 'java'), 0o755);
  return bin;
}

describe('Java', () => {
  it('is found where its version is 17, and named with its version where it is another', async () => {
    const [old, right] = [javaOf('1.8.0_392'), javaOf('17.0.15')];
    expect(await findJava({ PATH: `/nowhere:${old}:${right}` })).toBe(join(right, 'java'));
    expect(await findJava({ JAVA_HOME: join(right, '..'), PATH: old })).toBe(join(right, '..', 'bin', 'java'));
  });
});

describe('the jars', () => {
  it('can not be brought without Maven', async () => {
    const before = process.env['PATH'];
    process.env['PATH'] = '/nowhere';
    try {
      await expect(ensureJars(join(folder, 'lib'), () => undefined)).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringMatching(/there is no mvn here; npm run components installs it/) as string,
      });
    } finally {
      process.env['PATH'] = before;
    }
  });
});

describe('the ports', () => {
  it('are refused by name when one is taken', async () => {
    const ports = await findFreePorts();
    const { nodes } = layOutCluster({ nodes: 1, dataCenters: false });
    await expect(checkPorts(nodes, ports)).resolves.toBeUndefined();
    const server = createServer();
    await new Promise<void>((done) => server.listen({ host: '127.0.0.1', port: ports.storage }, done));
    await expect(checkPorts(nodes, ports)).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `node-1 can't listen on 127.0.0.1:${ports.storage}: it is in use`,
    });
    server.close();
  });
});

describe('the log of a start', () => {
  it.each([
    ['java.lang.reflect.InaccessibleObjectException: Unable to make field opens java.io', 'it must be Java 17'],
    ['Invalid yaml. Please remove properties [nonsense] from your cassandra.yaml', 'does not fit this version'],
    ['java.net.BindException: Address already in use', 'a port is taken'],
    ['Unable to gossip with any peers', 'start node 1 first'],
    ['java.io.IOException: No space left on device', 'the disk is full'],
  ])('%s is told as: %s', (line, cause) => {
    expect(describeFailedStart(`INFO fine\nERROR ${line}\n\tat a.b.C(C.java:1)\n`)).toContain(cause);
  });

  it('that names no known cause is shown by its last lines, without the stack', () => {
    expect(describeFailedStart('INFO one\nERROR two\n\tat a.b.C(C.java:1)\n')).toBe(
      'its log names no cause that is known here\n    INFO one\n    ERROR two',
    );
  });

  it('is not taken for one that lacked memory because it repeats the arguments', () => {
    expect(describeFailedStart('INFO JVM Arguments: [-Xmx384m, -XX:+ExitOnOutOfMemoryError]\n')).toContain('no cause');
  });

  it('tells when clients are listened to', () => {
    expect(saysItServes('INFO Starting listening for CQL clients on /127.0.0.1:19160 (unencrypted)...')).toBe(true);
    expect(saysItServes('INFO Not starting native transport as requested')).toBe(false);
  });
});
