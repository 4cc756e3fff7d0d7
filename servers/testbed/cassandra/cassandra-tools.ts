/** What a Cassandra node needs of this machine: a Java 17, and the jars, which Maven brings once. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OperatingError } from '#protocol/operating-error.ts';
import { findOnPath, isExecutable } from './find-executable.ts';
import { runTool } from './run-tool.ts';

export const CASSANDRA_VERSION = '5.0.8';
/** The only Java that this version's scripts accept beside 11, which the arguments of a node are not for. */
const JAVA_MAJOR = 17;
const INSTALL = 'npm run components installs it (as root, on Debian)';
const POM = fileURLToPath(new URL('./pom.xml', import.meta.url));
const JVM_FOLDER = '/usr/lib/jvm';

/** Path of a `java` of the right version; throws UNAVAILABLE saying which it found instead. */
export async function findJava(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const found: string[] = [];
  for (const path of listJavas(env)) {
    const { output } = await runTool(path, ['-version'], { timeoutMs: 20_000 });
    const version = /version "(?<version>[^"]+)"/.exec(output)?.groups?.['version'];
    if (version === undefined) continue;
    if (Number(version.replace(/^1\./, '').split('.', 1)[0]) === JAVA_MAJOR) return path;
    found.push(`${path} is Java ${version}`);
  }
  const instead = found.length === 0 ? 'there is no java here' : found.join(', ');
  throw new OperatingError('UNAVAILABLE', `Cassandra needs Java ${JAVA_MAJOR}: ${instead}; ${INSTALL}`);
}

/** That of the environment first, then others that are installed beside it. */
function listJavas(env: NodeJS.ProcessEnv): readonly string[] {
  const home = env['JAVA_HOME'] ?? '';
  const installed = existsSync(JVM_FOLDER) ? readdirSync(JVM_FOLDER).filter((name) => name.includes('17')) : [];
  const paths = [
    ...(home === '' ? [] : [join(home, 'bin', 'java')]),
    ...findOnPath('java', env),
    ...installed.map((name) => join(JVM_FOLDER, name, 'bin', 'java')),
  ];
  return [...new Set(paths)].filter(isExecutable);
}

/** Whether `ensureJars` has nothing to do. */
export function hasJars(lib: string): boolean {
  return existsSync(join(lib, `cassandra-all-${CASSANDRA_VERSION}.jar`));
}

/**
 * Sees to it that all jars are in the folder `lib`; `say` is told when that takes a while. Throws UNAVAILABLE where there is no
 * Maven, or where it can't bring them.
 */
export async function ensureJars(lib: string, say: (line: string) => void): Promise<void> {
  if (hasJars(lib)) return;
  const [maven] = findOnPath('mvn', process.env);
  if (maven === undefined) {
    throw new OperatingError('UNAVAILABLE', `Maven brings Cassandra's jars, and there is no mvn here; ${INSTALL}`);
  }
  say(`bringing the jars of Cassandra ${CASSANDRA_VERSION} by Maven, once`);
  // Whole or not at all: it takes its name when it is complete.
  const partial = `${lib}.partial-${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const { output } = await runTool(maven, ['-B', '-f', POM, 'package', `-Dlib=${partial}`], { timeoutMs: 600_000 });
  // Maven's own words don't tell: it prints an error about the parent's description and goes on.
  if (!hasJars(partial)) {
    rmSync(partial, { recursive: true, force: true });
    throw new OperatingError('UNAVAILABLE', `Maven did not bring Cassandra's jars: ${lastError(output)}`);
  }
  rmSync(lib, { recursive: true, force: true });
  renameSync(partial, lib);
}

function lastError(output: string): string {
  const errors = output.split('\n').filter((line) => line.includes('[ERROR]') && line.length > '[ERROR] '.length);
  const [first = 'it said nothing'] = errors.filter((line) => !line.includes('systemPath'));
  return first.replace('[ERROR] ', '').slice(0, 400);
}

/** File name of the agent among the jars. */
export function findJamm(lib: string): string {
  const jamm = readdirSync(lib).find((name) => /^jamm-[0-9.]+\.jar$/.test(name));
  if (jamm !== undefined) return jamm;
  throw new OperatingError('UNAVAILABLE', `${lib} has no jamm: remove it, and Maven brings the jars again`);
}
