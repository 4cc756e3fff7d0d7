/** A simulated agent: work with several chats at once, and shifts. Wake-ups are kept by hand in the place of a kernel. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandomSource } from '#core/random/random-source.ts';
import type { DeskMessage } from '#core/messages.ts';
import { agentStreams, DeskAgent, type AgentHabits, type AgentOutlet } from '#crowd/desk-agent.ts';

const MS = 1_000;

interface Wake {
  readonly atUs: number;
  readonly ring: (nowUs: number) => void;
}

class Stage implements AgentOutlet {
  readonly acts: { readonly atUs: number; readonly action: DeskMessage }[] = [];
  readonly agent: DeskAgent;
  nowUs = 0;
  #wakes: Wake[] = [];

  constructor(habits: Partial<AgentHabits> = {}) {
    const random = createRandomSource(7);
    this.agent = new DeskAgent(
      'a1',
      {
        group: 'g',
        capacity: 4,
        answerMs: () => 0,
        handleMs: () => 10_000,
        afterWorkMs: () => 0,
        slowdown: undefined,
        shift: undefined,
        missShare: 0,
        rejectShare: 0,
        missedPauseMs: () => 60_000,
        transfers: undefined,
        alsoIn: [],
        calls: undefined,
        followUps: undefined,
        breaks: undefined,
        ...habits,
      },
      this,
      agentStreams(random, 0),
    );
    this.agent.start(0);
  }

  act(action: DeskMessage): void {
    this.acts.push({ atUs: this.nowUs, action });
  }
  wakeForChat(agent: DeskAgent, chatId: string, atUs: number, turn: number): void {
    this.#wakes.push({ atUs, ring: (nowUs) => agent.chatWoken(chatId, turn, nowUs) });
  }
  wakeForBreak(agent: DeskAgent, atUs: number): void {
    this.#wakes.push({ atUs, ring: (nowUs) => agent.breakWoken(nowUs) });
  }
  wakeForShift(agent: DeskAgent, atUs: number): void {
    this.#wakes.push({ atUs, ring: (nowUs) => agent.shiftWoken(nowUs) });
  }

  wakeForReady(agent: DeskAgent, atUs: number): void {
    this.#wakes.push({ atUs, ring: () => agent.readyWoken() });
  }

  wakeForFollowUps(agent: DeskAgent, atUs: number): void {
    this.#wakes.push({ atUs, ring: (nowUs) => agent.followUpsWoken(nowUs) });
  }

  /** What the agent does until then, times in ms. */
  runUntil(ms: number): void {
    for (;;) {
      this.#wakes.sort((a, b) => a.atUs - b.atUs);
      const next = this.#wakes[0];
      if (next === undefined || next.atUs > ms * MS) break;
      this.#wakes.shift();
      this.nowUs = next.atUs;
      next.ring(next.atUs);
    }
    this.nowUs = ms * MS;
  }

  offer(chatId: string, ms: number): void {
    this.runUntil(ms);
    this.agent.offered(chatId, ms * MS);
  }

  /** When each chat's conversation was over, ms. */
  finished(): Record<string, number> {
    return Object.fromEntries(
      this.acts.flatMap(({ atUs, action }) => (action.type === 'finish' ? [[action.chatId, atUs / MS]] : [])),
    );
  }

  types(): string[] {
    return this.acts.map(({ atUs, action }) => `${atUs / MS} ${action.type}`);
  }
}

const thirdMore = (chats: number): number => 1 + 0.3 * (chats - 1);

