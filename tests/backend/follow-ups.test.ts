/** Follow-ups over real sockets: a desk is told which wait, one that it approves invites the visitor, one that it dismisses has failed. */
import { afterEach, expect, it } from 'vitest';
import { LiveStage, SECRET, until } from '#tests/frontend/live-stage.ts';
import { postEvents, wireEvent } from '#tests/frontend/wire-event.ts';
import { scenarioOf } from '#tests/testbed/scenario-of.ts';
import { BayeuxPerson } from './bayeux-people.ts';

const AGENT = { authentication: { role: 'agent', token: SECRET } };

let stage: LiveStage;
const people: BayeuxPerson[] = [];

afterEach(async () => {
  for (const person of people.splice(0)) await person.leave();
  await stage.stop();
});

async function connect(
  url: string,
  channel: string,
  ext: Readonly<Record<string, unknown>> = {},
): Promise<BayeuxPerson> {
  const person = new BayeuxPerson(url);
  people.push(person);
  await person.handshake(ext);
  expect(await person.subscribe(channel)).toMatchObject({ successful: true });
  return person;
}

/** Who sees the cart leaves a follow-up. */
function leavesFollowUps(): ReturnType<typeof scenarioOf>['rules'] {
  return scenarioOf().rules.map((rulePackage) => ({
    ...rulePackage,
    rules: rulePackage.rules.map((rule) => ({
      ...rule,
      actions: [{ kind: 'followUp', priority: 20, reason: null }] as const,
    })),
  }));
}

it('tells a desk what waits; approved it is an invite, dismissed it has failed', async () => {
  stage = new LiveStage({
    rules: leavesFollowUps(),
    options: { 'service:wmsg': { 'wmsg.connector.defaultEngagementChannel': 'proactiveChat' } },
  });
  const { frontend, backend } = await stage.startAll();
  const desk = await connect(`${backend.url}/backend/cometd`, '/desk/agent-1', AGENT);
  const agentId = 'agent-1';
  const login = { type: 'login', agentId, group: 'Web Engagement Chat', capacity: 1, ready: true, chats: [] };
  expect(await desk.publish('/service/desk', login)).toMatchObject({ successful: true });

  const visitor = await connect(`${frontend.url}/frontend/cometd`, '/notification/v1');
  for (const visitID of ['v1', 'v2']) {
    const cart = wireEvent(visitID, 1, { url: 'https://shop.example/cart' });
    expect((await postEvents(frontend.url, visitID, [cart])).status).toBe(200);
  }
  const waiting = async (): Promise<readonly { readonly visitID: string; readonly interactionId: string }[]> => {
    const told = desk.heard.length;
    await desk.publish('/service/desk', { type: 'listFollowUps', agentId });
    await until(() => desk.heard.length > told, 'the desk is told');
    const news = desk.heard.at(-1) as { readonly followUps: Awaited<ReturnType<typeof waiting>> };
    return news.followUps;
  };
  await until(async () => (await waiting()).length === 2, 'both follow-ups wait');
  expect(visitor.heard, 'nobody is invited for a follow-up').toEqual([]);
  const idOf = async (visitID: string): Promise<string> =>
    (await waiting()).find((one) => one.visitID === visitID)?.interactionId ?? 'none';
  const [first, second] = [await idOf('v1'), await idOf('v2')];

  await desk.publish('/service/desk', { type: 'approveFollowUp', agentId, interactionId: first });
  const { data } = await visitor.hear({ channel: 'gpe.invite' });
  expect(data).toMatchObject({ visitID: 'v1', interactionId: first, rule: 'Sees the cart' });
  await desk.publish('/service/desk', { type: 'dismissFollowUp', agentId, interactionId: second });
  await until(async () => (await waiting()).length === 0, 'nothing waits any more');
  const moves = stage.nodes
    .flatMap(({ facts }) => facts)
    .flatMap((fact) =>
      fact.kind === 'interactionMoved' ? [`${fact.interactionId} ${fact.after} ${fact.reason}`] : [],
    );
  expect(moves).toEqual(expect.arrayContaining([`${first} invited null`, `${second} failed dismissed`]));
});
