/**
 * A thousand requests of one visit at once, over two Frontends and two Backends, each of which makes a hot lead: what came
 * of them, by the contact center's own journal and the Frontends'.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { assert } from '#core/assert.ts';
import { ALWAYS_VALID, type RulePackage } from '#core/rules/rule-package.ts';
import { readJournal } from '#node/journal.ts';
import type { Scenario } from '#protocol/scenario.ts';
import type { WireEvent } from '#protocol/wire-events.ts';
import { loadScenario } from '#testbed/load-scenario.ts';
import { createLiveRun, JOURNALS, type LiveRun } from '#testbed/live/live-run.ts';
import { checkParity } from '#testbed/parity/check-parity.ts';
import { checkHistory, type Violation } from './drill-checkers.ts';
import { readIds, readJournals } from './drill-history.ts';
import { DRILL_TIMES, listStored, rest, scriptsOf, type DrillOrder } from './drill-run.ts';

export interface HotLeadsOrder extends Pick<DrillOrder, 'seed' | 'scripts'> {
  readonly visits: readonly string[];
  /** Requests of each visit, all at once. */
  readonly requests: number;
  /** All requests carry the very same event. */
  readonly same: boolean;
}

export interface HotLeadsFindings {
  /** By visit. */
  readonly visits: ReadonlyMap<string, VisitFindings>;
  readonly violations: readonly Violation[];
  readonly parityHolds: boolean;
  /** Wall ms of each volley, from its first request to its last answer. */
  readonly volleyMs: readonly number[];
  /** Answers after which a request was sent again, with their number. */
  readonly retried: Readonly<Record<string, number>>;
}

export interface VisitFindings {
  interactions: number;
  /** Invites that the contact center sent, and that Frontends gave to the browser. */
  invited: number;
  delivered: number;
  /** Interactions that went straight to Failed, by reason. */
  readonly refused: Record<string, number>;
}

export async function runHotLeads(order: HotLeadsOrder): Promise<HotLeadsFindings> {
  const folder = mkdtempSync(join(tmpdir(), 'hot-leads-'));
  const run = await createLiveRun(scenarioOf(), {
    seed: order.seed,
    store: 'sqlite',
    folder,
    journal: true,
    ...scriptsOf(order),
  });
  try {
    return await fire(run, folder, order);
  } finally {
    await run.abandon();
    rmSync(folder, { recursive: true });
  }
}

async function fire(
  run: LiveRun,
  folder: string,
  { visits, requests, same }: HotLeadsOrder,
): Promise<HotLeadsFindings> {
  const { cluster } = run;
  cluster.clock.resume();
  const gun = new Gun(cluster.balancerUrl);
  const volleyMs: number[] = [];
  for (const visitID of visits) {
    const beganMs = performance.now();
    const shots = Array.from({ length: requests }, (_, n) => {
      const event = cartEntered(visitID, same ? 0 : n, cluster.clock.now());
      return gun.shoot(event, `frontend-${1 + (n % 2)}`);
    });
    await Promise.all(shots);
    volleyMs.push(performance.now() - beganMs);
  }
  const clientsLeftAt = await rest(run);
  const stored = await listStored(run);
  await run.end();
  const reading = readJournals(join(folder, JOURNALS));
  const history = {
    ...reading,
    acknowledged: new Set([...gun.acknowledged, ...readIds(join(folder, 'acknowledged.ids'))]),
    sent: new Set([...reading.sent, ...readIds(join(folder, 'seeded.ids'))]),
    stored,
    listed: stored,
    outages: [],
    clientsLeftAt,
    refusedRequests: gun.refused,
  };
  return {
    visits: new Map(visits.map((visitID) => [visitID, findVisit(join(folder, JOURNALS), visitID)])),
    violations: checkHistory(history, DRILL_TIMES),
    parityHolds: checkParity(join(folder, JOURNALS)).holds,
    volleyMs,
    retried: Object.fromEntries(gun.retried),
  };
}

/** Nobody but us, a rule that fires at each look at the cart, and no pacing that would hold an invite back. */
function scenarioOf(): Scenario {
  const loaded = loadScenario('scenarios/live-smoke.yaml', { set: ['duration=2h'] });
  assert(loaded.ok, 'the scenario of the drills is valid');
  const traffic = { ...loaded.value.traffic, visits: [{ atMs: 0, visitsPerHour: 1 }] };
  const options = {
    ...loaded.value.options,
    'service:wmsg': { 'wmsg.connector.defaultEngagementChannel': 'proactiveChat' },
  };
  return { ...loaded.value, traffic, options, rules: [LOOKS_AT_CART], cluster: { frontends: 2, backends: 2 } };
}

const UNLIMITED = { maxPerVisit: null, coolDownMs: null, holdoutShare: null };
const LOOKS_AT_CART: RulePackage = {
  name: 'example.drill',
  version: '1',
  about: null,
  phases: ['standard'],
  guards: UNLIMITED,
  rules: [
    {
      name: 'Looks at the cart',
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
      guards: UNLIMITED,
    },
  ],
};

function cartEntered(visitID: string, n: number, timestamp: number): WireEvent {
  return {
    eventID: `${visitID}.e${n}`,
    timestamp,
    visitID,
    globalVisitID: `g-${visitID}`,
    pageID: `${visitID}.p${n}`,
    eventType: 'SYSTEM',
    eventName: 'PageEntered',
    url: 'https://kiosk.example/cart',
    title: 'Cart | Kiosk',
    languageCode: 'en-GB',
    data: {},
  };
}

const RETRY_MS = 50;
const ANSWER_MS_MAX = 15_000;

/** Posts each event until it is acknowledged, past the balancer's stickiness. */
class Gun {
  readonly acknowledged = new Set<string>();
  readonly retried = new Map<string, number>();
  refused = 0;
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async shoot(event: WireEvent, frontend: string): Promise<void> {
    const { visitID, eventID } = event;
    for (;;) {
      const answer = await fetch(`${this.#url}/frontend/data/visits/${visitID}/events?alias=.${frontend}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([event]),
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      });
      const said = `${answer.status} ${await answer.text()}`;
      if (answer.status === 200) this.acknowledged.add(eventID);
      else if (answer.status < 500) this.refused += 1;
      if (answer.status < 500) return;
      this.retried.set(said, (this.retried.get(said) ?? 0) + 1);
      await sleep(RETRY_MS);
    }
  }
}

function findVisit(folder: string, visitID: string): VisitFindings {
  const findings: VisitFindings = { interactions: 0, invited: 0, delivered: 0, refused: {} };
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.ndjson'))) {
    for (const line of readJournal(join(folder, name))) {
      if (!('effects' in line)) continue;
      for (const effect of line.effects) {
        if (effect.type === 'toBrowser' && effect.visitID === visitID && effect.message.type === 'invite') {
          findings.delivered += 1;
        }
        if (effect.type !== 'note' || effect.fact.kind !== 'interactionMoved' || effect.fact.visitID !== visitID)
          continue;
        const { before, after, reason } = effect.fact;
        if (before === null) findings.interactions += 1;
        if (after === 'invited') findings.invited += 1;
        if (before === 'qualified' && after === 'failed') {
          findings.refused[reason ?? ''] = (findings.refused[reason ?? ''] ?? 0) + 1;
        }
      }
    }
  }
  return findings;
}
