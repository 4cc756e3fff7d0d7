/** Section `service:wmdb` of the Backend: what is indexed and how long it is kept (guide L3642-3676). */
import { DEFAULT_IF_ABSENT, UNKNOWN_IF_INVALID } from './option.ts';
import { choice, flag, integer } from './scalar-kinds.ts';

/** Cassandra keeps nothing longer than 20 years; in seconds. */
export const RETENTION_SECONDS_MAX = 630_720_000;

export const RETENTION_UNITS = ['sec', 'min', 'hour', 'day', 'month'] as const;
/** A month is 30 days. */
export const SECONDS_PER_RETENTION_UNIT = { sec: 1, min: 60, hour: 3_600, day: 86_400, month: 2_592_000 } as const;

/** The entities that have a retention of their own. */
export const RETAINED_ENTITIES = [
  'event',
  'page',
  'session',
  'visit',
  'engagementattempt',
  'useragent',
  'identity',
] as const;

const USUAL = { ifInvalid: UNKNOWN_IF_INVALID, takesEffect: 'after restart' } as const;
const COUNT = integer(1, RETENTION_SECONDS_MAX, 'units of wmdb.retention.time-unit, at most 20 years together');

/** The entry of one member of `wmdb.retention.entity.<object>`; its default is the value of `...entity.all`: see resolve-options.ts. */
function retentionOf(what: string) {
  return {
    ...USUAL,
    kind: COUNT,
    guideDefault: 'The value of the wmdb.retention.entity.all option.',
    default: 1,
    ifAbsent: 'the value of wmdb.retention.entity.all holds',
    about: `How long ${what} are kept, in units of wmdb.retention.time-unit`,
    guide: 'L3662',
  } as const;
}

export const WMDB_OPTIONS = {
  'service:wmdb/wmdb.limitIndexing': {
    ...USUAL,
    kind: flag,
    guideDefault: 'true',
    default: true,
    ifAbsent: DEFAULT_IF_ABSENT,
    about: 'Indexes less, for speed and space; some methods of the History API then do not work',
    guide: 'L3646',
  },
  'service:wmdb/wmdb.retention.entity.all': {
    ...USUAL,
    kind: COUNT,
    guideDefault: '1',
    default: 1,
    ifAbsent: 'the default holds (mandatory in the original)',
    about: 'How long everything is kept that has no retention of its own, in units of wmdb.retention.time-unit',
    guide: 'L3654',
  },
  'service:wmdb/wmdb.retention.entity.event': retentionOf('events'),
  'service:wmdb/wmdb.retention.entity.page': retentionOf('pages'),
  'service:wmdb/wmdb.retention.entity.session': retentionOf('sessions'),
  'service:wmdb/wmdb.retention.entity.visit': retentionOf('visits'),
  'service:wmdb/wmdb.retention.entity.engagementattempt': retentionOf('engagement attempts'),
  'service:wmdb/wmdb.retention.entity.useragent': retentionOf('user agents'),
  'service:wmdb/wmdb.retention.entity.identity': retentionOf('identities'),
  'service:wmdb/wmdb.retention.time-unit': {
    ...USUAL,
    kind: choice(RETENTION_UNITS),
    guideDefault: 'day',
    default: 'day',
    ifAbsent: 'the default holds (mandatory in the original)',
    about: 'The unit of all retentions (a month is 30 days)',
    guide: 'L3670',
  },
} as const;
