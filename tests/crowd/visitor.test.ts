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
  readonly turn: number | undefined;
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
      ...habits,
    },
    outlet: diary,
    clockMs: 0,
  };
  const random = createRandomSource(9);
  const visitor = new Visitor(world, ordinal, random.stream('browsing', ordinal), random.stream('answers', ordinal));
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
    if (wake.turn === undefined) visitor.browse(wake.atUs);
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
