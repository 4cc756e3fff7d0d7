/** The whole crowd over sockets: the simulator's people, what they do with invites and chats, and lost connections. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { DeskMessage } from '#core/messages.ts';
import type { BrowserEvent } from '#core/visits/event.ts';
import type { Scenario } from '#protocol/scenario.ts';
import type { Crowd } from '#testbed/live/crowd-run.ts';
import { createSimRun } from '#testbed/sim-run.ts';
import { groupOf, scenarioOf } from '../scenario-of.ts';
import { CrowdCity } from './crowd-city.ts';

let city: CrowdCity | undefined;
afterEach(async () => {
  await city?.close();
  city = undefined;
});

async function openCity(scenario: Scenario, transport?: 'long-polling'): Promise<{ city: CrowdCity; crowd: Crowd }> {
  const opened = new CrowdCity(scenario);
  city = opened;
  return { city: opened, crowd: await opened.open(scenario, transport) };
}

/** What a browser said, as a line a test can compare. */
function lineOf({ eventID, timestamp, eventName, url, identity, data }: BrowserEvent): string {
  return `${eventID} ${timestamp} ${eventName} ${url} ${identity ?? '-'} ${JSON.stringify(data)}`;
}

interface Told {
  readonly events: readonly string[];
  readonly pasts: readonly string[];
}

/** What the simulator's visitors say until `untilMs` of the run, and what they had said before. */
function simulate(scenario: Scenario, untilMs: number): Told {
  const events: string[] = [];
  const pasts: string[] = [];
  const run = createSimRun(scenario, {
    seed: scenario.seed,
    journal: (life, line) => {
      if (!life.startsWith('frontend-1')) return;
      const { input } = JSON.parse(line) as {
        input?: { type: string; events: BrowserEvent[]; past: BrowserEvent[] | undefined };
      };
      if (input?.type !== 'intake') return;
      events.push(...input.events.filter(({ timestamp }) => timestamp < scenario.startsAt + untilMs).map(lineOf));
      pasts.push(...(input.past ?? []).map(lineOf));
    },
  });
  run.advanceTo(untilMs + 5_000);
  return { events: events.toSorted(), pasts: pasts.toSorted() };
}

/** Nobody is engaged: what people do depends on the seed alone. */
const QUIET = scenarioOf({ seed: 7, rules: [], durationMs: 120_000 });

