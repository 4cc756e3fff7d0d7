/** Section `service:wes` of the Backend: chats and callbacks (guide L3393-3503), and the Chat Server's end point (L1402, L2237). */
import { userDataCopying } from './list-kinds.ts';
import { DEFAULT_IF_ABSENT, UNKNOWN_IF_INVALID } from './option.ts';
import { endpointKey, engagementQueue, integer } from './scalar-kinds.ts';
import type { ValueKind } from './value-kind.ts';

/** 1: neither identify nor create, 2: identify, 3: identify and create. */
export type ContactHandling = 1 | 2 | 3;

const contactHandling: ValueKind<ContactHandling> = {
  valid: '1, 2 or 3',
  secret: false,
  read(raw) {
    const value = ([1, 2, 3] as const).find((one) => one === raw || String(one) === raw);
    return value === undefined ? { ok: false } : { ok: true, value };
  },
  write: (value) => value,
};

export const WES_OPTIONS = {
  'service:wes/wes.connector.chatServer.requestPoolSize': {
    kind: integer(1, 99, 'threads'),
    guideDefault: '10',
    default: 10,
    ifAbsent: DEFAULT_IF_ABSENT,
    ifInvalid: UNKNOWN_IF_INVALID,
    takesEffect: 'after restart',
    about:
      'How many chats a Backend asks for at once (with fewer threads than advised refreshes come later); advised: its peak of simultaneous chats / (5 x refreshPeriod)',
    guide: 'L3397',
  },
  'service:wes/wes.connector.chatServer.queueKey': {
    kind: endpointKey,
    guideDefault: '1:webme',
    default: '1:webme',
    ifAbsent: DEFAULT_IF_ABSENT,
    ifInvalid: UNKNOWN_IF_INVALID,
    takesEffect: 'immediately',
    about: "The Chat Server's end point at which chats enter chat routing, as <tenant ID>:<endpoint>",
    guide: 'L3407',
  },
  'service:wes/wes.connector.chatServer.queueWebengagement': {
    kind: engagementQueue,
    guideDefault: 'WebEngagement_Chat',
    default: 'Webengagement_Chat',
    defaultDiffers:
      'provisioning and the chat chapter (guide L1405, L2238) write Webengagement_Chat, and a queue name counts letter by letter',
    ifAbsent: DEFAULT_IF_ABSENT,
    ifInvalid: UNKNOWN_IF_INVALID,
    takesEffect: 'after restart',
    about: 'The interaction queue at which chats enter chat routing; the same as the one that queueKey leads to',
    guide: 'L3417',
  },
  'service:wes/wes.connector.chatServer.identifyCreateContact': {
    kind: contactHandling,
    guideDefault: '3',
    default: 3,
    ifAbsent: DEFAULT_IF_ABSENT,
    ifInvalid: { original: 'replaces', value: 3, says: 'the default, 3' },
    takesEffect: 'immediately',
    about:
      "What a new chat does about its contact: 1 nothing, 2 look for it, 3 look for it and create it if it isn't there",
    guide: 'L3427, L2276',
  },
  'service:wes/wes.connector.chatServer.refreshPeriod': {
    kind: integer(1, 5, 'seconds'),
    guideDefault: '2',
    default: 2,
    ifAbsent: DEFAULT_IF_ABSENT,
    ifInvalid: UNKNOWN_IF_INVALID,
    takesEffect: 'after restart',
    about: 'How often the content of the chat widget is refreshed: what an agent says is shown with the next refresh',
    guide: 'L3445',
  },
  'service:wes/wes.connector.chatServer.requestTimeout': {
    kind: integer(1, 10, 'seconds'),
    guideDefault: '5',
    default: 5,
    ifAbsent: DEFAULT_IF_ABSENT,
    ifInvalid: { original: 'replaces', value: 5, says: 'the default, 5' },
    takesEffect: 'after restart',
    about:
      'How long the refresh of a chat may wait for its answer; then it is given up, told, and made again at its next turn',
    guide: 'L3455',
  },
  'service:wes/wes.connector.chatServer.chatSessionRestoreTimeout': {
    kind: integer(5, 300, 'seconds'),
    guideDefault: '30',
    default: 30,
    ifAbsent: DEFAULT_IF_ABSENT,
    ifInvalid: UNKNOWN_IF_INVALID,
    takesEffect: 'after restart',
    about: 'How long a Backend tries to restore a broken chat session, for example after Chat Server crashed',
    guide: 'L3465',
  },
  'service:wes/wes.connector.interaction.copyUserData': {
    kind: userDataCopying,
    guideDefault: 'rule;attempt_number',
    default: 'rule;attempt_number',
    ifAbsent:
      'rule and attempt_number are copied, which is the default; in the original nothing is (faithful: nothing)',
    absentInOriginal: 'no',
    ifInvalid: UNKNOWN_IF_INVALID,
    takesEffect: 'immediately',
    about: 'Which user data of a webengagement interaction its chat or callback gets: all, none, or these keys',
    guide: 'L3475',
  },
  'service:wes/wes.connector.interactionServer.wcb.queueSubmit': {
    kind: engagementQueue,
    guideDefault: 'New',
    default: 'New',
    ifAbsent: DEFAULT_IF_ABSENT,
    ifInvalid: UNKNOWN_IF_INVALID,
    takesEffect: 'immediately',
    about: 'The interaction queue at which web callbacks enter their routing',
    guide: 'L3494',
  },
} as const;

/** A family: any tenant, and any end point that queueKey may name. */
export const CHAT_SERVER_OPTIONS = {
  'endpoints:<tenantID>/webme': {
    kind: engagementQueue,
    guideDefault: 'Webengagement_Chat',
    default: 'Webengagement_Chat',
    ifAbsent:
      'the end point webme is there for the tenant that queueKey names, with the default, as after provisioning; no other is',
    ifInvalid: UNKNOWN_IF_INVALID,
    takesEffect: 'immediately',
    takesEffectIsOurs: true,
    about: 'The interaction queue into which Chat Server puts the chats that come in at this end point',
    guide: 'L1402, L2237',
  },
} as const;
