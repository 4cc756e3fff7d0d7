/** The agent groups of a scenario file: what their keys give, and that all faults are told at once, each at its place. */
import { describe, expect, test } from 'vitest';
import { describeProblem } from '#protocol/operating-error.ts';
import { readScenarioFile } from '#protocol/scenario-file.ts';

function read(groups: string) {
  const text = `name: groups
startsAt: 2026-03-02T09:00:00
duration: 1h
traffic: { visitsPerHour: 300, pageViewsPerHour: 3200 }
site: s.yaml
rules: [ r.yaml ]
visitors: { acceptShare: 0.3, rejectShare: 0.3, responseTime: 8s, inviteTimeout: 30s, patience: 90s }
groups:
${groups}
`;
  const document = readScenarioFile(text, 's.yaml');
  return { groups: document.value?.groups, problems: document.problems.map(describeProblem) };
}

/** A group of the chat channel with further keys. */
function withKeys(keys: string) {
  return read(`  - { name: Web Engagement Chat, agents: 5, handleTime: 6m, ${keys} }`);
}

describe('slowdown and shifts', () => {
  test('are read as shares, factors and times since the start', () => {
    expect(withKeys('slowdown: 30%').groups?.[0]?.slowdown).toBe(0.3);
    const { groups, problems } = withKeys(
      'slowdown: [1, 1.2, 1.5], shifts: [ { agents: 2, from: 0s, to: 90m }, { agents: 1, from: 30m } ]',
    );
    expect(problems).toEqual([]);
    expect(groups?.[0]).toMatchObject({
      slowdown: [1, 1.2, 1.5],
      shifts: [
        { agents: 2, from: 0, to: 5_400_000 },
        { agents: 1, from: 1_800_000 },
      ],
    });
  });

  test('that make no sense are told together, each at its place', () => {
    const { problems } = withKeys(
      'slowdown: [0], shifts: [ { agents: 0, from: 30m, to: 30m }, { from: soon, until: 2h } ]',
    );
    expect(problems).toEqual([
      expect.stringMatching(/groups\/0\/slowdown: expected a share for each further chat such as 0\.3, or factors/),
      expect.stringMatching(/groups\/0\/shifts\/0\/agents: expected a whole number of at least 1/),
      expect.stringMatching(/groups\/0\/shifts\/1\/agents: missing/),
      expect.stringMatching(/groups\/0\/shifts\/1\/from: expected a duration/),
      expect.stringMatching(/groups\/0\/shifts\/1\/until: unknown key "until", expected one of agents, from, to/),
      expect.stringMatching(/groups\/0\/shifts\/0\/to: expected a time after "from" \(30m\)/),
    ]);
  });
});

describe('offers and transfers', () => {
  test('are read with their times', () => {
    const { groups, problems } = withKeys(
      'routing: longestIdle, ringTime: 20s, whenMissed: ready, missShare: 5%, rejectShare: 0.02, missedPause: 2m, transfers: { share: 10%, to: Web Engagement Chat, after: 1m }',
    );
    expect(problems).toEqual([]);
    expect(groups?.[0]).toMatchObject({
      routing: 'longestIdle',
      ringTimeMs: 20_000,
      whenMissed: 'ready',
      missShare: 0.05,
      rejectShare: 0.02,
      missedPause: { kind: 'constant', meanMs: 120_000 },
      transfers: { share: 0.1, to: 'Web Engagement Chat', after: { kind: 'constant', meanMs: 60_000 } },
    });
  });

  test('that make no sense are told together, each at its place', () => {
    const { problems } = withKeys(
      'routing: random, missShare: 60%, rejectShare: 60%, transfers: { share: 2, to: Nobody, after: 1m }',
    );
    expect(problems).toEqual([
      expect.stringMatching(/groups\/0\/routing: expected leastOccupied or longestIdle, got "random"/),
      expect.stringMatching(/groups\/0\/transfers\/share: expected a share/),
      expect.stringMatching(/groups\/0\/missShare: expected a "ringTime" too/),
      expect.stringMatching(/groups\/0\/rejectShare: expected missShare \+ rejectShare of at most 1/),
      expect.stringMatching(/groups\/0\/transfers\/to: expected a group of the scenario, got "Nobody"/),
    ]);
  });
});

describe('a voice group', () => {
  test('is read with how its calls go', () => {
    const { groups, problems } = read(
      '  - { name: Web Engagement Voice, channel: voice, agents: 2, handleTime: 5m, dialTime: 20s, noAnswerShare: 20%, retryAfter: 15m, callsMax: 4, callWithin: 90s, reschedules: { share: 5%, later: 2h }, alsoIn: [] }',
    );
    expect(problems).toEqual([]);
    expect(groups?.[0]).toMatchObject({
      channel: 'voice',
      retryAfterMs: 900_000,
      callsMax: 4,
      callWithinMs: 90_000,
      alsoIn: [],
    });
  });

  test('and a chat group have keys that the other has not', () => {
    const { problems } = read(
      `  - { name: Web Engagement Voice, channel: voice, agents: 2, handleTime: 5m, transfers: { share: 1%, to: Web Engagement Voice, after: 1m } }
  - { name: Web Engagement Chat, agents: 2, handleTime: 5m, dialTime: 20s, callsMax: 4, callWithin: 90s }`,
    );
    expect(problems).toEqual([
      expect.stringMatching(/groups\/0\/transfers: callbacks are not passed on/),
      expect.stringMatching(/groups\/1\/dialTime: expected in a voice group alone/),
      expect.stringMatching(/groups\/1\/callsMax: expected in a voice group alone/),
      expect.stringMatching(/groups\/1\/callWithin: expected in a voice group alone/),
    ]);
  });
});
