/** What is noted of a scenario's contact centre. */
import { expect, test } from 'vitest';
import { optionsOf } from '#node/read-settings.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { describeCentre } from '#testbed/centre-notes.ts';
import { groupOf, scenarioOf } from './scenario-of.ts';

function notesOf(changes: Partial<Scenario>): readonly string[] {
  const scenario = scenarioOf(changes);
  return describeCentre(scenario, optionsOf(scenario));
}

const CALLBACKS = { 'service:wmsg': { 'wmsg.connector.defaultEngagementChannel': 'proactiveCallback' } };
const VOICE = groupOf({ name: 'Web Engagement Voice', channel: 'voice' });

test('nothing of a centre that is as the guide advises', () => {
  expect(notesOf({ groups: [groupOf({ agents: 50, capacity: 2 })] })).toEqual([]);
  expect(notesOf({ groups: [groupOf({ agents: 50, capacity: 2 }), VOICE], options: CALLBACKS })).toEqual([]);
});

test('a voice group that pacing does not serve', () => {
  expect(notesOf({ groups: [VOICE] })).toEqual([
    'pacing does not serve "Web Engagement Voice" yet: a strategy that asks for a permit for callbacks gets none',
  ]);
});

test('a pool that is too small for every slot taken, by the guide: 120 chats / (2 s x 5) are 12 threads', () => {
  const groups = [groupOf({ agents: 50, capacity: 2, shifts: [{ agents: 10, from: 60_000 }] })];
  expect(notesOf({ groups })).toEqual([
    expect.stringContaining('for 120 chats at once at one Backend the guide advises 12'),
  ]);
  expect(notesOf({ groups, cluster: { frontends: 1, backends: 2 } })).toEqual([]);
  const options = { 'service:wes': { 'wes.connector.chatServer.refreshPeriod': 3 } };
  expect(notesOf({ groups, options })).toEqual([]);
});

test('agents of a voice group whom no callback is delivered to', () => {
  expect(notesOf({ groups: [{ ...VOICE, alsoIn: [] }], options: CALLBACKS })).toEqual([
    expect.stringContaining('no callback is delivered'),
  ]);
});
