/**
 * Deployments to real nodes under load, with a node killed before, between or after their stages; and what the nodes' journals say
 * about which version stamped what, and when.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { assert, present } from '#core/assert.ts';
import { readJournal } from '#node/journal.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { parseRulesStatus, type RulesStatus } from '#protocol/wire-deploy-answers.ts';
import { createLiveRun, JOURNALS, type LiveRun } from '#testbed/live/live-run.ts';
import { loadScenario } from '#testbed/load-scenario.ts';
import { checkParity, type ParityReport } from '#testbed/parity/check-parity.ts';
import { listStored } from './drill-run.ts';
import { readIds } from './drill-history.ts';

/** When the victim dies: it hangs while the deployment begins and is killed then; while it is under way; or after its answer. */
export type Moment = 'before' | 'between' | 'during' | 'after';

export interface Round {
  readonly victim: string;
  readonly moment: Moment;
  /** Of `during`: from the request to the kill, ms. */
  readonly offsetMs: number;
}

export interface DeployOrder {
  readonly seed: number;
  readonly fidelity: 'improved' | 'faithful';
  readonly rounds: readonly Round[];
}

export interface RoundOutcome extends Round {
  /** HTTP status of the deployment; 0: who was asked died. */
  readonly status: number;
  readonly outcome: string | null;
  /** After the victim was back: whether every Frontend had the version in force, and which that was. */
  readonly consistent: boolean;
  readonly version: number;
}

/** Events that were stamped under one version by one life of a Frontend, by their times, epoch ms. */
export interface StampedSpan {
  readonly node: string;
  readonly version: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly events: number;
}

export interface DeployFindings {
  readonly rounds: readonly RoundOutcome[];
  readonly spans: readonly StampedSpan[];
  readonly lost: number;
  readonly acknowledged: number;
  readonly parity: ParityReport;
  readonly crash: string | null;
}

const WARM_UP_MS = 1_500;
/** What a hanging node is given for a deployment to begin without it. */
const HANG_MS = 400;
/** Load between a round and the next, so that each version stamps something. */
const BETWEEN_MS = 700;
const SETTLED_MS_MAX = 20_000;
const LOOK_MS = 50;
const VISITS_PER_HOUR = 40_000;

export async function runDeployDrill(order: DeployOrder): Promise<DeployFindings> {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-drill-'));
  const run = await createLiveRun(scenarioOf(order), { seed: order.seed, store: 'sqlite', folder, journal: true });
  try {
    run.cluster.clock.resume();
    await sleep(WARM_UP_MS);
    const rounds: RoundOutcome[] = [];
    for (const [index, round] of order.rounds.entries()) {
      rounds.push(await playRound(run, round, index + 1));
      await sleep(BETWEEN_MS);
    }
    await run.cluster.stopCrowd();
    const stored = new Set(await listStored(run));
    await run.end();
    const acknowledged = readIds(join(folder, 'acknowledged.ids'));
    const journals = join(folder, JOURNALS);
    return {
      rounds,
      spans: readSpans(journals),
      lost: acknowledged.filter((id) => !stored.has(id)).length,
      acknowledged: acknowledged.length,
      parity: checkParity(journals),
      crash: run.crash?.message ?? null,
    };
  } finally {
    await run.abandon();
    rmSync(folder, { recursive: true, force: true });
  }
}

function scenarioOf({ fidelity }: DeployOrder): Scenario {
  const loaded = loadScenario('scenarios/live-smoke.yaml', { set: ['duration=2h'] });
  assert(loaded.ok, 'the scenario of the drill is valid');
  const traffic = { ...loaded.value.traffic, visits: [{ atMs: 0, visitsPerHour: VISITS_PER_HOUR }] };
  return { ...loaded.value, traffic, fidelity, cluster: { frontends: 2, backends: 2 } };
}

/** One deployment with its kill; over when the victim is back and the Frontends agree, or won't. */
async function playRound(run: LiveRun, round: Round, number: number): Promise<RoundOutcome> {
  const { cluster } = run;
  const { victim, moment, offsetMs } = round;
  if (moment === 'before') await cluster.kill(victim);
  // By hand: a node that is under a fault takes no other.
  if (moment === 'between') process.kill(pidOf(run, victim), 'SIGSTOP');
  const answer = deploy(run, number);
  if (moment === 'between') {
    await sleep(HANG_MS);
    await cluster.kill(victim);
  } else if (moment === 'during') {
    await sleep(offsetMs);
    await cluster.kill(victim);
  }
  const { status, outcome } = await answer;
  if (moment === 'after') await cluster.kill(victim);
  await cluster.restart(victim);
  const settled = await untilSettled(run);
  return { ...round, status, outcome, consistent: settled.consistent, version: settled.version };
}

