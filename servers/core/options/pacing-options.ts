/** Section `service:pacing` of the Backend (guide L3678-3784, L2127-2190). */
import { names } from './list-kinds.ts';
import { DEFAULT_IF_ABSENT, UNKNOWN_IF_INVALID } from './option.ts';
import { choice, integer } from './scalar-kinds.ts';

const USUAL = { ifAbsent: DEFAULT_IF_ABSENT, ifInvalid: UNKNOWN_IF_INVALID, takesEffect: 'after restart' } as const;

export const PACING_OPTIONS = {
  'service:pacing/pacing.connector.algorithm': {
    ...USUAL,
    kind: choice(['SUPER_PROGRESSIVE', 'SUPER_PROGRESSIVE_DUAL', 'PREDICTIVE_B', 'PREDICTIVE_B_DUAL']),
    guideDefault: 'SUPER_PROGRESSIVE',
    default: 'SUPER_PROGRESSIVE',
    about:
      'How invites are paced: SUPER_PROGRESSIVE for 1 to 30 agents, PREDICTIVE_B from 30; DUAL predicts reactive traffic as well as proactive',
    guide: 'L3682',
  },
  'service:pacing/pacing.connector.optimizationGoal': {
    ...USUAL,
    kind: integer(1, 99, 'percent'),
    guideDefault: '3',
    default: 3,
    about:
      'The goal of optimizationTarget: at most so much abandonment (3 to 5 advised), or agents busy at least so much (70 to 85 advised)',
    guide: 'L3701',
  },
  'service:pacing/pacing.connector.optimizationTarget': {
    ...USUAL,
    kind: choice(['ABANDONMENT_RATE', 'BUSY_FACTOR'], {
      ABANDONEMENT_RATE: {
        value: 'ABANDONMENT_RATE',
        says: 'ABANDONEMENT_RATE, as the option reference writes it (guide L3719), is taken for ABANDONMENT_RATE (guide L2149)',
      },
    }),
    guideDefault: 'ABANDONEMENT_RATE',
    default: 'ABANDONMENT_RATE',
    about:
      'What pacing keeps to its goal: the share of interactions that are abandoned, or the share of time that agents are busy',
    guide: 'L3717, L2148',
  },
  'service:pacing/pacing.connector.proactiveRatio': {
    ...USUAL,
    kind: integer(0, 100, 'percent'),
    guideDefault: '0',
    default: 0,
    about:
      'The least share of agents kept for proactive interactions: 0 reserves none, 100 leaves none to reactive ones; for the DUAL algorithms',
    guide: 'L3732',
  },
  'service:pacing/pacing.connector.chatGroup': {
    ...USUAL,
    kind: names('agent groups', 1),
    guideDefault: 'Web Engagement Chat',
    default: 'Web Engagement Chat',
    about: 'The agent groups that serve chats; an agent belongs to one of them only',
    guide: 'L3744',
  },
  'service:pacing/pacing.connector.voiceGroup': {
    ...USUAL,
    kind: names('agent groups', 1),
    guideDefault: 'Web Engagement Voice',
    default: 'Web Engagement Voice',
    about: 'The agent groups that serve callbacks; an agent belongs to one of them only',
    guide: 'L3760',
  },
  'service:pacing/pacing.connector.refreshPeriod': {
    ...USUAL,
    kind: integer(1, 5, 'seconds'),
    guideDefault: '1',
    default: 1,
    about: 'How often the statistics are refreshed and pacing decides anew',
    guide: 'L3776',
  },
} as const;
