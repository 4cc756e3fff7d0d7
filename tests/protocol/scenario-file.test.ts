/** Reading scenario files: what a good one gives, and that one reading names every fault with its line and path. */
import { describe, expect, test } from 'vitest';
import { describeProblem } from '#protocol/operating-error.ts';
import { readScenarioFile } from '#protocol/scenario-file.ts';

/** The file of the product's description, without its faults and captions. */
const GUIDE_EXAMPLE = `name: guide-example
about: The sizing example of the deployment guide, one busy hour
seed: 1
startsAt: 2026-03-02T09:00:00   # in timeZone; never today's date
timeZone: Europe/Berlin
warmup: 20m
duration: 1h
traffic: { visitsPerHour: 3000, pageViewsPerHour: 32000, pageEvents: 2, visitEvents: 0.1 }
site: sites/shop.yaml
rules: [ rules/shop.yaml ]
categories: categories/shop.yaml
groups:
  - { name: Web Engagement Chat, channel: chat, agents: 5, capacity: 2, handleTime: { lognormal: { mean: 6m, cv: 0.8 } }, afterWork: 30s }
visitors: { acceptShare: 0.3, rejectShare: 0.3, responseTime: { lognormal: { mean: 8s, cv: 1 } }, inviteTimeout: 30s, patience: { exponential: { mean: 90s } } }
options: { service:pacing: { pacing.connector.algorithm: SUPER_PROGRESSIVE, pacing.connector.optimizationTarget: ABANDONMENT_RATE, pacing.connector.optimizationGoal: 3 } }
cluster: { frontends: 1, backends: 1 }
thresholds: [ "abandonmentShare <= 3%", "busyShare >= 60%", "waitSeconds.p95 < 30", "dropped == 0" ]
`;

function read(text: string, overrides: Parameters<typeof readScenarioFile>[2] = []) {
  const document = readScenarioFile(text, 's.yaml', overrides);
  return { document, problems: document.problems.map(describeProblem) };
}

/** The example with one line put in the place of the line that begins with `key`. */
function withLine(key: string, line: string): string {
  const changed = GUIDE_EXAMPLE.split('\n').map((old) => (old.startsWith(`${key}:`) ? line : old));
  expect(changed.join('\n')).not.toBe(GUIDE_EXAMPLE);
  return changed.join('\n');
}

test('the file of the product description is read as it is', () => {
  const { document, problems } = read(GUIDE_EXAMPLE);
  expect(problems).toEqual([]);
  expect(document.value).toMatchObject({ name: 'guide-example', warmup: 1_200_000, duration: 3_600_000, seed: 1 });
  expect(document.value?.groups[0]).toEqual({
    name: 'Web Engagement Chat',
    channel: 'chat',
    agents: 5,
    capacity: 2,
    handleTime: { kind: 'lognormal', meanMs: 360_000, cv: 0.8 },
    afterWork: { kind: 'constant', meanMs: 30_000 },
    answerTime: { kind: 'constant', meanMs: 0 },
    breakShare: 0,
    breakTime: { kind: 'constant', meanMs: 600_000 },
  });
  expect(new Date(document.startsAt ?? 0).toISOString()).toBe('2026-03-02T08:00:00.000Z');
  expect(document.references.rules).toEqual([{ name: 'rules/shop.yaml', path: ['rules', 0] }]);
});

