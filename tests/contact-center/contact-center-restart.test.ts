/** A contact center that comes back takes up from its store what it had. */
import { afterEach, expect, it } from 'vitest';
import { BayeuxPerson } from '#tests/backend/bayeux-people.ts';
import { LiveStage, SECRET, until } from '#tests/frontend/live-stage.ts';
import { postEvents, wireEvent } from '#tests/frontend/wire-event.ts';

let stage: LiveStage;
const people: BayeuxPerson[] = [];

afterEach(async () => {
  for (const person of people.splice(0)) await person.leave();
  await stage.stop();
});

async function connect(url: string, channel: string, ext: object = {}): Promise<BayeuxPerson> {
  const made = new BayeuxPerson(url);
  people.push(made);
  await made.handshake({ ...ext });
  expect(await made.subscribe(channel)).toMatchObject({ successful: true });
  return made;
}

it('has stored an invite before it is shown, and after a restart takes its answer and engages nobody twice', async () => {
  stage = new LiveStage({
    options: { 'service:wmsg': { 'wmsg.connector.defaultEngagementChannel': 'proactiveChat' } },
  });
  await stage.startStore();
  const first = await stage.startContactCenter();
  const backend = await stage.startBackend('backend-1');
  const frontend = await stage.startFrontend('frontend-1');
  const ready = async (): Promise<boolean> =>
    (await fetch(`${backend.url}/backend/about`)).status === 200 &&
    (await fetch(`${frontend.url}/frontend/about`)).status === 200;
  await until(ready, 'all are ready');
  const visitor = await connect(`${frontend.url}/frontend/cometd`, '/notification/v1');
  const cart = wireEvent('v1', 1, { url: 'https://shop.example/cart' });
  await postEvents(frontend.url, 'v1', [cart]);
  const { data } = await visitor.hear({ channel: 'gpe.invite' });
  const { interactionId } = data as { interactionId: string };
  expect(await stage.stores.operations.recover()).toContainEqual(
    expect.objectContaining({ kind: 'interaction', id: interactionId, state: 'invited' }),
  );

  await first.stop();
  const again = await stage.startContactCenter();
  await until(ready, 'the Backend has found it');
  for (const code of ['shown', 'acceptCall']) {
    const url = `${frontend.url}/frontend/data/notification/disposition/v1?interactionId=${interactionId}&code=${code}`;
    expect((await fetch(url)).status).toBe(200);
  }
  const chatter = await connect(`${backend.url}/backend/cometd`, '/chat/v1');
  await chatter.publish('/service/chat', { type: 'chatRequest', visitID: 'v1', interactionId });
  await chatter.hear({ type: 'chatUpdate', visitID: 'v1', state: 'queued' });
  const metrics = await (await fetch(`${again.url}/metrics`)).text();
  for (const filter of ['all', 'Webengagement_filter', 'Webengagement_chat_filter']) {
    const labels = `queue="Webengagement_Chat",channel="chat",filter="${filter}"`;
    expect(metrics).toContain(`engage_current_in_queue{statistic="Chat_Current_In_Queue",${labels}} 1\n`);
    expect(metrics).toContain(`engage_entered_queue_total{statistic="Chat_Total_Entered_Queue",${labels}} 1\n`);
  }
  // Sent before the restart, accepted after it: of what was there only the way out is counted.
  const engaged = 'queue="Webengagement_Engaged",channel="webengagement",filter="all"';
  const [entered, moved] = ['Webengagement_Total_Entered_Queue', 'Webengagement_Total_Moved_From_Queue'];
  expect(metrics).toContain(`engage_entered_queue_total{statistic="${entered}",${engaged}} 0\n`);
  expect(metrics).toContain(`engage_moved_from_queue_total{statistic="${moved}",${engaged}} 1\n`);
  expect(metrics).toContain('engage_abandonment_goal_share NaN\n');
  const desk = await connect(`${backend.url}/backend/cometd`, '/desk/agent-1', {
    authentication: { role: 'agent', token: SECRET },
  });
  const login = {
    type: 'login',
    agentId: 'agent-1',
    group: 'Web Engagement Chat',
    capacity: 1,
    ready: true,
    chats: [],
  };
  await desk.publish('/service/desk', login);
  await desk.hear({ type: 'chatOffer', agentId: 'agent-1' });
  // The invite may be shown again, since nobody knows whether it arrived: under the id that it had.
  const shown = visitor.heard.map((heard) => (heard as { data: { interactionId: string } }).data.interactionId);
  expect(new Set(shown)).toEqual(new Set([interactionId]));
  expect(again.facts).toContainEqual(expect.objectContaining({ kind: 'inviteShown', interactionId }));
});

it('names the store when it is away, and describes its routes', async () => {
  stage = new LiveStage();
  await stage.startStore();
  const contactCenter = await stage.startContactCenter();
  const about = (): Promise<Response> => fetch(`${contactCenter.url}/contact-center/about`);
  expect((await about()).status).toBe(200);
  const described = await fetch(`${contactCenter.url}/contact-center/openapi.json`);
  const { paths } = (await described.json()) as { paths: object };
  expect(Object.keys(paths)).toEqual(['/contact-center/about', '/metrics', '/contact-center/openapi.json']);
  await stage.stopStore();
  await until(async () => (await about()).status === 503, 'about names the store');
  expect(await (await about()).json()).toMatchObject({ dependencies: [{ name: 'store', status: 'failing' }] });
});