function pidOf(run: LiveRun, node: string): number {
  return present(run.cluster.nodes().find(({ name }) => name === node)?.pid, `process of ${node}`);
}

async function deploy(
  run: LiveRun,
  number: number,
): Promise<{ readonly status: number; readonly outcome: string | null }> {
  const body = {
    version: 1,
    package: 'com.example.drill',
    packageVersion: String(number),
    rules: [
      {
        name: `Round ${number}`,
        when: { singleton: { event: 'DrillOnly' } },
        // oxlint-disable-next-line unicorn/no-thenable -- the file's word for its actions
        then: [{ followUp: { priority: 1, reason: 'drill' } }],
      },
    ],
  };
  try {
    const response = await fetch(`${await run.cluster.urlOf('backend-1')}/backend/data/rules/deploy?by=drill`, {
      method: 'POST',
      headers: { ...authorization(run), 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as { outcome?: string; deployment?: { outcome?: string } };
    return { status: response.status, outcome: answer.outcome ?? answer.deployment?.outcome ?? null };
  } catch {
    return { status: 0, outcome: null };
  }
}

function authorization(run: LiveRun): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${run.cluster.secret}` };
}

/** What the Backend in charge says when all Frontends agree, or when they have not for a long time. */
async function untilSettled(run: LiveRun): Promise<RulesStatus> {
  const endMs = performance.now() + SETTLED_MS_MAX;
  for (let last: RulesStatus | undefined; ;) {
    last = (await askStatus(run)) ?? last;
    const isSettled =
      last !== undefined && last.undecided === null && last.nodes.every(({ fence }) => fence === 'open');
    if (isSettled && (last?.consistent === true || performance.now() > endMs - SETTLED_MS_MAX / 2)) {
      return present(last, 'status');
    }
    if (performance.now() > endMs) return present(last, 'status of the rules, which nobody has told');
    await sleep(LOOK_MS);
  }
}

async function askStatus(run: LiveRun): Promise<RulesStatus | undefined> {
  try {
    const url = await run.cluster.urlOf('backend-1');
    const response = await fetch(`${url}/backend/data/rules`, { headers: authorization(run) });
    return response.ok ? parseRulesStatus(await response.json()) : undefined;
  } catch {
    return undefined;
  }
}

/** From the Frontends' journals: when each life stamped events under which version. */
function readSpans(folder: string): readonly StampedSpan[] {
  const spans = new Map<string, { node: string; version: number; fromMs: number; toMs: number; events: number }>();
  for (const file of readdirSync(folder).filter((name) => /^frontend-\d+~\d+\.ndjson$/.test(name))) {
    const node = file.replace('.ndjson', '');
    for (const line of readJournal(join(folder, file))) {
      if (!('effects' in line)) continue;
      for (const effect of line.effects) {
        if (effect.type !== 'toBackend' || effect.message.type !== 'storeBatch') continue;
        for (const event of effect.message.events) {
          const version = event.rulesVersion ?? 0;
          const key = `${node} ${version}`;
          const span = spans.get(key) ?? { node, version, fromMs: event.at, toMs: event.at, events: 0 };
          span.fromMs = Math.min(span.fromMs, event.at);
          span.toMs = Math.max(span.toMs, event.at);
          span.events += 1;
          spans.set(key, span);
        }
      }
    }
  }
  return [...spans.values()];
}

/** Spans of different versions that overlap: two versions stamped events at the same time. */
export function findMixed(spans: readonly StampedSpan[]): readonly string[] {
  return spans.flatMap((older) =>
    spans
      .filter(({ version, fromMs }) => version > older.version && fromMs < older.toMs)
      .map(
        (newer) =>
          `${newer.node} stamped under ${newer.version} from ${newer.fromMs}, ${older.node} still under ${older.version} until ${older.toMs}`,
      ),
  );
}