test.each([
  ['an unknown key', withLine('seed', 'sead: 1'), /^s\.yaml:3:1 sead: unknown key "sead", expected one of name, about/],
  [
    'an unknown key inside',
    withLine('cluster', 'cluster: { frontends: 1, backend: 1 }'),
    /^s\.yaml:\d+:\d+ cluster\/backend: unknown key/,
  ],
  ['a key that stands twice', withLine('seed', 'name: twice'), /^s\.yaml:3:1: Map keys must be unique/],
  [
    'a negative rate',
    withLine('traffic', 'traffic: { visitsPerHour: -5, pageViewsPerHour: 10 }'),
    /traffic\/visitsPerHour: expected a rate above 0 and of at most 1000000000, got -5/,
  ],
  [
    'a rate that is not a number',
    withLine('traffic', 'traffic: { visitsPerHour: many, pageViewsPerHour: 10 }'),
    /expected a rate above 0 .*, got "many"/,
  ],
  [
    'fewer page views than visits',
    withLine('traffic', 'traffic: { visitsPerHour: 50, pageViewsPerHour: 10 }'),
    /traffic\/pageViewsPerHour: expected at least one page view a visit: 50/,
  ],
  ['a log as traffic', withLine('traffic', 'traffic: { log: access.log }'), /traffic\/log: not yet in sim/],
  [
    'shares above one together',
    withLine(
      'visitors',
      'visitors: { acceptShare: 70%, rejectShare: 0.4, responseTime: 8s, inviteTimeout: 30s, patience: 90s }',
    ),
    /^s\.yaml:14:\d+ visitors\/rejectShare: expected acceptShare \+ rejectShare of at most 1, got 1\.1/,
  ],
  [
    'a share above one',
    withLine(
      'visitors',
      'visitors: { acceptShare: 130%, rejectShare: 0.4, responseTime: 8s, inviteTimeout: 30s, patience: 90s }',
    ),
    /acceptShare: expected a share such as 0.03 or 3%, got "130%"/,
  ],
  [
    'a fault of a node that is not there',
    withLine('cluster', 'faults: [ { at: 30m, kill: backend-2, for: 2m } ]'),
    /^s\.yaml:16:\d+ faults\/0\/kill: expected one of frontend-1, backend-1, contact-center, store, balancer, got "backend-2"/,
  ],
  [
    'a fault of two kinds',
    withLine('cluster', 'faults: [ { at: 30m, kill: backend-1, stop: store } ]'),
    /^s\.yaml:16:\d+ faults\/0: expected one of kill, stop, restart, slow, partition with the name of a node/,
  ],
  [
    'a fault in the middle of another',
    withLine('cluster', 'faults: [ { at: 30m, kill: backend-1, for: 2m }, { at: 31m, stop: store, for: 1m } ]'),
    /^s\.yaml:16:\d+ faults\/1\/at: expected a time after the end of the fault before it/,
  ],
  ['a duration of zero', withLine('duration', 'duration: 0s'), /^s\.yaml:7:1 duration: expected a duration above 0/],
  [
    'a duration without a unit',
    withLine('duration', 'duration: 3600'),
    /^s\.yaml:7:1 duration: expected a duration such as 90s/,
  ],
  [
    'a time zone that nobody knows',
    withLine('timeZone', 'timeZone: Europe/Atlantis'),
    /^s\.yaml:5:1 timeZone: expected a time zone such as/,
  ],
  [
    'a time that clocks skip',
    withLine('startsAt', 'startsAt: 2026-03-29T02:30:00'),
    /^s\.yaml:4:1 startsAt: clocks in Europe\/Berlin skip/,
  ],
  [
    'a day that is none',
    withLine('startsAt', 'startsAt: 2026-02-30T09:00:00'),
    /^s\.yaml:4:1 startsAt: expected a time that exists/,
  ],
  ['a name that is a path', withLine('name', 'name: ../elsewhere'), /^s\.yaml:1:1 name: expected letters/],
  ['text that is no YAML', 'name: [', /^s\.yaml:1:\d+: /],
])('%s is refused with its place', (_what, text, expected) => {
  const { problems } = read(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(expected);
});

test('a group that is there twice is refused', () => {
  const text = GUIDE_EXAMPLE.replace(
    'visitors:',
    '  - { name: Web Engagement Chat, channel: voice, agents: 1, handleTime: 6m }\nvisitors:',
  );
  expect(read(text).problems).toEqual([
    expect.stringMatching(/^s\.yaml:14:7 groups\/1\/name: the group "Web Engagement Chat" is there twice/),
  ]);
});

test('one reading finds every fault, also across keys of which others are wrong', () => {
  const { problems, document } = read(`name: many
startsAt: yesterday
duration: forever
traffic: { visitsPerHour: 100, pageViewsPerHour: 10, pageEvents: -1 }
rules: []
visitors: { acceptShare: 0.9, rejectShare: 0.9, responseTime: { gaussian: {} }, inviteTimeout: 30s, patience: { exponential: { mean: 0s } } }
groups: [ { name: A, agents: 1.5, capacity: 0, handleTime: 6m } ]
faults: [ { at: 1m, kill: x } ]
colour: red
`);
  const paths = document.problems.map((problem) => problem.path).sort();
  expect(paths).toEqual([
    'colour',
    'duration',
    'faults/0/kill',
    'groups/0/agents',
    'groups/0/capacity',
    'rules',
    'site',
    'startsAt',
    'traffic/pageEvents',
    'traffic/pageViewsPerHour',
    'visitors/patience/exponential/mean',
    'visitors/rejectShare',
    'visitors/responseTime',
  ]);
  expect(problems.every((problem) => /^s\.yaml:\d+:\d+ /.test(problem))).toBe(true);
});

describe('distributions', () => {
  const patience = (written: string) => {
    const line = `visitors: { acceptShare: 0.3, rejectShare: 0.3, responseTime: 8s, inviteTimeout: 30s, patience: ${written} }`;
    const { document, problems } = read(withLine('visitors', line));
    return document.value?.visitors.patience ?? problems;
  };

  test.each([
    ['90s', { kind: 'constant', meanMs: 90_000 }],
    ['{ constant: 5s }', { kind: 'constant', meanMs: 5_000 }],
    ['{ exponential: { mean: 90s } }', { kind: 'exponential', meanMs: 90_000 }],
    ['{ lognormal: { mean: 1m30s, cv: 0.8 } }', { kind: 'lognormal', meanMs: 90_000, cv: 0.8 }],
    ['{ gamma: { mean: 250ms, cv: 2 } }', { kind: 'gamma', meanMs: 250, cv: 2 }],
    ['{ uniform: { from: 2s, to: 8s } }', { kind: 'uniform', fromMs: 2_000, toMs: 8_000 }],
  ])('%s is read', (written, expected) => {
    expect(patience(written)).toEqual(expected);
  });

  test.each([
    ['{ exponential: { mean: 90s, cv: 1 } }', /patience\/exponential\/cv: unknown key "cv", expected mean/],
    ['{ lognormal: { mean: 90s } }', /patience\/lognormal\/cv: missing, expected the coefficient of variation/],
    ['{ uniform: { from: 8s, to: 2s } }', /patience\/uniform\/to: expected a duration not shorter than "from"/],
    ['{ exponential: 90s }', /patience\/exponential: expected a map of mean, got "90s"/],
    ['{ exponential: { mean: 9s }, constant: 5s }', /patience: expected a duration such as 30s, or one of/],
    ['5', /patience: expected a duration such as 30s, or one of .*, got 5$/],
  ])('%s is refused', (written, expected) => {
    expect(patience(written)).toEqual([expect.stringMatching(expected)]);
  });
});

describe('rates over time', () => {
  const traffic = (written: string) => read(withLine('traffic', `traffic: ${written}`)).problems;

  test('a profile is read, with defaults for the events', () => {
    const text = withLine(
      'traffic',
      'traffic: { profile: [ { at: 0s, visitsPerHour: 0 }, { at: 5m, visitsPerHour: 60 } ], pageViewsPerVisit: 4 }',
    );
    expect(read(text).document.traffic).toEqual({
      profile: [
        { at: 0, visitsPerHour: 0 },
        { at: 300_000, visitsPerHour: 60 },
      ],
      pageViewsPerVisit: 4,
      pageEvents: 2,
      visitEvents: 0.1,
    });
  });

  test.each([
    [
      '{ profile: [ { at: 1m, visitsPerHour: 6 } ], pageViewsPerVisit: 4 }',
      /profile\/0\/at: expected the first step at 0s/,
    ],
    [
      '{ profile: [ { at: 0s, visitsPerHour: 6 }, { at: 0s, visitsPerHour: 7 } ], pageViewsPerVisit: 4 }',
      /profile\/1\/at: expected a later time/,
    ],
    [
      '{ profile: [ { at: 0s, visitsPerHour: 0 } ], pageViewsPerVisit: 4 }',
      /profile: expected at least one step with visits/,
    ],
    [
      '{ profile: [ { at: 0s, visitsPerHour: -6 } ], pageViewsPerVisit: 4 }',
      /profile\/0\/visitsPerHour: expected a rate of at least 0/,
    ],
    [
      '{ profile: [ { at: 0s, visitsPerHour: 6 } ], pageViewsPerVisit: 0.5 }',
      /pageViewsPerVisit: expected a number of at least 1/,
    ],
    [
      '{ csv: a.csv, column: n, unit: hits, every: 1m, pageViewsPerVisit: 4 }',
      /traffic\/unit: expected visits or pageViews, got "hits"/,
    ],
    [
      '{ csv: a.csv, column: n, unit: visits, every: 1m, from: 90s, pageViewsPerVisit: 4 }',
      /traffic\/from: expected a multiple of "every" \(1m\), got 90s/,
    ],
    [
      '{ csv: a.csv, column: n, unit: visits, every: 1m, scale: 0, pageViewsPerVisit: 4 }',
      /traffic\/scale: expected a number above 0/,
    ],
  ])('%s is refused', (written, expected) => {
    expect(traffic(written)).toEqual([expect.stringMatching(expected)]);
  });
});

describe('overrides', () => {
  const set = (path: string, value: unknown) => ({ label: `--set ${path}`, path: path.split('/'), value });

  test('a value is put in before the check, also where nothing stood', () => {
    const { document, problems } = read(GUIDE_EXAMPLE, [
      set('groups/0/agents', 7),
      set('options/service:wmsg/wmsg.connector.engagementExpirationTime', 20),
    ]);
    expect(problems).toEqual([]);
    expect(document.value?.groups[0]?.agents).toBe(7);
    expect(document.value?.options['service:wmsg']).toEqual({ 'wmsg.connector.engagementExpirationTime': 20 });
    expect(document.value?.options['service:pacing']).toHaveProperty(
      ['pacing.connector.algorithm'],
      'SUPER_PROGRESSIVE',
    );
  });

  test.each([
    ['an unknown path', set('traffic/visits', 7), /^--set traffic\/visits traffic\/visits: unknown key "visits"/],
    [
      'a wrong value',
      set('groups/0/agents', -1),
      /^--set groups\/0\/agents groups\/0\/agents: expected a whole number of at least 0/,
    ],
    ['an entry that is not there', set('groups/3/agents', 1), /"3" is no entry of a list of 1, expected 0 to 0/],
    ['a key below a plain value', set('name/first', 'x'), /"first" stands below a plain value/],
  ])('%s is named as the command line wrote it', (_what, override, expected) => {
    expect(read(GUIDE_EXAMPLE, [override]).problems).toEqual([expect.stringMatching(expected)]);
  });
});
