/** Events from the crowd to a server that refuses, resets and loses answers: none lost, none doubled, each visit in order. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRandomSource } from '#core/random/random-source.ts';
import type { BrowserEvent } from '#core/visits/event.ts';
import { openEventsBody, type EventsBody } from '#protocol/wire-events.ts';
import { CookieJar } from '#testbed/live/crowd-cookie-jar.ts';
import { CrowdHttp } from '#testbed/live/crowd-http.ts';
import { CrowdIntake } from '#testbed/live/crowd-intake.ts';
import { IdFile } from '#testbed/live/crowd-ledger.ts';
import { CrowdSender, type SendingLaw } from '#testbed/live/crowd-sender.ts';

const LAW: SendingLaw = { timeoutMs: 2_000, retryForMs: 20_000, backoff: { msMin: 1, msMax: 4 } };

type Mishap = 'none' | 'refuse' | 'resetBefore' | 'resetAfter' | 'errorAfter';

/** Keeps events by id, as a store does, and remembers in which order they came first. */
class Shop {
  readonly stored = new Map<string, string>();
  readonly repeats: string[] = [];
  readonly cookies = new Set<string>();
  underWayMax = 0;
  readonly #underWay = new Map<string, number>();
  readonly #server: Server;
  readonly #next: () => Mishap;
  /** False: a shop that stores what it is sent, however often. */
  readonly #knowsIds: boolean;

  constructor(next: () => Mishap, knowsIds = true) {
    this.#next = next;
    this.#knowsIds = knowsIds;
    this.#server = createServer((request, answer) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        this.cookies.add(request.headers.cookie ?? '');
        this.#take(JSON.parse(body) as EventsBody, answer);
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #take(body: EventsBody, answer: ServerResponse): void {
    const { events } = openEventsBody(body);
    const visitID = events[0]?.visitID ?? '';
    const open = (this.#underWay.get(visitID) ?? 0) + 1;
    this.#underWay.set(visitID, open);
    this.underWayMax = Math.max(this.underWayMax, open);
    setImmediate(() => {
      this.#underWay.set(visitID, open - 1);
      const mishap = this.#next();
      if (mishap === 'resetBefore') return answer.socket?.resetAndDestroy();
      if (mishap === 'refuse') return answer.writeHead(503, { 'retry-after': '0' }).end();
      for (const { eventID } of events) {
        if (this.stored.has(eventID)) this.repeats.push(eventID);
        if (!this.stored.has(eventID) || !this.#knowsIds) this.stored.set(eventID, visitID);
      }
      if (mishap === 'resetAfter') return answer.socket?.resetAndDestroy();
      if (mishap === 'errorAfter') return answer.writeHead(502).end();
      return answer.writeHead(200, { 'set-cookie': [`ROUTEID=.1; Path=/`] }).end(`{"stored":${events.length}}`);
    });
  }
}

function eventOf(visitID: string, number: number): BrowserEvent {
  return {
    eventID: `${visitID}.e${number}`,
    timestamp: number,
    visitID,
    globalVisitID: `g-${visitID}`,
    pageID: `${visitID}.p1`,
    eventType: 'BUSINESS',
    eventName: 'AddToCart',
    url: 'https://shop.example/',
    title: 'Home',
    category: undefined,
    languageCode: 'en',
    identity: undefined,
    data: {},
  };
}

/** Mishaps with these shares, from a seeded stream. */
function mishaps(seed: number): () => Mishap {
  const stream = createRandomSource(seed).stream('mishaps');
  return () => {
    const u = stream.next();
    if (u < 0.15) return 'refuse';
    if (u < 0.3) return 'resetBefore';
    if (u < 0.45) return 'resetAfter';
    return u < 0.55 ? 'errorAfter' : 'none';
  };
}

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crowd-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function postAll(shop: Shop, visits: number, events: number, law = LAW, giveUp = false): Promise<CrowdIntake> {
  const http = new CrowdHttp({ url: await shop.listen(), origin: undefined, socketsMax: 8 });
  const jitter = createRandomSource(1).stream('jitter');
  const acknowledged = new IdFile(join(folder, 'acknowledged.ids'));
  const sender = new CrowdSender({ http, jitter, law });
  const intake = new CrowdIntake({ sender, acknowledged, at: () => 5 });
  const outboxes = Array.from({ length: visits }, (_, visit) =>
    intake.createOutbox(`v${visit}`, new CookieJar(), () => undefined),
  );
  for (let number = 1; number <= events; number += 1) {
    outboxes.forEach((outbox, visit) => outbox.post(eventOf(`v${visit}`, number)));
    // Lets answers arrive in between, so that requests carry one event, some, or many.
    if (number % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  if (giveUp) sender.stop();
  await intake.idle();
  http.close();
  shop.close();
  acknowledged.close();
  return intake;
}

const acknowledgedIds = (): readonly string[] =>
  readFileSync(join(folder, 'acknowledged.ids'), 'utf8').split('\n').filter(Boolean);

describe('events of the crowd', () => {
  test.each([1, 2, 3])('arrive once each and in order, whatever the server does (seed %i)', async (seed) => {
    const shop = new Shop(mishaps(seed));
    const intake = await postAll(shop, 10, 40);
    expect(intake.events).toEqual({ sent: 400, acknowledged: 400, refused: 0, unsent: 0 });
    expect(shop.stored.size).toBe(400);
    expect(acknowledgedIds().toSorted()).toEqual([...shop.stored.keys()].toSorted());
    for (let visit = 0; visit < 10; visit += 1) {
      const own = [...shop.stored].filter(([, visitID]) => visitID === `v${visit}`).map(([eventID]) => eventID);
      expect(own).toEqual(Array.from({ length: 40 }, (_, index) => `v${visit}.e${index + 1}`));
    }
    expect(shop.underWayMax).toBe(1);
    expect(shop.repeats.length).toBeGreaterThan(0);
    expect(shop.cookies).toContain('ROUTEID=.1');
    const { sent, stored, refused, unsent, retried } = intake.requests;
    expect(sent).toBe(stored + refused + unsent);
    expect(retried).toBeGreaterThan(0);
  });

  test('that are not tried again are missed: the mishaps above do harm', async () => {
    const shop = new Shop(mishaps(1));
    const intake = await postAll(shop, 10, 40, { ...LAW, retryForMs: 0 });
    expect(intake.events.unsent).toBeGreaterThan(0);
    expect(intake.events.acknowledged).toBeLessThan(400);
    expect(intake.events.sent).toBe(intake.events.acknowledged + intake.events.unsent);
    expect(acknowledgedIds().length).toBe(intake.events.acknowledged);
  });

  test('that nobody answers are counted as unsent when the crowd stops', async () => {
    const shop = new Shop(() => 'refuse');
    const intake = await postAll(shop, 2, 3, LAW, true);
    expect(intake.events).toEqual({ sent: 6, acknowledged: 0, refused: 0, unsent: 6 });
    expect(acknowledgedIds()).toEqual([]);
  });
});
