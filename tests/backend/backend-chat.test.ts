/** From the hot lead to the end of the chat over real sockets: invite, disposition, chat and desk. */
import { afterEach, expect, it } from 'vitest';
import { LiveStage, SECRET, until, type StageNode } from '#tests/frontend/live-stage.ts';
import { postEvents, wireEvent } from '#tests/frontend/wire-event.ts';
import { BayeuxPerson } from './bayeux-people.ts';

const EVERY_LEAD = {
  options: {
    'service:wmsg': { 'wmsg.connector.defaultEngagementChannel': 'proactiveChat' },
    'service:wes': { 'wes.connector.chatServer.refreshPeriod': 1, 'wes.connector.chatServer.requestTimeout': 1 },
  },
} as const;
const AGENT = { authentication: { role: 'agent', token: SECRET } };

let stage: LiveStage;
const people: BayeuxPerson[] = [];

afterEach(async () => {
  for (const person of people.splice(0)) await person.leave();
  await stage.stop();
});

async function browser(frontend: StageNode, visitID: string): Promise<BayeuxPerson> {
  const person = new BayeuxPerson(`${frontend.url}/frontend/cometd`);
  people.push(person);
  await person.handshake();
  expect(await person.subscribe(`/notification/${visitID}`)).toMatchObject({ successful: true });
  return person;
}

async function atBackend(backend: StageNode, channel: string, ext = {}): Promise<BayeuxPerson> {
  const person = new BayeuxPerson(`${backend.url}/backend/cometd`);
  people.push(person);
  await person.handshake(ext);
  expect(await person.subscribe(channel)).toMatchObject({ successful: true });
  return person;
}

function disposition(frontend: StageNode, visitID: string, interactionId: string, code: string): Promise<Response> {
  const query = new URLSearchParams({ interactionId, code });
  return fetch(`${frontend.url}/frontend/data/notification/disposition/${visitID}?${query.toString()}`, {
    method: 'POST',
  });
}

async function invited(frontend: StageNode, visitID: string, person: BayeuxPerson): Promise<string> {
  const cart = wireEvent(visitID, 1, { url: 'https://shop.example/cart' });
  expect((await postEvents(frontend.url, visitID, [cart])).status).toBe(200);
  const { data } = await person.hear({ channel: 'gpe.invite' });
  expect(data).toMatchObject({ type: 'invite', visitID, rule: 'Sees the cart' });
  return String((data as { interactionId: string }).interactionId);
}

/** A visitor and an agent in a chat that has begun. */
async function talking({ frontend, backend }: { readonly frontend: StageNode; readonly backend: StageNode }): Promise<{
  readonly desk: BayeuxPerson;
  readonly chatter: BayeuxPerson;
  readonly chatId: string;
}> {
  const desk = await atBackend(backend, '/desk/agent-1', AGENT);
  const login = {
    type: 'login',
    agentId: 'agent-1',
    group: 'Web Engagement Chat',
    capacity: 1,
    ready: true,
    chats: [],
  };
  expect(await desk.publish('/service/desk', login)).toMatchObject({ successful: true });

  const visitor = await browser(frontend, 'v1');
  const interactionId = await invited(frontend, 'v1', visitor);
  expect(interactionId).toMatch(/^[0-9a-f-]{36}$/);
  expect((await disposition(frontend, 'v1', interactionId, 'shown')).status).toBe(200);
  expect((await disposition(frontend, 'v1', interactionId, 'acceptCall')).status).toBe(200);

  const chatter = await atBackend(backend, '/chat/v1');
  const request = { type: 'chatRequest', visitID: 'v1', interactionId };
  expect(await chatter.publish('/service/chat', request)).toMatchObject({ successful: true });
  const { chatId } = await desk.hear({ type: 'chatOffer', agentId: 'agent-1' });
  await desk.publish('/service/desk', { type: 'answer', agentId: 'agent-1', chatId });
  await chatter.hear({ type: 'chatUpdate', chatId, state: 'started' });
  return { desk, chatter, chatId: String(chatId) };
}

it('carries a chat from the hot lead to its end, lines both ways', async () => {
  stage = new LiveStage(EVERY_LEAD);
  const { desk, chatter, chatId } = await talking(await stage.startAll());
  const question = { type: 'visitorLine', visitID: 'v1', lineId: 'l1', text: 'Is it in stock?' };
  expect(await chatter.publish('/service/chat', question)).toMatchObject({ successful: true });
  await desk.hear({ type: 'deskLine', chatId, lineId: 'l1', text: 'Is it in stock?' });
  await desk.publish('/service/desk', { type: 'say', agentId: 'agent-1', chatId, lineId: 'a1', text: 'It is.' });
  await chatter.hear({ type: 'chatLine', chatId, lineId: 'a1', text: 'It is.' });
  await desk.publish('/service/desk', { type: 'finish', agentId: 'agent-1', chatId });
  await chatter.hear({ type: 'chatUpdate', chatId, state: 'ended' });
});

