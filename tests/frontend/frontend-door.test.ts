/** When the Frontend takes nothing in, says so, and what becomes of what it had. */
import { afterEach, expect, it } from 'vitest';
import { LiveStage, until } from './live-stage.ts';
import { postEvents, wireEvent } from './wire-event.ts';

let stage: LiveStage;

afterEach(async () => stage.stop());

async function failing(url: string): Promise<readonly string[]> {
  const reply = await fetch(`${url}/frontend/about`);
  const { dependencies } = (await reply.json()) as { dependencies: { name: string; status: string }[] };
  const names = dependencies.filter(({ status }) => status === 'failing').map(({ name }) => name);
  expect(reply.status).toBe(names.length === 0 ? 200 : 503);
  return names;
}

it('answers 503 with Retry-After and names the Backend when none is connected', async () => {
  stage = new LiveStage();
  const { frontend, backend } = await stage.startAll();
  expect((await postEvents(frontend.url, 'v1', [wireEvent('v1', 1)])).status).toBe(200);
  await backend.stop();
  await until(async () => (await failing(frontend.url)).includes('backend'), 'about names the Backend');
  let response = await postEvents(frontend.url, 'v1', [wireEvent('v1', 2)]);
  // The Backend has a moment to come back, in which requests wait.
  await until(async () => {
    response = await postEvents(frontend.url, 'v1', [wireEvent('v1', 2)]);
    return response.headers.has('retry-after');
  }, 'the door is shut');
  expect(response.status).toBe(503);
  expect((await stage.stores.history.pastOf('v1')).map(({ eventID }) => eventID)).toEqual(['v1.e1']);
});

it('answers 503 when as many requests wait as may, while those that wait are answered', async () => {
  stage = new LiveStage();
  const { frontend } = await stage.startAll({ waitingMax: 2 });
  stage.holdStore();
  const first = ['v1', 'v2'].map((visitID) => postEvents(frontend.url, visitID, [wireEvent(visitID, 1)]));
  await until(() => stage.heldPuts > 0, 'the store has been asked');
  await until(async () => {
    const metrics = await (await fetch(`${frontend.url}/metrics`)).text();
    return metrics.includes('engage_requests_waiting 2\n');
  }, 'both requests wait');
  const third = await postEvents(frontend.url, 'v3', [wireEvent('v3', 1)]);
  expect(third.status).toBe(503);
  expect(third.headers.get('retry-after')).toBe('1');
  stage.releaseStore();
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
});

it('answers 503 when events are not stored in time, and the retry shares what became of them', async () => {
  stage = new LiveStage();
  const { frontend } = await stage.startAll({ answerMsMax: 300 });
  stage.holdStore();
  expect((await postEvents(frontend.url, 'v1', [wireEvent('v1', 1)])).status).toBe(503);
  stage.releaseStore();
  expect((await postEvents(frontend.url, 'v1', [wireEvent('v1', 1), wireEvent('v1', 2)])).status).toBe(200);
  expect((await stage.stores.history.pastOf('v1')).map(({ eventID }) => eventID)).toEqual(['v1.e1', 'v1.e2']);
  expect(frontend.counters()['events'] ?? 0).toBeLessThanOrEqual(2);
});

it('refuses and keeps nothing while the store is away, and names it', async () => {
  stage = new LiveStage();
  const { frontend } = await stage.startAll();
  expect((await postEvents(frontend.url, 'v1', [wireEvent('v1', 1)])).status).toBe(200);
  await stage.stopStore();
  await until(async () => (await failing(frontend.url)).includes('store'), 'about names the store');
  const [known, fresh] = await Promise.all([
    postEvents(frontend.url, 'v1', [wireEvent('v1', 2)]),
    postEvents(frontend.url, 'v2', [wireEvent('v2', 1)]),
  ]);
  expect([known.status, fresh.status]).toEqual([503, 503]);
}, 15_000);

it('goes on with a visit that another Frontend had: its events count as seen and do not engage again', async () => {
  stage = new LiveStage({
    options: { 'service:wmsg': { 'wmsg.connector.defaultEngagementChannel': 'proactiveChat' } },
  });
  const { frontend } = await stage.startAll();
  const other = await stage.startFrontend('frontend-2');
  await until(async () => (await fetch(`${other.url}/frontend/about`)).status === 200, 'the second one is ready');
  const cart = wireEvent('v1', 1, { url: 'https://shop.example/cart' });
  expect((await postEvents(frontend.url, 'v1', [cart])).status).toBe(200);
  expect((await postEvents(other.url, 'v1', [cart, wireEvent('v1', 2)])).status).toBe(200);
  await until(() => (other.counters()['events'] ?? 0) === 1, 'the second Frontend has taken in the new event alone');
  expect((await stage.stores.history.pastOf('v1')).map(({ eventID }) => eventID)).toEqual(['v1.e1', 'v1.e2']);
});
