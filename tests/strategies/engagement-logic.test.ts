/** Every path through the Engagement Logic that comes with the testbed. */
import { describe, expect, test } from 'vitest';
import type {
  EngagementEffect,
  EngagementEvent,
  EngagementInput,
  KnownAttempt,
} from '#core/engagement/strategy-port.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import { engagementInputOf, engagementOf, shippedText } from './shipped-strategies.ts';
import { Bench, leadOf } from '../core/engagement/contact-center-bench.ts';

const LEAD = leadOf('v1', 1_000);
const { decision: DECISION } = new Bench().pacer.requestPermit('i1', 0);
const TEXT = shippedText('engagement');

interface Given {
  readonly input?: Partial<EngagementInput>;
  readonly lead?: Partial<HotLead>;
  readonly at?: number;
  /** Texts of the document that an author has changed. */
  readonly edits?: readonly (readonly [from: string, to: string])[];
  /** What answers the effects that ask. */
  readonly answers?: readonly EngagementEvent[];
}

/** What the strategy wants, from its start to its end. */
function decide({ input, lead, at = 1_000, edits = [], answers = [] }: Given): readonly EngagementEffect[] {
  let text = TEXT;
  for (const [from, to] of edits) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  const session = engagementOf(text).createSession(engagementInputOf({ ...LEAD, ...lead }, input), at);
  const out: EngagementEffect[] = [];
  for (const event of [{ type: 'started' } as const, ...answers]) session.handle(event, at, out);
  session.close();
  return out;
}

function permit(channel: 'proactiveChat' | 'proactiveCallback', granted: boolean | null): EngagementEvent {
  const known = granted === null ? null : { granted, decision: DECISION };
  return { type: 'permit', channel, permit: known, group: granted === null ? null : 'Web Engagement Chat' };
}

const ASKS: EngagementEffect = { type: 'fetchPermit', channel: 'proactiveChat' };
const DONE: EngagementEffect = { type: 'done' };

function engaged(channel: 'proactiveChat' | 'proactiveCallback', registrationRequired = false): EngagementEffect {
  return {
    type: 'engage',
    channel,
    userData: { 'WebEngagement.EngagementStartPage': LEAD.url },
    registrationRequired,
  };
}

function refused(reason: (EngagementEffect & { type: 'noEngage' })['reason'], text = ''): EngagementEffect {
  return { type: 'noEngage', reason, text };
}

describe('the Engagement Logic', () => {
  test.each<[string, Given, readonly EngagementEffect[]]>([
    ['a late hot lead', { at: 31_000 }, [refused('expired')]],
    ['a visit with an open invite', { input: { visitBusyWith: 'invite' } }, [refused('inviteOpen')]],
    ['a visit in a chat', { input: { visitBusyWith: 'chat' } }, [refused('chatOpen')]],
    ['a visitor who has left', { lead: { onSite: false } }, [refused('visitorGone')]],
    ['no permit', { answers: [permit('proactiveChat', false)] }, [ASKS, refused('noPermit')]],
    ['nobody logged in', { answers: [permit('proactiveChat', null)] }, [ASKS, refused('noAgents')]],
  ])('does not engage: %s', (_what, given, expected) => {
    expect(decide(given)).toEqual([...expected, DONE]);
  });

  test('engages by chat when pacing grants it', () => {
    expect(decide({ answers: [permit('proactiveChat', true)] })).toEqual([ASKS, engaged('proactiveChat'), DONE]);
  });

  test('is not late a millisecond earlier', () => {
    expect(decide({ at: 30_999 })).toEqual([ASKS]);
  });

  test.each(['proactiveChat', 'proactiveCallback'] as const)('asks no pacing where the default is %s', (channel) => {
    const callback = channel === 'proactiveCallback';
    expect(decide({ input: { defaultChannel: channel } })).toEqual([engaged(channel, callback), DONE]);
  });

  test('asks no phone number of a visitor who is known', () => {
    const given: Given = { input: { defaultChannel: 'proactiveCallback' }, lead: { scope: 'authenticated' } };
    expect(decide(given)).toEqual([engaged('proactiveCallback'), DONE]);
  });

  test('has nothing to decide for an invite that was open before the contact center went down', () => {
    expect(decide({ input: { resumed: 'shown' } })).toEqual([DONE]);
  });

  const BOTH = { channels: ['proactiveChat', 'proactiveCallback'] } as const;
  const ASKS_CALLBACK: EngagementEffect = { type: 'fetchPermit', channel: 'proactiveCallback' };

  test('asks for a callback where no chat is granted, if there is a group that makes them', () => {
    const answers = [permit('proactiveChat', false), permit('proactiveCallback', true)];
    expect(decide({ input: BOTH, answers })).toEqual([ASKS, ASKS_CALLBACK, engaged('proactiveCallback', true), DONE]);
    expect(decide({ input: BOTH, answers: [permit('proactiveChat', true)] })).toEqual([
      ASKS,
      engaged('proactiveChat'),
      DONE,
    ]);
  });

  test.each([
    [false, null, 'noPermit'],
    [null, false, 'noPermit'],
    [false, false, 'noPermit'],
    [null, null, 'noAgents'],
  ] as const)(
    'says that nobody is there only where that is so of every channel: chat %s, callback %s are %s',
    (chat, callback, reason) => {
      const answers = [permit('proactiveChat', chat), permit('proactiveCallback', callback)];
      expect(decide({ input: BOTH, answers })).toEqual([ASKS, ASKS_CALLBACK, refused(reason), DONE]);
    },
  );

  test('goes by the order of channels that an author has named', () => {
    const edits = [["['proactiveChat', 'proactiveCallback']", "['proactiveCallback', 'proactiveChat']"]] as const;
    const answers = [permit('proactiveCallback', false), permit('proactiveChat', true)];
    expect(decide({ input: BOTH, edits, answers })).toEqual([ASKS_CALLBACK, ASKS, engaged('proactiveChat'), DONE]);
  });

  test('has nobody to ask where an author has named only a channel without groups', () => {
    const edits = [["['proactiveChat', 'proactiveCallback']", "['proactiveCallback']"]] as const;
    expect(decide({ edits })).toEqual([refused('noAgents'), DONE]);
  });

  test.each([
    [1, [ASKS]],
    [2, [refused('policy', 'refused 2 times'), DONE]],
  ] as const)('leaves a visit alone after so many refusals as an author has set: %i', (rejections, expected) => {
    const edits = [['<data id="refusalsMax" expr="null"/>', '<data id="refusalsMax" expr="2"/>']] as const;
    const attempts = Array.from({ length: 2 }, (_, index): KnownAttempt => {
      const state = index < rejections ? 'rejected' : 'timeout';
      const known = { interactionId: `i${index}`, attemptNumber: index + 1, rule: 'Cart', category: 'cart' };
      return { ...known, url: LEAD.url, createdAt: index, state, reason: null, since: index };
    });
    const history = { visitID: 'v1', scope: 'anonymous', identity: null, attempts, visitBusyWith: 'nothing' } as const;
    expect(decide({ edits, answers: [{ type: 'history', history }] })).toEqual([{ type: 'fetchHistory' }, ...expected]);
  });
});