describe('slowdown', () => {
  test('two chats begun together take 1.3 times as long, and one alone as long as it does', () => {
    const stage = new Stage({ slowdown: thirdMore });
    stage.offer('c1', 0);
    stage.offer('c2', 0);
    stage.offer('c3', 20_000);
    stage.runUntil(60_000);
    expect(stage.finished()).toEqual({ c1: 13_000, c2: 13_000, c3: 30_000 });
  });

  test('what is left is planned anew at each change: half alone, the rest beside another', () => {
    const stage = new Stage({ slowdown: thirdMore });
    stage.offer('c1', 0);
    stage.offer('c2', 5_000);
    stage.runUntil(60_000);
    // c1: 5 s alone, 5 s of work at 1 / 1.3; c2: the same 5 s beside it, then 5 s alone.
    expect(stage.finished()).toEqual({ c1: 11_500, c2: 16_500 });
  });

  test('without it chats do not disturb each other', () => {
    const stage = new Stage();
    stage.offer('c1', 0);
    stage.offer('c2', 5_000);
    stage.runUntil(60_000);
    expect(stage.finished()).toEqual({ c1: 10_000, c2: 15_000 });
  });

  test('whatever comes when, the work done is the work there was', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ afterMs: fc.nat({ max: 9_000 }), gone: fc.boolean() }), { minLength: 1, maxLength: 12 }),
        (offers) => {
          const stage = new Stage({ slowdown: thirdMore, afterWorkMs: () => 2_000 });
          let at = 0;
          offers.forEach(({ afterMs }, index) => stage.offer(`c${index}`, (at += afterMs)));
          stage.runUntil(10_000_000);
          // Another way to the same number: between two acts each chat in hand gets its share of the time.
          let inHand = 0;
          let last = 0;
          let work = 0;
          for (const { atUs, action } of stage.acts) {
            if (inHand > 0) work += ((atUs - last) * inHand) / thirdMore(inHand);
            last = atUs;
            if (action.type === 'answer') inHand += 1;
            if (action.type === 'done') inHand -= 1;
          }
          expect(inHand).toBe(0);
          expect(Math.abs(work - offers.length * 12_000 * MS)).toBeLessThan(50 * offers.length);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('the account of work would notice agents who work on at full speed', () => {
    const stage = new Stage();
    stage.offer('c1', 0);
    stage.offer('c2', 0);
    stage.runUntil(60_000);
    const work = (2 * 10_000) / thirdMore(2);
    expect(work).toBeLessThan(2 * 10_000 * 0.8);
    expect(stage.finished()['c1']).toBe(10_000);
  });
});

describe('a shift', () => {
  const shift = { fromMs: 60_000, toMs: 120_000 };

  test('begins with the log-in and ends with the log-out', () => {
    const stage = new Stage({ shift });
    stage.runUntil(59_999);
    expect(stage.types()).toEqual([]);
    stage.runUntil(300_000);
    expect(stage.types()).toEqual(['60000 login', '120000 notReady', '120000 logout']);
  });

  test('is over when the last chat is done, and that is finished first', () => {
    const stage = new Stage({ shift, afterWorkMs: () => 3_000 });
    stage.offer('c1', 115_000);
    stage.runUntil(300_000);
    expect(stage.types().slice(1)).toEqual([
      '115000 answer',
      '120000 notReady',
      '125000 finish',
      '128000 done',
      '128000 logout',
    ]);
  });

  test('over, nothing rings at his desk, and a connection that is back does not log him in', () => {
    const stage = new Stage({ shift });
    stage.runUntil(120_000);
    stage.offer('c1', 130_000);
    stage.agent.logIn();
    stage.runUntil(300_000);
    expect(stage.types().at(-1)).toBe('120000 logout');
  });

  test('has no break any more once he is leaving', () => {
    const stage = new Stage({ shift, breaks: { workMs: () => 50_000, breakMs: () => 60_000 } });
    stage.runUntil(400_000);
    expect(stage.types()).toEqual(['60000 login', '110000 notReady', '120000 notReady', '120000 logout']);
  });
});

