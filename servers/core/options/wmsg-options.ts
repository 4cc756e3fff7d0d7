/** Section `service:wmsg` of the Backend: the life of webengagement interactions (guide L3504-3640). */
import { DEFAULT_IF_ABSENT, UNKNOWN_IF_INVALID } from './option.ts';
import { choice, flag, gatewayQueue, integer, userDataKey } from './scalar-kinds.ts';
import { optional } from './value-kind.ts';

const USUAL = { ifAbsent: DEFAULT_IF_ABSENT, ifInvalid: UNKNOWN_IF_INVALID, takesEffect: 'immediately' } as const;

export const WMSG_OPTIONS = {
  'service:wmsg/wmsg.connector.engagementExpirationTime': {
    ...USUAL,
    kind: integer(10, 60, 'seconds'),
    guideDefault: '30',
    default: 30,
    about: 'How long a webengagement interaction is valid, from its creation until the invite is shown',
    guide: 'L3506',
  },
  'service:wmsg/wmsg.connector.registrationFormExpirationTime': {
    ...USUAL,
    kind: integer(10, 1800, 'seconds'),
    guideDefault: '120',
    default: 120,
    about:
      'How long the registration form is waited for; after that the attempt is invalid and the visitor may be invited once more',
    guide: 'L3516',
  },
  'service:wmsg/wmsg.connector.interactionServer.autoStopWebengagementIntr': {
    ...USUAL,
    kind: flag,
    guideDefault: 'true',
    default: true,
    about:
      'Whether a webengagement interaction is stopped as soon as it stands in Accepted, Rejected, Timeout or Failed (since 8.1.200.39)',
    guide: 'L3528',
  },
  'service:wmsg/wmsg.connector.interactionServer.queueAccepted': {
    ...USUAL,
    kind: gatewayQueue,
    guideDefault: 'Webengagement_Accepted',
    default: 'Webengagement_Accepted',
    about: 'The queue of interactions whose invite was accepted (disposition acceptCall)',
    guide: 'L3542',
  },
  'service:wmsg/wmsg.connector.interactionServer.queueEngaged': {
    ...USUAL,
    kind: gatewayQueue,
    guideDefault: 'Webengagement_Engaged',
    default: 'Webengagement_Engaged',
    about: 'The queue of interactions that the engagement strategy decided to engage',
    guide: 'L3552',
  },
  'service:wmsg/wmsg.connector.interactionServer.queueFailed': {
    ...USUAL,
    kind: gatewayQueue,
    guideDefault: 'Webengagement_Failed',
    default: 'Webengagement_Failed',
    about: 'The queue of interactions that expired, were cleaned from another queue or were not to be engaged',
    guide: 'L3562',
  },
  'service:wmsg/wmsg.connector.interactionServer.queueQualified': {
    ...USUAL,
    kind: gatewayQueue,
    guideDefault: 'Webengagement_Qualified',
    default: 'Webengagement_Qualified',
    about: 'The queue in which every webengagement interaction begins',
    guide: 'L3578',
  },
  'service:wmsg/wmsg.connector.interactionServer.queueRejected': {
    ...USUAL,
    kind: gatewayQueue,
    guideDefault: 'Webengagement_Rejected',
    default: 'Webengagement_Rejected',
    about: 'The queue of interactions whose invite was rejected (disposition reject)',
    guide: 'L3588',
  },
  'service:wmsg/wmsg.connector.interactionServer.queueTimeout': {
    ...USUAL,
    kind: gatewayQueue,
    guideDefault: 'Webengagement_Timeout',
    default: 'Webengagement_Timeout',
    about: 'The queue of interactions whose shown invite timed out in the browser',
    guide: 'L3598',
  },
  'service:wmsg/wmsg.connector.defaultEngagementChannel': {
    ...USUAL,
    kind: optional(
      choice(['proactiveChat', 'proactiveCallback'], {
        proactiveVoice: {
          value: 'proactiveCallback',
          says: 'proactiveVoice, as in the web callback chapter (guide L2361), is taken for proactiveCallback (guide L3612)',
        },
      }),
    ),
    guideDefault: 'N/A',
    default: '',
    ifAbsent: 'pacing decides (also when it is empty)',
    about:
      'Engages every visitor on this channel, without asking pacing or looking for ready agents; for development alone',
    guide: 'L3608, L2293, L2361',
  },
  'service:wmsg/wmsg.connector.userIdentifier': {
    ...USUAL,
    kind: userDataKey,
    guideDefault: 'EmailAddress',
    default: 'EmailAddress',
    about: 'The user data key by which customers are identified; the primary key of an identity',
    guide: 'L3622',
  },
  'service:wmsg/wmsg.connector.phoneNumber': {
    ...USUAL,
    kind: userDataKey,
    guideDefault: 'PhoneNumber',
    default: 'PhoneNumber',
    about: "The user data key in which the agent's desk finds the phone number",
    guide: 'L3632',
  },
} as const;
