/**
 * Three minutes of live pacing with thirty agents, the border of both families: every decision that the contact center made on
 * the wall's clock is made again, equal, from its journal in virtual time.
 */
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkParity, type ParityReport } from '#testbed/parity/check-parity.ts';
import { isFull } from '#tests/house/drill-counts.ts';
import { loadShipped, runLive, whyNot } from './twin-stage.ts';

const MINUTES = 3;
/** Asked for again by TEST_SEED. */
const SEED = process.env['TEST_SEED'] === undefined ? randomInt(1_000_000) : Number(process.env['TEST_SEED']);

/** Writes another goal into the head of the contact center's journal: a replay of the same events by another pacer. */
function changeGoal(journals: string): void {
  const file = readdirSync(journals).find((name) => name.startsWith('contact-center'));
  if (file === undefined) throw new Error('no journal of the contact center');
  const path = join(journals, file);
  const text = readFileSync(path, 'utf8');
  const end = text.indexOf('\n');
  const head = text.slice(0, end);
  const changed = head.replace(/("pacing\.connector\.optimizationGoal":"?)\d+/, '$11');
  expect(changed).not.toBe(head);
  writeFileSync(path, changed + text.slice(end));
}

/** Decisions that the contact center noted: permits and refreshes. */
function countDecisions(journals: string): number {
  const files = readdirSync(journals).filter((name) => name.startsWith('contact-center'));
  return files.reduce(
    (count, name) => count + readFileSync(join(journals, name), 'utf8').split('"binding":').length - 1,
    0,
  );
}

/** One of the two in CI, by the seed. */
const ALGORITHMS = ['SUPER_PROGRESSIVE', 'PREDICTIVE_B'].filter((_, index) => isFull || index === SEED % 2);

test.each(ALGORITHMS)(
  `%s with 30 agents over ${MINUTES} live minutes decides as its replay in simulation`,
  async (algorithm) => {
    const scenario = loadShipped('live-smoke', [
      `duration=${MINUTES}m`,
      `options/service:pacing/pacing.connector.algorithm=${algorithm}`,
    ]);
    expect(scenario.groups.map(({ agents }) => agents)).toEqual([30]);
    let decisions = 0;
    let doctored: ParityReport | undefined;
    const { result, parity } = await runLive(scenario, {
      seed: SEED,
      after: (journals) => {
        decisions = countDecisions(journals);
        changeGoal(journals);
        doctored = checkParity(journals);
      },
    });
    console.log(
      `${algorithm}, seed ${SEED} (again: TEST_SEED=${SEED}): ${decisions} decisions, ${result.figures.chats.started} chats, ` +
        `${parity.sends.sends} messages; with another goal ${doctored?.journals.flatMap(({ differences }) => differences).length} differences`,
    );
    expect(whyNot(parity)).toEqual([]);
    expect(decisions).toBeGreaterThan(MINUTES * 60);
    expect(result.figures.chats.started).toBeGreaterThan(MINUTES * 150);
    expect(result.live).toMatchObject({ lost: 0 });
    expect(doctored?.holds).toBe(false);
  },
);