describe('offers', () => {
  test('that he does not notice ring on, and he is back a while after he was made not ready', () => {
    const stage = new Stage({ missShare: 1 });
    stage.offer('c1', 0);
    stage.runUntil(20_000);
    expect(stage.types()).toEqual(['0 login']);
    stage.agent.madeNotReady(stage.nowUs);
    stage.agent.closed('c1', stage.nowUs);
    stage.agent.madeNotReady(stage.nowUs);
    stage.agent.logIn();
    expect(stage.acts.at(-1)?.action).toMatchObject({ type: 'login', ready: false, reason: 'missed', chats: [] });
    stage.runUntil(200_000);
    expect(stage.types().slice(2)).toEqual(['80000 ready']);
  });

  test('that he does not want are rejected when he would answer', () => {
    const stage = new Stage({ rejectShare: 1, answerMs: () => 3_000 });
    stage.offer('c1', 0);
    stage.runUntil(60_000);
    expect(stage.types().slice(1)).toEqual(['3000 reject']);
  });

  test('are missed and rejected in their shares', () => {
    const stage = new Stage({ missShare: 0.2, rejectShare: 0.3, capacity: 100 });
    for (let n = 0; n < 2_000; n += 1) stage.offer(`c${n}`, n);
    stage.runUntil(60_000);
    const count = (type: string): number => stage.acts.filter(({ action }) => action.type === type).length;
    expect(Math.abs(count('reject') - 600)).toBeLessThan(80);
    expect(Math.abs(count('answer') - 1_000)).toBeLessThan(90);
  });
});

test('a conversation that he passes on leaves his hands at once', () => {
  const stage = new Stage({ transfers: { share: 1, to: 'others', afterMs: () => 4_000 }, afterWorkMs: () => 1_000 });
  stage.offer('c1', 0);
  stage.runUntil(60_000);
  expect(stage.types().slice(1)).toEqual(['0 answer', '4000 transfer']);
  expect(stage.acts.at(-1)?.action).toEqual({ type: 'transfer', agentId: 'a1', chatId: 'c1', toGroup: 'others' });
});

describe('an agent who makes callbacks', () => {
  const calls = {
    dialMs: () => 5_000,
    noAnswerShare: 0,
    rescheduleShare: 0,
    rescheduleMs: () => 600_000,
  };
  const acts = (changes: Partial<typeof calls>): string[] => {
    const stage = new Stage({ calls: { ...calls, ...changes }, alsoIn: ['x'] });
    stage.offer('c1', 0);
    stage.runUntil(60_000);
    expect(stage.acts[0]?.action).toMatchObject({ type: 'login', alsoIn: ['x'] });
    return stage.acts
      .slice(1)
      .map(({ atUs, action }) => `${atUs / MS} ${action.type}${action.type === 'dialed' ? ` ${action.outcome}` : ''}`);
  };

  test('dials, talks when he is answered, and has after-work', () => {
    expect(acts({})).toEqual(['0 answer', '5000 dialed connected', '15000 finish', '15000 done']);
  });

  test('is done with a call that nobody answers', () => {
    expect(acts({ noAnswerShare: 1 })).toEqual(['0 answer', '5000 dialed noAnswer']);
  });

  test('puts off a visitor who has no time', () => {
    expect(acts({ rescheduleShare: 1 })).toEqual(['0 answer', '5000 dialed connected', '25000 reschedule']);
  });
});

describe('follow-ups', () => {
  const WAITING = { interactionId: 'f1', visitID: 'v1', rule: 'R', reason: null, priority: 5, url: '', since: 0 };
  const looks = (stage: Stage): string[] => stage.types().filter((type) => type.includes('FollowUp'));

  test('are looked for in idle time alone, again and again, and the most urgent is decided on', () => {
    const stage = new Stage({ followUps: { approveShare: 1, afterMs: () => 4_000 } });
    stage.offer('c1', 3_000);
    stage.runUntil(17_000);
    expect(looks(stage)).toEqual(['16000 listFollowUps']);
    stage.agent.toldFollowUps([]);
    stage.agent.toldFollowUps([WAITING]);
    expect(looks(stage)).toEqual(['16000 listFollowUps', '17000 approveFollowUp']);
    stage.offer('c2', 18_000);
    stage.agent.toldFollowUps([WAITING]);
    expect(looks(stage)).toHaveLength(2);
  });

  test('are dismissed where none is approved, and left alone where agents do not work on them', () => {
    const stage = new Stage({ followUps: { approveShare: 0, afterMs: () => 4_000 } });
    stage.agent.toldFollowUps([WAITING]);
    expect(looks(stage)).toEqual(['0 dismissFollowUp']);
    const other = new Stage();
    other.runUntil(100_000);
    other.agent.toldFollowUps([WAITING]);
    expect(looks(other)).toEqual([]);
  });
});
