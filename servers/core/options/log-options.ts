/** Section `log` of both servers (guide L3233-3391, L3881-4050): the same options, so both share each entry. */
import { names } from './list-kinds.ts';
import { logExpiry, logOutputs, logSegment } from './log-kinds.ts';
import { DEFAULT_IF_ABSENT, UNKNOWN_IF_INVALID } from './option.ts';
import { choice } from './scalar-kinds.ts';

const ALL = {
  kind: logOutputs,
  guideDefault: 'stdout',
  default: 'stdout',
  ifAbsent: DEFAULT_IF_ABSENT,
  ifInvalid: UNKNOWN_IF_INVALID,
  takesEffect: 'after restart',
  about: 'Where log events of every level go',
  guide: 'L3235, L3883',
} as const;

const STANDARD = {
  kind: logOutputs,
  guideDefault: 'stdout',
  default: 'stdout',
  ifAbsent: DEFAULT_IF_ABSENT,
  ifInvalid: UNKNOWN_IF_INVALID,
  takesEffect: 'immediately',
  about: 'Where log events of the Standard level go',
  guide: 'L3255, L3903',
} as const;

const TRACE = {
  kind: logOutputs,
  guideDefault: 'stdout',
  default: 'stdout',
  ifAbsent: DEFAULT_IF_ABSENT,
  ifInvalid: UNKNOWN_IF_INVALID,
  takesEffect: 'immediately',
  about: 'Where log events of the Trace level and above go (Standard, Interaction and Trace)',
  guide: 'L3272, L3923',
} as const;

const VERBOSE = {
  kind: choice(['all', 'debug', 'trace', 'interaction', 'standard', 'none']),
  guideDefault: 'standard',
  default: 'standard',
  ifAbsent: DEFAULT_IF_ABSENT,
  ifInvalid: UNKNOWN_IF_INVALID,
  takesEffect: 'immediately',
  about:
    'The lowest level of log events that is written, from Standard over Interaction and Trace to Debug (all is debug)',
  guide: 'L3288, L3941',
} as const;

const SEGMENT = {
  kind: logSegment,
  guideDefault: '1000',
  default: 1000,
  ifAbsent: DEFAULT_IF_ABSENT,
  ifInvalid: UNKNOWN_IF_INVALID,
  takesEffect: 'after restart',
  about: 'How large or how old a log file gets before the next one is begun; without meaning where no output is a file',
  guide: 'L3306, L3960',
} as const;

const EXPIRE = {
  kind: logExpiry,
  guideDefault: '3',
  default: 3,
  ifAbsent: DEFAULT_IF_ABSENT,
  ifInvalid: { original: 'replaces', value: 10, says: '10 (files)' },
  takesEffect: 'after restart',
  about: 'How many log files, or days of them, are kept; without meaning where no output is a file',
  guide: 'L3321, L3975',
} as const;

const AFFECTED_LOGGERS = {
  kind: names('logger names', 0),
  guideDefault: '',
  default: '',
  ifAbsent: 'verbose reaches no logger that has a level of its own',
  ifInvalid: UNKNOWN_IF_INVALID,
  takesEffect: 'immediately',
  about: 'The loggers with a level of their own for which verbose decides all the same',
  guide: 'L3339, L3995',
} as const;

const TIME_FORMAT = {
  kind: choice(['time', 'locale', 'ISO8601']),
  guideDefault: 'time',
  default: 'time',
  ifAbsent: DEFAULT_IF_ABSENT,
  ifInvalid: UNKNOWN_IF_INVALID,
  takesEffect: 'immediately',
  about: "How a log record's time is written: HH:MM:SS.sss, by the system's locale, or by ISO 8601 with milliseconds",
  guide: 'L3368, L4024',
} as const;

const TIME_CONVERT = {
  kind: choice(['local', 'utc']),
  guideDefault: 'local',
  default: 'local',
  ifAbsent: DEFAULT_IF_ABSENT,
  ifInvalid: UNKNOWN_IF_INVALID,
  takesEffect: 'immediately',
  about: "Whether a log record's time is the host's local time or UTC",
  guide: 'L3384, L4043',
} as const;

export const LOG_OPTIONS = {
  'backend.log/all': ALL,
  'backend.log/standard': STANDARD,
  'backend.log/trace': TRACE,
  'backend.log/verbose': VERBOSE,
  'backend.log/segment': SEGMENT,
  'backend.log/expire': EXPIRE,
  'backend.log/affectedLoggers': AFFECTED_LOGGERS,
  'backend.log/time_format': TIME_FORMAT,
  'backend.log/time_convert': TIME_CONVERT,
  'frontend.log/all': ALL,
  'frontend.log/standard': STANDARD,
  'frontend.log/trace': TRACE,
  'frontend.log/verbose': VERBOSE,
  'frontend.log/segment': SEGMENT,
  'frontend.log/expire': EXPIRE,
  'frontend.log/affectedLoggers': AFFECTED_LOGGERS,
  'frontend.log/time_format': TIME_FORMAT,
  'frontend.log/time_convert': TIME_CONVERT,
} as const;
