/** `engage serve`: the testbed and its screen from one loopback origin, with a first scenario running. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { sizeDeployment } from '#core/sizing/sizing-report.ts';
import { CONTACT_POINT } from '#protocol/engage-config.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { STORE_NAMES, type StoreName } from '#protocol/run-feed-live.ts';
import { PROTOCOL_VERSION, type RunMode, type RunSpeed } from '#protocol/run-feed.ts';
import { startControlServer } from '#host/control-server.ts';
import { findStore } from '#host/find-store.ts';
import { parseLiveSpeed } from '#host/live-speed.ts';
import { findProjectFolder } from '#host/project-folder.ts';
import { listScenarioCards, scenarioPath } from '#host/scenarios-folder.ts';
import { createWorkerRunControl } from '#host/worker-run-control.ts';
import { readProductVersion } from './product-version.ts';

interface ServeOptions {
  readonly port: number;
  readonly scenarios?: string;
  readonly ui?: string;
  /** False: nothing runs at first. */
  readonly run: string | false;
  readonly speed: RunSpeed;
  readonly mode: RunMode;
  readonly store: StoreName;
  readonly contactPoints?: readonly string[];
}

const EXAMPLES = `
Examples:
  engage serve
      guide-example live at 1x (one Frontend, one Backend), on a free port
  engage serve --mode sim --port 4400 --run flash-crowd.yaml --speed 100
  engage serve --no-run

Prints one line, listening http://127.0.0.1:PORT/enter?token=..., whose link lets one browser in, once.
Ctrl-C ends it. Exit status: 0 ended as asked, 2 wrong usage, 4 the port is in use or the screen is not built.`;

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('the testbed and its screen on loopback')
    .option('--port <n>', 'port on 127.0.0.1; 0: any free one', parsePort, 0)
    .option('--run <file>', 'the scenario that runs at first', 'guide-example.yaml')
    .option('--no-run', 'nothing runs at first')
    .addOption(new Option('--mode <mode>', 'how it runs at first').choices(['live', 'sim']).default('live'))
    .addOption(
      new Option('--store <store>', 'of live runs; auto: the configured Cassandra when it answers, else SQLite')
        .choices(STORE_NAMES)
        .default('auto'),
    )
    .option('--contact-points <list>', 'of their Cassandra, in place of the seed nodes of the options', parsePoints)
    .option('--speed <x>', 'its speed: virtual seconds a wall second (live: 0.1 to 10), or max', parseSpeed, 1)
    .option('--scenarios <dir>', "folder of scenario files (default: the installation's scenarios)")
    .option('--ui <dir>', "folder of the built screen (default: the installation's out/renderer)")
    .addHelpText('after', EXAMPLES)
    .action(serve);
}

/** Serves until SIGINT or SIGTERM. */
async function serve(options: ServeOptions): Promise<void> {
  const project = findProjectFolder(import.meta.dirname);
  const uiFolder = options.ui ?? join(project, 'out', 'renderer');
  const scenariosFolder = options.scenarios ?? join(project, 'scenarios');
  checkFolders(uiFolder, scenariosFolder, options.run);
  if (options.run !== false && options.mode === 'live') parseLiveSpeed(options.speed);
  const version = readProductVersion();
  const store = { name: options.store, contactPoints: options.contactPoints ?? null };
  const runs = createWorkerRunControl({ scenariosFolder, version, store });
  const server = await startControlServer({
    port: options.port,
    uiFolder,
    runs,
    about: { product: 'Web Engagement Testbed', version, protocol: PROTOCOL_VERSION, node: process.version },
    listScenarios: () => listScenarioCards(scenariosFolder),
    size,
    findStore: (question) => findStore(scenariosFolder, question),
  });
  if (options.run !== false) {
    const { run, mode, speed } = options;
    runs.command({ type: 'start', mode, scenario: run, seed: null, speed, traffic: null });
  }
  // Who reads the line may ask at once.
  const asked = untilAsked();
  console.log(`listening ${server.createLink()}`);
  await asked;
  await server.close();
  await runs.close();
}

/** UNAVAILABLE where the screen is not built, FILE_NOT_FOUND where the first scenario is not there. */
function checkFolders(uiFolder: string, scenariosFolder: string, firstScenario: string | false): void {
  const page = join(uiFolder, 'index.html');
  if (!existsSync(page)) {
    throw new OperatingError('UNAVAILABLE', `the screen is not built (no ${page}): run npm run build, or npm start`);
  }
  if (firstScenario !== false && !existsSync(scenarioPath(scenariosFolder, firstScenario))) {
    const folder = resolve(scenariosFolder);
    throw new OperatingError(
      'FILE_NOT_FOUND',
      `there is no ${firstScenario} in ${folder}: name one with --run, or --no-run`,
    );
  }
}

function size(inputs: unknown): object {
  const given = typeof inputs === 'object' && inputs !== null && !Array.isArray(inputs) ? inputs : {};
  const report = sizeDeployment(given);
  if (report.ok) return report.value;
  throw new OperatingError('INVALID_INPUT', 'These inputs can not be sized', report.problems);
}

function untilAsked(): Promise<void> {
  return new Promise((asked) => {
    process.once('SIGINT', asked);
    process.once('SIGTERM', asked);
    // Who started us as a child of his and is gone can't ask any more.
    process.once('disconnect', asked);
    process.channel?.unref();
  });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('expected a port from 0 to 65535');
}

function parsePoints(text: string): readonly string[] {
  const points = text.split(',').map((point) => point.trim());
  if (points.every((point) => CONTACT_POINT.test(point))) return points;
  throw new InvalidArgumentError('expected hosts, or host:port, between commas');
}

function parseSpeed(text: string): RunSpeed {
  const speed = Number(text.replace(/x$/, ''));
  if (text === 'max') return 'max';
  if (speed >= 0.01 && speed <= 100_000) return speed;
  throw new InvalidArgumentError('expected a speed from 0.01 to 100000, or max');
}
