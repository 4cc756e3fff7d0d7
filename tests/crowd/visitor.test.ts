/** What a simulated visitor does, wake-up by wake-up, and the mix of a site. */
import { describe, expect, test } from 'vitest';
import { createDurationSampler } from '#core/random/duration-sampler.ts';
import { createRandomSource } from '#core/random/random-source.ts';
import type { BrowserEvent } from '#core/visits/event.ts';
import { createCrowdSite, pageViewShares } from '#crowd/crowd-site.ts';
import { Visitor, type VisitorHabits, type VisitorOutlet } from '#crowd/visitor.ts';
import { scenarioOf } from '../testbed/scenario-of.ts';

const SECOND = 1_000_000;
const { site } = scenarioOf();

interface Wake {
  readonly atUs: number;
  readonly turn: number | 'help' | undefined;
}

/** Writes down what a visitor does, and holds his wake-ups. */
class Diary implements VisitorOutlet {
  readonly events: BrowserEvent[] = [];
  readonly acts: string[] = [];
  wakes: Wake[] = [];
  nowUs = 0;

  postEvent(_visitor: Visitor, event: BrowserEvent): void {
    this.events.push(event);
  }
  postDisposition(_visitor: Visitor, interactionId: string, code: string): void {
    this.acts.push(`${code} ${interactionId} at ${this.nowUs / SECOND}`);
  }
  requestChat(_visitor: Visitor, interactionId: string): void {
    this.acts.push(`requestChat ${interactionId}`);
  }
  requestCallback(_visitor: Visitor, interactionId: string, phone: string, inMs: number): void {
    this.acts.push(`requestCallback ${interactionId} ${phone} in ${inMs / 1_000} s`);
  }
  askReactiveState(_visitor: Visitor, askId: string): void {
    this.acts.push(`ask ${askId} at ${this.nowUs / SECOND}`);
  }
  requestReactiveChat(_visitor: Visitor, askId: string): void {
    this.acts.push(`requestReactiveChat ${askId}`);
  }
  wakeToSeekHelp(_visitor: Visitor, atUs: number): void {
    this.wakes.push({ atUs, turn: 'help' });
  }
  leaveChat(): void {
    this.acts.push(`leaveChat at ${this.nowUs / SECOND}`);
  }
  wakeToBrowse(_visitor: Visitor, atUs: number): void {
    this.wakes.push({ atUs, turn: undefined });
  }
  wakeToAnswer(_visitor: Visitor, atUs: number, turn: number): void {
    this.wakes.push({ atUs, turn });
  }
  leftSite(): void {
    this.acts.push('left');
  }
}

function meet(habits: Partial<VisitorHabits> = {}, ordinal = 1): { visitor: Visitor; diary: Diary } {
  const diary = new Diary();
  const world = {
    site: createCrowdSite(site, { visitDepth: 1, pageEvents: 0, visitEvents: 0 }),
    habits: {
      acceptShare: 1,
      rejectShare: 0,
      responseMs: createDurationSampler({ kind: 'constant', meanMs: 3_000 }),
      patienceMs: createDurationSampler({ kind: 'constant', meanMs: 60_000 }),
      formFillMs: undefined,
      formAbandonShare: 0,
      callbackLaterShare: 0,
      callbackLaterMs: createDurationSampler({ kind: 'constant', meanMs: 3_600_000 }),
      help: undefined,
      ...habits,
    },
    outlet: diary,
    clockMs: 0,
  };
  const random = createRandomSource(9);
  const answering = random.stream('answers', ordinal);
  const visitor = new Visitor(
    world,
    ordinal,
    random.stream('browsing', ordinal),
    answering,
    random.stream('help', ordinal),
  );
  return { visitor, diary };
}

/** Lets time pass for one visitor alone. */
function live(visitor: Visitor, diary: Diary, untilUs: number): void {
  for (;;) {
    diary.wakes.sort((a, b) => a.atUs - b.atUs);
    const wake = diary.wakes[0];
    if (wake === undefined || wake.atUs > untilUs) break;
    diary.wakes.shift();
    diary.nowUs = wake.atUs;
    if (wake.turn === 'help') visitor.seekHelp();
    else if (wake.turn === undefined) visitor.browse(wake.atUs);
    else visitor.answerNow(wake.turn, wake.atUs);
  }
  diary.nowUs = untilUs;
}

const INVITE = {
  type: 'invite',
  interactionId: 'i1',
  visitID: 'v1',
  frontend: 'frontend-1',
  channel: 'proactiveChat',
  rule: 'R',
  attemptNumber: 1,
  registrationRequired: false,
  timeoutMs: 30_000,
} as const;

