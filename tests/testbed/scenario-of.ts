/**
 * A small scenario for tests of the simulator: a site of two pages, one rule, one group; what a test cares about is
 * given.
 */
import { readDefaultStrategies } from '#testbed/load-scenario-strategies.ts';
import { ALWAYS_VALID } from '#core/rules/rule-package.ts';
import type { Scenario } from '#protocol/scenario.ts';

export function scenarioOf(changes: Partial<Scenario> = {}): Scenario {
  return {
    name: 'test',
    about: '',
    seed: 1,
    startsAt: Date.UTC(2026, 2, 2, 8),
    timeZone: 'Europe/Berlin',
    warmupMs: 0,
    durationMs: 3_600_000,
    traffic: { visits: [{ atMs: 0, visitsPerHour: 600 }], visitDepth: 4, pageEvents: 1, visitEvents: 0.1 },
    site: {
      name: 'two pages',
      domain: 'shop.example',
      languageCode: 'en-US',
      pages: [
        {
          id: 'home',
          url: 'https://shop.example/',
          title: 'Home',
          entryWeight: 1,
          dwell: { kind: 'exponential', meanMs: 20_000 },
          next: [{ page: 1, weight: 1 }],
          events: [],
        },
        {
          id: 'cart',
          url: 'https://shop.example/cart',
          title: 'Cart',
          entryWeight: 0,
          dwell: { kind: 'exponential', meanMs: 30_000 },
          next: [
            { page: 0, weight: 1 },
            { page: 1, weight: 1 },
          ],
          events: [{ event: 0, weight: 1 }],
        },
      ],
      events: [{ name: 'AddToCart', data: [{ field: 'item', values: ['tent', 'boots'] }] }],
      identities: { signInShare: 0.5, userInfoShare: 0.3, signOutShare: 0.2 },
    },
    rules: [
      {
        name: 'example.shop',
        version: '1',
        about: null,
        phases: ['standard'],
        guards: { maxPerVisit: 1, coolDownMs: null, holdoutShare: null },
        rules: [
          {
            name: 'Sees the cart',
            about: null,
            on: true,
            phase: 'standard',
            salience: 0,
            correlate: 'visit',
            provided: null,
            valid: ALWAYS_VALID,
            hours: null,
            sentence: null,
            when: { template: 'singleton', event: { eventName: 'PageEntered', categories: ['cart'], tests: [] } },
            actions: [{ kind: 'hotLead', priority: 50, reason: null }],
            guards: { maxPerVisit: null, coolDownMs: null, holdoutShare: null },
          },
        ],
      },
    ],
    categories: [{ name: 'cart', tags: [{ kind: 'plain', expression: '/cart', in: 'url', matchCase: false }] }],
    groups: [groupOf({})],
    visitors: {
      acceptShare: 0.3,
      rejectShare: 0.3,
      responseTime: { kind: 'lognormal', meanMs: 8_000, cv: 1 },
      inviteTimeoutMs: 30_000,
      patience: { kind: 'exponential', meanMs: 90_000 },
      registration: null,
      reactive: null,
    },
    options: {},
    pacedBy: 'algorithm',
    strategies: readDefaultStrategies(),
    fidelity: 'improved',
    cluster: { frontends: 1, backends: 1 },
    faults: [],
    whatIf: [],
    captions: [],
    thresholds: [],
    ...changes,
  };
}

export function groupOf(changes: Partial<Scenario['groups'][number]>): Scenario['groups'][number] {
  return {
    name: 'Web Engagement Chat',
    channel: 'chat',
    agents: 5,
    capacity: 1,
    handleTime: { kind: 'exponential', meanMs: 240_000 },
    afterWork: { kind: 'constant', meanMs: 0 },
    answerTime: { kind: 'constant', meanMs: 0 },
    breakShare: 0,
    breakTime: { kind: 'constant', meanMs: 300_000 },
    ...changes,
  };
}
