/** The pacing REST of a Backend over real sockets: answers, refusals with the option to mend, and a contact center that is away. */
import { afterEach, describe, expect, it } from 'vitest';
import { groupOf } from '#tests/testbed/scenario-of.ts';
import { LiveStage, SECRET, until, type StageNode } from '#tests/frontend/live-stage.ts';
import { BayeuxPerson } from './bayeux-people.ts';

const GROUP = 'Web Engagement Chat';
const AGENT = { authentication: { role: 'agent', token: SECRET } };

let stage: LiveStage;
const people: BayeuxPerson[] = [];

afterEach(async () => {
  for (const person of people.splice(0)) await person.leave();
  await stage.stop();
});

async function start(pacing: Readonly<Record<string, string | number>> = {}): Promise<StageNode> {
  stage = new LiveStage({ options: { 'service:pacing': pacing } });
  return (await stage.startAll()).backend;
}

async function ask(backend: StageNode, path: string, headers = {}): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${backend.url}/backend/data/pacing/${path}`, { headers });
  return { status: answer.status, body: await answer.json() };
}

async function atBackend(backend: StageNode, channel: string, ext = {}): Promise<BayeuxPerson> {
  const person = new BayeuxPerson(`${backend.url}/backend/cometd`);
  people.push(person);
  await person.handshake(ext);
  expect(await person.subscribe(channel)).toMatchObject({ successful: true });
  return person;
}

async function logIn(backend: StageNode, capacity: number, who: object = {}): Promise<BayeuxPerson> {
  const login = { type: 'login', agentId: 'agent-1', group: GROUP, capacity, ready: true, chats: [], ...who };
  const desk = await atBackend(backend, `/desk/${login.agentId}`, AGENT);
  expect(await desk.publish('/service/desk', login)).toMatchObject({ successful: true });
  return desk;
}

describe('a DUAL algorithm', () => {
  const dual = { 'pacing.connector.algorithm': 'SUPER_PROGRESSIVE_DUAL' };

  it('tells the share to let in, and a visitor who was let in has his chat', async () => {
    const backend = await start(dual);
    const desk = await logIn(backend, 1);
    const path = `reactiveState?channel=chat&groups=${encodeURIComponent(GROUP)}`;
    await until(async () => {
      const { status, body } = await ask(backend, path);
      expect(status).toBe(200);
      return (body as { reactiveState: number }).reactiveState === 1;
    }, 'pacing has seen the agent');
    for (let times = 0; times < 2; times += 1) {
      expect(await ask(backend, 'reactiveState?channel=chat&visitID=v1&askId=v1.a1')).toMatchObject({ status: 200 });
    }
    const visitor = await atBackend(backend, '/chat/v1');
    const chat = { type: 'reactiveChat', visitID: 'v1', askId: 'v1.a1' };
    for (let times = 0; times < 2; times += 1) {
      expect(await visitor.publish('/service/chat', chat)).toMatchObject({ successful: true });
    }
    expect(await desk.hear({ type: 'chatOffer' })).toMatchObject({ chatId: 'r-v1.a1' });
    const facts = stage.nodes.flatMap((node) => node.facts).filter((fact) => fact.kind === 'reactive');
    expect(facts).toMatchObject([{ visitID: 'v1', askId: 'v1.a1' }]);
  });

  it('tells how many slots are free and what pacing would let out, with its reason', async () => {
    const backend = await start(dual);
    await logIn(backend, 3);
    await until(async () => {
      const { body } = await ask(backend, 'channelCapacity?channel=chat');
      return (body as { capacity: number }).capacity === 3;
    }, 'the agent is there');
    await until(async () => {
      const { body } = await ask(backend, 'reactiveState?channel=chat');
      return (body as { reactiveState: number }).reactiveState === 1;
    }, 'pacing has seen the agent');
    const { status, body } = await ask(backend, 'prediction?channel=chat');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      algorithm: 'SUPER_PROGRESSIVE_DUAL',
      target: 'ABANDONMENT_RATE',
      goalShare: 0.03,
      groups: [{ name: GROUP, reactiveState: 1 }],
    });
  });
});

describe('the channel webcallback', () => {
  const VOICE = 'Web Engagement Voice';

  it('answers as chats do where a voice group is paced', async () => {
    const dual = { 'service:pacing': { 'pacing.connector.algorithm': 'SUPER_PROGRESSIVE_DUAL' } };
    const groups = [groupOf({}), groupOf({ name: VOICE, channel: 'voice' })];
    stage = new LiveStage({ options: dual, groups });
    const { backend } = await stage.startAll();
    await logIn(backend, 3);
    await logIn(backend, 2, { agentId: 'agent-2', group: VOICE, alsoIn: ['WebCallback distribution for processing'] });
    await until(async () => {
      const { body } = await ask(backend, 'channelCapacity?channel=webcallback');
      return (body as { capacity: number }).capacity === 2;
    }, 'the agent is there');
    expect((await ask(backend, 'channelCapacity?channel=webcallback')).body).toEqual({
      capacity: 2,
      groups: [{ name: VOICE, slots: 2, free: 2 }],
    });
    expect((await ask(backend, 'channelCapacity?channel=chat')).body).toMatchObject({ capacity: 3 });
    await until(async () => {
      const { body } = await ask(backend, 'prediction?channel=webcallback');
      return (body as { groups: { decision: object | null }[] }).groups[0]?.decision !== null;
    }, 'there was a refresh');
    const { status, body } = await ask(backend, 'prediction?channel=webcallback');
    expect(status).toBe(200);
    expect(body).toMatchObject({ goalShare: 0.03, groups: [{ name: VOICE, decision: { channel: 'webcallback' } }] });
    const asker = 'reactiveState?channel=webcallback&visitID=v1&askId=v1.a1';
    expect(await ask(backend, asker)).toEqual({ status: 200, body: { reactiveState: 1 } });
    expect((await ask(backend, `prediction?channel=chat&groups=${encodeURIComponent(VOICE)}`)).status).toBe(404);
  });

  it('is a conflict where no group makes callbacks', async () => {
    const backend = await start();
    const { status, body } = await ask(backend, 'channelCapacity?channel=webcallback');
    expect(status).toBe(409);
    expect(JSON.stringify(body)).toContain('nothing is paced on the channel webcallback');
  });
});

it('another algorithm is a conflict that names the option; wrong questions are told what is wrong with them', async () => {
  const backend = await start();
  const notDual = await ask(backend, 'reactiveState?channel=chat');
  expect(notDual.status).toBe(409);
  expect(JSON.stringify(notDual.body)).toContain('pacing.connector.algorithm is SUPER_PROGRESSIVE');
  expect((await ask(backend, 'channelCapacity?channel=chat&groups=Nobody')).status).toBe(404);
  for (const path of [
    'reactiveState',
    'reactiveState?channel=mail',
    'prediction?channel=chat&more=1',
    'reactiveState?channel=chat&visitID=v1',
    `reactiveState?channel=chat&visitID=v1&askId=${'a'.repeat(61)}`,
  ]) {
    expect((await ask(backend, path)).status, path).toBe(400);
  }
  expect((await ask(backend, 'prediction?channel=chat', { origin: 'https://evil.example' })).status).toBe(403);
});

it('is described in the OpenAPI document', async () => {
  const backend = await start();
  const { paths } = (await (await fetch(`${backend.url}/backend/openapi.json`)).json()) as { paths: object };
  for (const kind of ['reactiveState', 'channelCapacity', 'prediction']) {
    expect(Object.keys(paths)).toContain(`/backend/data/pacing/${kind}`);
  }
});

it('while the contact center is away it answers 503 with the reason and when to ask again', async () => {
  const backend = await start();
  const contactCenter = stage.nodes.find(({ name }) => name === 'contact-center');
  await contactCenter?.stop();
  await until(async () => (await ask(backend, 'channelCapacity?channel=chat')).status === 503, 'the loss is noticed');
  const answer = await fetch(`${backend.url}/backend/data/pacing/channelCapacity?channel=chat`);
  expect(answer.headers.get('retry-after')).toBe('1');
  expect(await answer.json()).toMatchObject({ error: { code: 'UNAVAILABLE' } });
});
