/** What every drill does alike: draws its victims, runs, prints what it found, and judges; and how a negative control is judged. */
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { createRandomSource } from '#core/random/random-source.ts';
import type { NodeRole } from '#node/node-ipc.ts';
import type { StoreChoice } from '#ports/store-choice.ts';
import { checkHistory, type DrillTimes } from './drill-checkers.ts';
import { CASSANDRA_DRILL_TIMES, DRILL_TIMES, runDrill, type DrillFindings, type DrillOrder } from './drill-run.ts';
import { describeDrill } from './drill-words.ts';

export interface DrillScript {
  readonly name: string;
  /** Added to the seed of the tests. */
  readonly index: number;
  /** Frontends and Backends, each. */
  readonly nodes: number;
  readonly kills: number;
  /** Names of nodes; each victim is drawn of them. */
  readonly victims: readonly string[];
  /** Absent: SQLite. */
  readonly store?: StoreChoice;
}

/** What a drill comes to, in a word each. */
export interface DrillVerdict {
  /** Each invariant that is violated. */
  readonly violated: readonly string[];
  readonly crash: string | null;
  readonly complaints: readonly string[];
  readonly parityHolds: boolean;
}

/** All invariants and the parity law hold, and no node has complained. */
export const UNHARMED: DrillVerdict = { violated: [], crash: null, complaints: [], parityHolds: true };

export async function judge(script: DrillScript): Promise<DrillVerdict> {
  return verdictOf(await run(script), timesOf(script));
}

/**
 * The same with a node that lacks a defence: `fixture` is the entry point in place of the role's. `tamper`: what is done to the
 * stores afterwards.
 */
export async function judgeDoctored(
  script: DrillScript,
  role: NodeRole,
  fixture: string,
  tamper?: DrillOrder['tamper'],
): Promise<DrillVerdict> {
  const path = fileURLToPath(new URL(`fixtures/${fixture}`, import.meta.url));
  const findings = await run(
    { ...script, name: `${script.name}, with ${fixture}` },
    { scripts: { [role]: path }, ...(tamper === undefined ? {} : { tamper }) },
  );
  return verdictOf(findings, timesOf(script));
}

function timesOf({ store = 'sqlite' }: DrillScript): DrillTimes {
  return typeof store === 'string' ? DRILL_TIMES : CASSANDRA_DRILL_TIMES;
}

function verdictOf({ history, crash, complaints, parity }: DrillFindings, times: DrillTimes): DrillVerdict {
  const violations = checkHistory(history, times);
  const violated = [...new Set(violations.map(({ invariant }) => invariant))];
  return { violated, crash, complaints, parityHolds: parity.holds };
}

async function run(script: DrillScript, doctored: Pick<DrillOrder, 'scripts' | 'tamper'> = {}): Promise<DrillFindings> {
  const { name, index, nodes, kills, victims, store } = script;
  const seed = inject('testSeed') + index;
  const stream = createRandomSource(seed).stream('kills');
  const drawn = Array.from({ length: kills }, () => victims[Math.floor(stream.next() * victims.length)] ?? '');
  const findings = await runDrill({
    seed,
    frontends: nodes,
    backends: nodes,
    victims: drawn,
    random: () => stream.next(),
    ...(store === undefined ? {} : { store }),
    ...doctored,
  });
  console.log(describeDrill(name, seed, findings, timesOf(script)));
  return findings;
}