describe('a simulated visitor', () => {
  test('starts a visit, enters and leaves his page, and is gone', () => {
    const { visitor, diary } = meet();
    visitor.arrive(0);
    live(visitor, diary, 3_600 * SECOND);
    expect(diary.events.map((event) => event.eventName)).toEqual(['VisitStarted', 'PageEntered', 'PageExited']);
    expect(visitor.gone).toBe(true);
  });

  test('accepts after his response time, and the chat holds his page until it ends', () => {
    const { visitor, diary } = meet();
    visitor.arrive(0);
    visitor.invite(INVITE, 0);
    live(visitor, diary, 3 * SECOND);
    expect(diary.acts).toEqual(['shown i1 at 0', 'acceptCall i1 at 3', 'requestChat i1']);
    visitor.chatUpdate({ type: 'chatUpdate', visitID: 'v1', chatId: 'c1', state: 'started' }, 4 * SECOND);
    live(visitor, diary, 7_200 * SECOND);
    expect(visitor.gone).toBe(false);
    visitor.chatUpdate({ type: 'chatUpdate', visitID: 'v1', chatId: 'c1', state: 'ended' }, 7_200 * SECOND);
    live(visitor, diary, 7_300 * SECOND);
    expect(visitor.gone).toBe(true);
  });

  test('gives up when his patience ends before an agent answers', () => {
    const { visitor, diary } = meet();
    visitor.arrive(0);
    visitor.invite(INVITE, 0);
    live(visitor, diary, 62 * SECOND);
    expect(diary.acts.at(-1)).toBe('requestChat i1');
    live(visitor, diary, 63 * SECOND);
    expect(diary.acts).toContain('leaveChat at 63');
  });

  test('an answer later than the invite lasts is a timeout sent by the browser', () => {
    const { visitor, diary } = meet({ responseMs: createDurationSampler({ kind: 'constant', meanMs: 30_000 }) });
    visitor.arrive(0);
    visitor.invite({ ...INVITE, timeoutMs: 5_000 }, 0);
    live(visitor, diary, 5 * SECOND);
    expect(diary.acts).toEqual(['shown i1 at 0', 'timeout i1 at 5']);
  });

  test('who has left the site shows nothing and answers nothing', () => {
    const { visitor, diary } = meet();
    visitor.arrive(0);
    live(visitor, diary, 3_600 * SECOND);
    visitor.invite(INVITE, 3_600 * SECOND);
    expect(diary.acts).toEqual(['left']);
  });

  test('a form is filled or abandoned before the chat is asked for', () => {
    const formFillMs = createDurationSampler({ kind: 'constant', meanMs: 20_000 });
    const filled = meet({ formFillMs });
    filled.visitor.arrive(0);
    filled.visitor.invite(INVITE, 0);
    live(filled.visitor, filled.diary, 23 * SECOND);
    expect(filled.diary.acts.slice(-2)).toEqual(['acceptCall i1 at 3', 'requestChat i1']);
    const abandoned = meet({ formFillMs, formAbandonShare: 1 });
    abandoned.visitor.arrive(0);
    abandoned.visitor.invite(INVITE, 0);
    live(abandoned.visitor, abandoned.diary, 23 * SECOND);
    expect(abandoned.diary.acts).toContain('formAbandoned i1 at 23');
  });
});

describe('the mix of a site', () => {
  test('shares of page views follow entries and links: of home and cart, entered at home, depth 4', () => {
    // x = entry (1 - q) + q x P with q = 3/4: home = 1/4 + 3/4 (cart / 2), cart = 3/4 (home + cart / 2).
    const [home = 0, cart = 0] = pageViewShares(site.pages, 0.75);
    expect(home).toBeCloseTo(5 / 11, 9);
    expect(cart).toBeCloseTo(6 / 11, 9);
  });

  test('the events of a page view have the mean that the traffic asks for, although only one page has any', () => {
    const crowd = createCrowdSite(site, { visitDepth: 4, pageEvents: 1.5, visitEvents: 0 });
    const mean = crowd.pages.reduce((sum, page, index) => sum + page.eventsMean * (crowd.pageShares[index] ?? 0), 0);
    expect(mean).toBeCloseTo(1.5, 9);
    expect(crowd.pages[0]?.eventsMean).toBe(0);
  });
});

describe('a visitor who looks for help himself', () => {
  const help = { share: 1, afterMs: createDurationSampler({ kind: 'constant', meanMs: 5_000 }) };

  test('asks once, is let in by a share of 1, waits with his patience, and leaves when that is over', () => {
    const { visitor, diary } = meet({ help });
    visitor.arrive(0);
    live(visitor, diary, 5 * SECOND);
    expect(diary.acts).toEqual(['ask v1.a1 at 5']);
    expect(visitor.isAsking).toBe(true);
    visitor.hearReactiveState(1, 6 * SECOND);
    visitor.hearReactiveState(1, 6 * SECOND);
    expect(diary.acts.slice(1)).toEqual(['requestReactiveChat v1.a1']);
    expect(visitor.isInChat).toBe(true);
    live(visitor, diary, 66 * SECOND);
    expect(diary.acts).toContain('leaveChat at 66');
  });

  test('is not let in by a share of 0, and browses on', () => {
    const { visitor, diary } = meet({ help });
    visitor.arrive(0);
    live(visitor, diary, 5 * SECOND);
    visitor.hearReactiveState(0, 6 * SECOND);
    expect(visitor.isAsking || visitor.isInChat).toBe(false);
    expect(diary.acts).toEqual(['ask v1.a1 at 5']);
  });

  test('is let in where there is no share to go by', () => {
    const { visitor, diary } = meet({ help });
    visitor.arrive(0);
    live(visitor, diary, 5 * SECOND);
    visitor.hearReactiveState(null, 6 * SECOND);
    expect(diary.acts).toContain('requestReactiveChat v1.a1');
  });

  test('does not look for help while an invite is open, or after he has left', () => {
    const { visitor, diary } = meet({ help });
    visitor.arrive(0);
    visitor.invite(INVITE, 4 * SECOND);
    visitor.seekHelp();
    expect(diary.acts.filter((act) => act.startsWith('ask'))).toEqual([]);
  });

  test('draws with a stream of his own: by a share of 0.4 four in ten are let in, and answers to invites are what they were', () => {
    let letIn = 0;
    for (let ordinal = 1; ordinal <= 1_000; ordinal += 1) {
      const { visitor } = meet({ help }, ordinal);
      visitor.arrive(0);
      visitor.seekHelp();
      visitor.hearReactiveState(0.4, SECOND);
      if (visitor.isInChat) letIn += 1;
    }
    expect(letIn / 1_000).toBeGreaterThan(0.35);
    expect(letIn / 1_000).toBeLessThan(0.45);
  });
});
