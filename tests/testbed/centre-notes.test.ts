/** What is noted of a scenario's contact centre. */
import { expect, test } from 'vitest';
import { CALLBACK_DELIVERY_GROUP } from '#core/contact-center-settings.ts';
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

test('agents who are in two groups of a channel, unless pacing is off', () => {
  const groups = [
    groupOf({ name: 'Sales', alsoIn: ['Help', 'Sales', 'Training'] }),
    groupOf({ name: 'Help' }),
    { ...VOICE, alsoIn: [CALLBACK_DELIVERY_GROUP, 'Help'] },
  ];
  const lists = { 'pacing.connector.chatGroup': 'Sales;Help' };
  expect(notesOf({ groups, options: { 'service:pacing': lists } })).toEqual([
    'the agents of "Sales" are in "Help" too (alsoIn), another group of pacing.connector.chatGroup: they serve "Sales" alone, and pacing counts them there alone',
  ]);
  expect(notesOf({ groups, options: { 'service:pacing': lists, ...CALLBACKS } })).toEqual([]);
  const callers = [VOICE, { ...VOICE, name: 'Evening', alsoIn: [CALLBACK_DELIVERY_GROUP, VOICE.name] }];
  const both = { 'service:pacing': { 'pacing.connector.voiceGroup': `${VOICE.name};Evening` } };
  expect(notesOf({ groups: callers, options: both })).toEqual([expect.stringContaining('pacing.connector.voiceGroup')]);
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