it('shows what an agent says with the next refresh of the chat, and what he says last with its end', async () => {
  stage = new LiveStage(EVERY_LEAD);
  const nodes = await stage.startAll();
  const { desk, chatter, chatId } = await talking(nodes);
  const say = (lineId: string): Promise<unknown> =>
    desk.publish('/service/desk', { type: 'say', agentId: 'agent-1', chatId, lineId, text: `This is ${lineId}.` });
  await say('a1');
  await say('a2');
  await chatter.hear({ type: 'chatLine', lineId: 'a1' });
  await chatter.hear({ type: 'chatLine', lineId: 'a2' });
  await say('a3');
  await desk.publish('/service/desk', { type: 'finish', agentId: 'agent-1', chatId });
  await chatter.hear({ type: 'chatUpdate', state: 'ended' });
  const lines = chatter.heard.flatMap((heard) => {
    const { type, lineId, state } = heard as Record<string, string>;
    return type === 'chatLine' ? [lineId] : [state];
  });
  expect(lines).toEqual(['queued', 'started', 'a1', 'a2', 'a3', 'ended']);
  const metrics = await (await fetch(`${nodes.backend.url}/metrics`)).text();
  expect(metrics).toMatch(/^engage_chat_requests [1-9]\d*$/m);
  expect(metrics).toMatch(/^engage_chat_requests_timed_out 0$/m);
  expect(metrics).toMatch(/^engage_chats_refreshed 0$/m);
  expect(nodes.backend.facts.filter(({ kind }) => kind === 'lineShown')).toHaveLength(3);
});

it('counts and tells a refresh that the contact center does not answer within requestTimeout', async () => {
  stage = new LiveStage(EVERY_LEAD);
  await stage.startStore();
  const contactCenter = await stage.startContactCenter();
  const backend = await stage.startBackend('backend-1');
  const frontend = await stage.startFrontend('frontend-1');
  const isUp = async (url: string): Promise<boolean> => (await fetch(url)).status === 200;
  await until(() => isUp(`${backend.url}/backend/about`), 'the Backend is ready');
  await until(() => isUp(`${frontend.url}/frontend/about`), 'the Frontend is ready');
  await talking({ frontend, backend });
  await contactCenter.stop();
  await until(() => backend.facts.some(({ kind }) => kind === 'refreshTimedOut'), 'the refresh has taken too long');
  expect(backend.facts.find(({ kind }) => kind === 'refreshTimedOut')).toMatchObject({
    backend: 'backend-1',
    chats: 1,
  });
  const metrics = await (await fetch(`${backend.url}/metrics`)).text();
  expect(metrics).toMatch(/^engage_chat_requests_timed_out [1-9]\d*$/m);
});

