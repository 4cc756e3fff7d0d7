/** The engagement gateway over real sockets: a strategy outside finds what waits, has a permit, and invites the visitor, once. */
import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { LiveStage, SECRET, until, type StageNode } from '#tests/frontend/live-stage.ts';
import { postEvents, wireEvent } from '#tests/frontend/wire-event.ts';
import { readDefaultStrategies } from '#testbed/load-scenario-strategies.ts';
import { BayeuxPerson } from './bayeux-people.ts';

const OUTSIDE = { name: 'outside.scxml', text: readFileSync('scenarios/strategies/outside.scxml', 'utf8') };
const AGENT = { authentication: { role: 'agent', token: SECRET } };

let stage: LiveStage;
const people: BayeuxPerson[] = [];

afterEach(async () => {
  for (const person of people.splice(0)) await person.leave();
  await stage.stop();
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function call(backend: StageNode, path: string, body?: object): Promise<Answer> {
  const answer = await fetch(`${backend.url}/backend/data/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${SECRET}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

async function connect(url: string, channel: string, ext = {}): Promise<BayeuxPerson> {
  const person = new BayeuxPerson(url);
  people.push(person);
  await person.handshake(ext);
  expect(await person.subscribe(channel)).toMatchObject({ successful: true });
  return person;
}

type Listed = { readonly interactions: readonly { readonly interactionId: string; readonly visitId: string }[] };

it('lists what waits, gives one permit to two that ask at once, and obeys the first of two decisions', async () => {
  stage = new LiveStage({ strategies: { ...readDefaultStrategies(), engagement: OUTSIDE } });
  const { frontend, backend } = await stage.startAll();
  const desk = await connect(`${backend.url}/backend/cometd`, '/desk/agent-1', AGENT);
  const login = {
    type: 'login',
    agentId: 'agent-1',
    group: 'Web Engagement Chat',
    capacity: 1,
    ready: true,
    chats: [],
  };
  expect(await desk.publish('/service/desk', login)).toMatchObject({ successful: true });
  const visitor = await connect(`${frontend.url}/frontend/cometd`, '/notification/v1');
  const cart = wireEvent('v1', 1, { url: 'https://shop.example/cart' });
  expect((await postEvents(frontend.url, 'v1', [cart])).status).toBe(200);

  let listed: Listed = { interactions: [] };
  await until(async () => {
    listed = (await call(backend, 'gateway/interactions')).body as Listed;
    return listed.interactions.length === 1;
  }, 'the hot lead waits');
  const [waiting] = listed.interactions;
  expect(waiting).toMatchObject({
    visitId: 'v1',
    rule: 'Sees the cart',
    attempt_number: 1,
    userData: { visitID: 'v1' },
  });
  const subject = { interactionId: waiting?.interactionId, visitId: 'v1' };

  const ask = (): Promise<Answer> => call(backend, 'pacing/permit', { ...subject, channel: 'proactiveChat' });
  await until(async () => ((await ask()).body as { granted?: boolean }).granted === true, 'pacing has seen the agent');
  expect(await Promise.all([ask(), ask()])).toMatchObject([
    { status: 200, body: { granted: true, group: 'Web Engagement Chat' } },
    { status: 200, body: { granted: true, group: 'Web Engagement Chat' } },
  ]);

  const ixnProfile = { ...subject, channel: 'proactiveChat', userData: { offer: 10 } };
  const [first, second, late] = await Promise.all([
    call(backend, 'gateway/engage', { ixnProfile }),
    call(backend, 'gateway/engage', { ixnProfile }),
    call(backend, 'gateway/noengage', { cancelData: { ...subject, reason: 'policy' } }),
  ]);
  expect([first, second]).toMatchObject([
    { status: 200, body: { state: 'invited', already: false } },
    { status: 200, body: { state: 'invited', already: true } },
  ]);
  expect(late).toMatchObject({ status: 409 });
  const { data } = await visitor.hear({ channel: 'gpe.invite' });
  expect(data).toMatchObject({ visitID: 'v1', interactionId: subject.interactionId });
  expect(await call(backend, 'gateway/interactions')).toEqual({ status: 200, body: { interactions: [] } });
  const facts = stage.nodes.flatMap((node) => node.facts).filter(({ kind }) => kind === 'interactionMoved');
  expect(facts).toMatchObject([{ to: 'Webengagement_Qualified' }, { to: 'Webengagement_Engaged' }]);
});

it('answers who is wrong with what is wrong, and while the contact center is away with when to ask again', async () => {
  stage = new LiveStage();
  const { backend } = await stage.startAll();
  const subject = { interactionId: 'i1', visitId: 'v1' };
  expect(await call(backend, 'gateway/noengage', { cancelData: { ...subject, reason: 'policy' } })).toMatchObject({
    status: 404,
    body: { error: { message: 'no interaction i1 of the visit v1' } },
  });
  for (const [path, body] of [
    ['pacing/permit', { ...subject, channel: 'mail' }],
    ['gateway/engage', { ixnProfile: { ...subject, channel: 'proactiveChat', invite: {} } }],
    ['gateway/noengage', { cancelData: { ...subject, reason: 'bad mood' } }],
  ] as const) {
    expect((await call(backend, path, body)).status, path).toBe(400);
  }
  for (const path of ['gateway/interactions', 'pacing/permit', 'gateway/engage', 'gateway/noengage']) {
    const method = path === 'gateway/interactions' ? 'GET' : 'POST';
    const headers = { authorization: 'Bearer wrong' };
    expect((await fetch(`${backend.url}/backend/data/${path}`, { method, headers })).status, path).toBe(401);
  }
  await stage.nodes.find(({ name }) => name === 'contact-center')?.stop();
  await until(async () => (await call(backend, 'gateway/interactions')).status === 503, 'the loss is noticed');
});
