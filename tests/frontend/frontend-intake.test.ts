/** Events over HTTP through a Frontend, a Backend and the store node: nothing is acknowledged before it is stored. */
import { afterEach, expect, it } from 'vitest';
import { LiveStage, until } from './live-stage.ts';
import { postEvents, wireEvent } from './wire-event.ts';

let stage: LiveStage;

afterEach(async () => stage.stop());

it('stores an event before it is acknowledged', async () => {
  stage = new LiveStage();
  const { frontend } = await stage.startAll();
  const response = await postEvents(frontend.url, 'v1', [wireEvent('v1', 1)]);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ stored: 1 });
  const past = await stage.stores.history.pastOf('v1');
  expect(past.map(({ eventID }) => eventID)).toEqual(['v1.e1']);
});

it('lets a request wait as long as the store holds its events back', async () => {
  stage = new LiveStage();
  const { frontend } = await stage.startAll();
  stage.holdStore();
  let answered = false;
  const response = postEvents(frontend.url, 'v1', [wireEvent('v1', 1)]).then((reply) => {
    answered = true;
    return reply;
  });
  await until(() => stage.heldPuts === 1, 'the store has been asked');
  // Requests of another kind are answered meanwhile, so the node is not merely slow.
  expect((await fetch(`${frontend.url}/metrics`)).status).toBe(200);
  expect(answered).toBe(false);
  stage.releaseStore();
  expect((await response).status).toBe(200);
});