it('shows an invite to a browser that comes after it, until the browser has answered', async () => {
  stage = new LiveStage(EVERY_LEAD);
  const { frontend } = await stage.startAll();
  const first = await browser(frontend, 'v1');
  const interactionId = await invited(frontend, 'v1', first);
  await first.leave();
  const second = await browser(frontend, 'v1');
  await second.hear({ channel: 'gpe.invite' });
  expect((await disposition(frontend, 'v1', interactionId, 'shown')).status).toBe(200);
  const third = await browser(frontend, 'v1');
  const notified = await fetch(`${frontend.url}/frontend/data/notification/notify/v1`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${SECRET}` },
    body: JSON.stringify([{ page: '*', channel: 'gpe.appendContent', data: { url: '/offer.html' } }]),
  });
  expect(await notified.json()).toEqual({ reached: 2 });
  await third.hear({ channel: 'gpe.appendContent' });
  expect(third.heard, 'what has been shown is not shown again').toHaveLength(1);
});

it('lets a browser hear of its own visit alone, publish nothing, and notifies for servers alone', async () => {
  stage = new LiveStage();
  const { frontend } = await stage.startAll();
  const person = await browser(frontend, 'v1');
  for (const channel of ['/notification/v2', '/notification/*', '/**', '/desk/agent-1']) {
    expect(await person.subscribe(channel), channel).toMatchObject({ successful: false });
  }
  expect(await person.publish('/notification/v1', {})).toMatchObject({ successful: false });
  const url = `${frontend.url}/frontend/data/notification/notify/v1`;
  const body = JSON.stringify([{ page: '*', channel: 'x', data: {} }]);
  for (const authorization of ['', 'Bearer wrong', SECRET]) {
    const headers = { 'content-type': 'application/json', authorization };
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(401);
  }
  expect(person.heard).toEqual([]);
});

it.each([
  ['a wrong token', { authentication: { role: 'agent', token: 'guess' } }],
  ['a role that there is not', { authentication: { role: 'root', token: SECRET } }],
])('refuses the handshake of a desk with %s', async (_what, ext) => {
  stage = new LiveStage();
  const { backend } = await stage.startAll();
  const person = new BayeuxPerson(`${backend.url}/backend/cometd`);
  people.push(person);
  expect(await person.handshake(ext)).toMatchObject({ successful: false });
});

it('keeps visitors from desks and from the chats of others, and refuses what is no action', async () => {
  stage = new LiveStage();
  const { backend } = await stage.startAll();
  const visitor = await atBackend(backend, '/chat/v1');
  for (const channel of ['/desk/agent-1', '/chat/v2', '/chat/*', '/**']) {
    expect(await visitor.subscribe(channel), channel).toMatchObject({ successful: false });
  }
  const refused: [string, unknown][] = [
    ['/service/desk', { type: 'ready', agentId: 'agent-1' }],
    ['/service/chat', { type: 'chatLeft', visitID: 'v2' }],
    ['/service/chat', { type: 'login', agentId: 'agent-1' }],
    ['/service/chat', 'chatLeft'],
    ['/chat/v1', { type: 'chatLine' }],
  ];
  for (const [channel, data] of refused) {
    expect(await visitor.publish(channel, data), JSON.stringify(data)).toMatchObject({ successful: false });
  }
});

it('names the contact center when it is away, refuses chats meanwhile and stores events all the same', async () => {
  stage = new LiveStage();
  await stage.startStore();
  const contactCenter = await stage.startContactCenter();
  const backend = await stage.startBackend('backend-1');
  const about = (): Promise<Response> => fetch(`${backend.url}/backend/about`);
  await until(async () => (await about()).status === 200, 'the Backend is ready');
  const frontend = await stage.startFrontend('frontend-1');
  await until(async () => (await fetch(`${frontend.url}/frontend/about`)).status === 200, 'the Frontend is ready');
  await contactCenter.stop();
  await until(async () => (await about()).status === 503, 'the Backend knows');
  expect(await (await about()).json()).toMatchObject({
    dependencies: [
      { name: 'store', status: 'up' },
      { name: 'contactCenter', status: 'failing' },
    ],
  });
  const visitor = await atBackend(backend, '/chat/v1');
  expect(await visitor.publish('/service/chat', { type: 'chatResume', visitID: 'v1' })).toMatchObject({
    successful: false,
    error: expect.stringContaining('503'),
  });
  expect((await postEvents(frontend.url, 'v1', [wireEvent('v1', 1)])).status).toBe(200);
});

it('describes every route; the gateway checks its callers and orders', async () => {
  stage = new LiveStage();
  const { backend } = await stage.startAll();
  const document = (await (await fetch(`${backend.url}/backend/openapi.json`)).json()) as { paths: object };
  const history = /^\/backend\/data\/(?:identities|visits|sessions|pages|events|engagementattempts|useragents)(?:\/|$)/;
  const paths = Object.keys(document.paths).filter((path) => !history.test(path));
  expect(paths.toSorted()).toEqual([
    '/backend/about',
    '/backend/cometd',
    '/backend/cometd/{*}',
    '/backend/data/categories',
    '/backend/data/gateway/engage',
    '/backend/data/gateway/interactions',
    '/backend/data/gateway/noengage',
    '/backend/data/pacing/channelCapacity',
    '/backend/data/pacing/permit',
    '/backend/data/pacing/prediction',
    '/backend/data/pacing/reactiveState',
    '/backend/data/rules',
    '/backend/data/rules/deploy',
    '/backend/data/rules/history',
    '/backend/data/rules/history/{version}',
    '/backend/data/rules/rollback',
    '/backend/openapi.json',
    '/metrics',
  ]);
  const post = (body: object, authorization = `Bearer ${SECRET}`): Promise<Response> =>
    fetch(`${backend.url}/backend/data/gateway/noengage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify(body),
    });
  const order = { cancelData: { interactionId: 'i1', visitId: 'v1', reason: 'policy' } };
  expect((await post(order, 'Bearer wrong')).status).toBe(401);
  expect((await post({ cancelData: {} })).status).toBe(400);
  expect((await post(order)).status).toBe(404);
});