describe('the crowd and the simulator', () => {
  test('draw the same arrivals, pages and events at the same times from the same seed', async () => {
    const expected = simulate(QUIET, 60_000);
    const { city: live } = await openCity(QUIET);
    live.setSpeed(40);
    const endsAt = QUIET.startsAt + 60_000;
    await live.until(() => live.clock.now() > endsAt);
    await live.close();
    city = undefined;
    const events = live.events.filter(({ timestamp }) => timestamp < endsAt).map(lineOf);
    expect(expected.events.length).toBeGreaterThan(100);
    expect(events.toSorted()).toEqual(expected.events);
    const starts = expected.events.filter((line) => line.includes(' VisitStarted '));
    expect(starts.every((line) => /\{"userAgent":"Mozilla\/5\.0 [^"]+"\}$/.test(line))).toBe(true);
    expect(starts.length).toBeGreaterThan(5);
    // The simulator hands a past over with the next event; not all have had one.
    expect(expected.pasts.length).toBeGreaterThan(100);
    expect(live.pasts.map(lineOf)).toEqual(expect.arrayContaining([...expected.pasts]));
    expect(live.pasts.every(({ at, timestamp }) => at === timestamp && at < QUIET.startsAt)).toBe(true);
  });

  test('draw other people from another seed', () => {
    expect(simulate({ ...QUIET, seed: 8 }, 60_000).events).not.toEqual(simulate(QUIET, 60_000).events);
  });
});

describe('a crowd', () => {
  test('writes down what was stored before the run and what was acknowledged in it', async () => {
    const { city: live, crowd } = await openCity(QUIET);
    live.setSpeed(20);
    await live.until(() => live.events.length > 50);
    live.setSpeed(0);
    await crowd.stop();
    const idsIn = (file: string): readonly string[] =>
      readFileSync(join(live.folder, file), 'utf8').split('\n').filter(Boolean);
    expect(idsIn('seeded.ids').toSorted()).toEqual(live.pasts.map(({ eventID }) => eventID).toSorted());
    expect(idsIn('acknowledged.ids').toSorted()).toEqual(live.events.map(({ eventID }) => eventID).toSorted());
    expect(crowd.counters()).toMatchObject({
      dropped: 0,
      eventsSent: live.events.length,
      eventsAcknowledged: live.events.length,
      eventsUnsent: 0,
      eventsSeeded: live.pasts.length,
    });
  });

  test('does nothing while the clock stands, and hears afterwards what came meanwhile', async () => {
    const { city: live, crowd } = await openCity(QUIET);
    live.setSpeed(20);
    await live.until(() => live.events.length > 20);
    live.setSpeed(0);
    await live.until(() => {
      const { eventsSent, eventsAcknowledged } = crowd.counters();
      return live.clock.speed === 0 && eventsSent === eventsAcknowledged;
    });
    const before = live.events.length;
    const pausedAt = live.clock.now();
    for (const visitID of new Set(live.pasts.map((event) => event.visitID))) live.invite(visitID, `i-${visitID}`);
    await sleep(200);
    expect(live.dispositions).toEqual([]);
    expect(live.events.length).toBe(before);
    live.setSpeed(20);
    await live.until(() => live.events.length > before && live.dispositions.length > 0);
    expect(live.events.slice(before).every(({ timestamp }) => timestamp >= pausedAt)).toBe(true);
    expect(crowd.counters()).toMatchObject({ dropped: 0 });
  });
});

describe('a visitor', () => {
  test('listens for invites at the Frontend that has his events, from the first answer on and after a change', async () => {
    const { city: live } = await openCity(QUIET);
    const seeded = live.listenerCookies.length;
    expect(seeded).toBeGreaterThan(0);
    expect(new Set(live.listenerCookies)).toEqual(new Set(['']));
    live.setSpeed(20);
    await live.until(() => live.listenerCookies.length > seeded + 10);
    expect(new Set(live.listenerCookies.slice(seeded))).toEqual(new Set(['FRONTEND_ROUTEID=.a']));
    live.route = '.b';
    const { length } = live.events;
    await live.until(() => live.listenerCookies.includes('FRONTEND_ROUTEID=.b'));
    // Who was moved has had an answer that moved him.
    expect(live.events.length).toBeGreaterThan(length);
  });
});

/** One visitor's whole engagement: everyone accepts at once, one agent answers at once and talks for two seconds. */
const ENGAGED = scenarioOf({
  seed: 3,
  rules: [],
  visitors: {
    acceptShare: 1,
    rejectShare: 0,
    responseTime: { kind: 'constant', meanMs: 200 },
    inviteTimeoutMs: 30_000,
    patience: { kind: 'constant', meanMs: 600_000 },
    registration: null,
    reactive: null,
  },
  groups: [
    groupOf({
      agents: 1,
      answerTime: { kind: 'constant', meanMs: 100 },
      handleTime: { kind: 'constant', meanMs: 5_000 },
      afterWork: { kind: 'constant', meanMs: 1_000 },
    }),
  ],
});

const ofChat = (actions: readonly DeskMessage[]): readonly string[] =>
  actions.flatMap((action) => ('chatId' in action ? [`${action.type} ${action.chatId}`] : []));

describe.each(['websocket', 'long-polling'] as const)('an engagement over %s', (transport) => {
  async function open(): Promise<{ live: CrowdCity; visitID: string }> {
    const opened = await openCity(ENGAGED, transport === 'long-polling' ? transport : undefined);
    const live = opened.city;
    live.setSpeed(3);
    await live.until(() => live.events.length > 0 && live.deskActions.length > 0);
    // Someone who has just come stays a while.
    const entered = live.events.findLast(({ eventName }) => eventName === 'PageEntered');
    return { live, visitID: entered?.visitID ?? live.pasts[0]?.visitID ?? '' };
  }

  test('goes from an invite, shown once, to a chat with a line each way and back to browsing', async () => {
    const { live, visitID } = await open();
    live.invite(visitID, 'i1');
    live.invite(visitID, 'i1');
    await live.until(() => live.chatActions.length > 0);
    live.invite(visitID, 'i1');
    expect(live.dispositions).toEqual([`${visitID} i1 shown`, `${visitID} i1 acceptCall`]);
    expect(live.chatActions).toEqual([{ type: 'chatRequest', visitID, interactionId: 'i1' }]);
    live.toBrowser(visitID, { type: 'chatUpdate', visitID, chatId: 'c1', state: 'queued' });
    live.toDesk({ type: 'chatOffer', agentId: 'agent-1', chatId: 'c1', userData: { rule: 'Sees the cart' } });
    await live.until(() => ofChat(live.deskActions).includes('answer c1'));
    live.toBrowser(visitID, { type: 'chatUpdate', visitID, chatId: 'c1', state: 'started' });
    live.toBrowser(visitID, { type: 'chatUpdate', visitID, chatId: 'c1', state: 'started' });
    await live.until(() => live.chatActions.length > 1);
    const line = { lineId: 'c1.v', text: 'Hello, I have a question.' };
    expect(live.chatActions.slice(1)).toEqual([{ type: 'visitorLine', visitID, ...line }]);
    for (let time = 1; time <= 2; time += 1)
      live.toDesk({ type: 'deskLine', agentId: 'agent-1', chatId: 'c1', ...line });
    await live.until(() => ofChat(live.deskActions).includes('done c1'));
    expect(ofChat(live.deskActions)).toEqual(['answer c1', 'say c1', 'finish c1', 'done c1']);
    live.toBrowser(visitID, { type: 'chatUpdate', visitID, chatId: 'c1', state: 'ended' });
    const before = live.events.length;
    live.setSpeed(40);
    await live.until(() => live.events.slice(before).some((event) => event.visitID === visitID));
    expect(live.dispositions).toHaveLength(2);
  });

  test('goes on after every connection was lost: the visitor asks how it stands, the desk logs in with its chat', async () => {
    const { live, visitID } = await open();
    live.invite(visitID, 'i1');
    await live.until(() => live.chatActions.length > 0);
    live.toDesk({ type: 'chatOffer', agentId: 'agent-1', chatId: 'c1', userData: { rule: 'Sees the cart' } });
    await live.until(() => ofChat(live.deskActions).includes('answer c1'));
    live.toBrowser(visitID, { type: 'chatUpdate', visitID, chatId: 'c1', state: 'started' });
    await live.until(() => live.chatActions.length > 1);
    const said = live.deskActions.length;
    live.cut();
    await live.until(() => live.chatActions.length > 2 && live.deskActions.length > said);
    expect(live.chatActions[2]).toEqual({ type: 'chatResume', visitID });
    expect(live.deskActions[said]).toMatchObject({
      type: 'login',
      agentId: 'agent-1',
      ready: true,
      chats: [{ chatId: 'c1', state: 'talking' }],
    });
    // What the contact center does not know any more is over for both.
    live.toDesk({ type: 'deskState', agentId: 'agent-1', chats: [{ chatId: 'c2', state: 'offered' }] });
    await live.until(() => ofChat(live.deskActions).includes('done c2'));
    expect(ofChat(live.deskActions)).toEqual(['answer c1', 'answer c2', 'finish c2', 'done c2']);
    live.toBrowser(visitID, { type: 'chatUpdate', visitID, chatId: '', state: 'ended' });
    const before = live.events.length;
    live.setSpeed(40);
    await live.until(() => live.events.slice(before).some((event) => event.visitID === visitID));
  });

  test('says again what was not confirmed when the connection broke, in order', async () => {
    const { live } = await open();
    live.answers = false;
    live.toDesk({ type: 'chatOffer', agentId: 'agent-1', chatId: 'c1', userData: { rule: 'Sees the cart' } });
    await live.until(() => ofChat(live.deskActions).includes('answer c1'));
    live.answers = true;
    const said = live.deskActions.length;
    live.cut();
    await live.until(() => ofChat(live.deskActions).includes('done c1'));
    expect(live.deskActions[said]).toMatchObject({ type: 'login', chats: [{ chatId: 'c1', state: 'talking' }] });
    expect(ofChat(live.deskActions)).toEqual(['answer c1', 'answer c1', 'finish c1', 'done c1']);
  });

  test('logs in again when the contact center has come back and asks for it', async () => {
    const { live } = await open();
    const said = live.deskActions.length;
    live.toDesk({ type: 'deskResume', agentId: 'agent-1' });
    await live.until(() => live.deskActions.length > said);
    expect(live.deskActions[said]).toMatchObject({ type: 'login', agentId: 'agent-1', chats: [] });
  });
});
