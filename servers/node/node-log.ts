/**
 * A node's log: one JSON line an event on stdout, which the launcher keeps for each node. Secrets are blacked out by the
 * name of the field that holds them.
 */
import { pino, type DestinationStream, type Logger } from 'pino';
import type { NodeRole } from './node-ipc.ts';
import { optionsOf } from './read-settings.ts';
import type { Scenario } from '#protocol/scenario.ts';

type Level = 'silent' | 'info' | 'debug' | 'trace';

/** The guide's levels (`log/verbose`) as pino's: Standard is what operation needs, with warnings and errors. */
const LEVELS = {
  none: 'silent',
  standard: 'info',
  interaction: 'debug',
  trace: 'debug',
  debug: 'trace',
  all: 'trace',
} as const satisfies Record<string, Level>;

const SECRET_FIELDS = ['secret', 'token', 'password', 'credentials', 'authentication', 'authorization', 'cookie'];
/** At the top, and in an object or two (`headers`, `request.headers`). */
const SECRET_PATHS = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

export interface NodeIdentity {
  readonly name: string;
  readonly role: NodeRole;
  readonly incarnation: number;
}

/** The level of the scenario's options for this role: the Frontend's own for a Frontend, the Backend's for all others. */
export function logLevelOf(scenario: Scenario, role: NodeRole): Level {
  const options = optionsOf(scenario);
  return LEVELS[options.get(role === 'frontend' ? 'frontend.log/verbose' : 'backend.log/verbose')];
}

/** Lines are with the operating system when a call returns, so that a kill loses none. */
export function createNodeLog(identity: NodeIdentity, level: Level, destination?: DestinationStream): Logger {
  const { name, role, incarnation } = identity;
  return pino(
    {
      level,
      base: { node: name, role, incarnation },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_PATHS, censor: '[secret]' },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
}
