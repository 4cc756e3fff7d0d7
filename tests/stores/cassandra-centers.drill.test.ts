/** Four real nodes in two data centers: what they answer with nodes of either killed, compared with what the calculator's arithmetic foretells. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '#core/assert.ts';
import { isFull } from '#tests/house/drill-counts.ts';
import { CASSANDRA_MISSING, startCassandra, WHY_SKIPPED, type CassandraStage } from './cassandra-stage.ts';
import { CENTERS, foretell, judgementsOf } from './center-levels.ts';
import { CenterQuestions, LAYOUTS, type Observation } from './center-questions.ts';

/** Nodes that are dead; 1 and 2 are in DC1, 3 and 4 in DC2. */
const DEAD: readonly (readonly number[])[] = isFull
  ? [[], [1], [1, 2], [2], [2, 3], [3], [3, 4], [4], [1, 4], [1, 3], [1, 3, 4], [2, 3, 4], [2, 4], [1, 2, 4], [1, 2, 3]]
  : [[], [1], [1, 2], [3], [3, 4]];

describe.skipIf(CASSANDRA_MISSING !== null)(`two data centers of two real nodes${WHY_SKIPPED}`, () => {
  let stage: CassandraStage | undefined;
  let questions: CenterQuestions | undefined;
  const observed: Observation[] = [];

  beforeAll(async () => {
    stage = await startCassandra({ nodes: 4, profile: 'durable', dataCenters: true });
    process.stdout.write(`Cassandra, 4 nodes in two data centers: ready in ${stage.readySeconds.toFixed(1)} s\n`);
  }, 400_000);
  afterAll(async () => {
    await questions?.close();
    await stage?.end();
  }, 120_000);

  it.each(DEAD.map((dead) => [dead] as const))('answer as foretold with the nodes %j dead', async (dead) => {
    const { cluster } = present(stage, 'stage');
    const nodes = present(cluster.state(), 'cluster').nodes;
    const revived = nodes.filter(({ pid, number }) => pid === null && !dead.includes(number));
    await Promise.all(revived.map(({ number }) => cluster.start(number)));
    if (questions === undefined) {
      questions = new CenterQuestions(present(stage, 'stage'));
      await questions.prepare();
    }
    const struck = nodes.filter(({ pid, number }) => pid !== null && dead.includes(number));
    await Promise.all(struck.map(({ number }) => cluster.kill(number)));
    await questions.untilNoticed();
    const answers = await questions.askAll();
    observed.push(...answers);
    expect(answers.length).toBeGreaterThan(50);
    expect(listSurprises(answers, foretell)).toEqual([]);
  });

  it('survive what the calculator calls tolerated, and the loss of the data centers that it names', () => {
    for (const replicas of LAYOUTS) {
      const here = observed.filter((each) => each.replicas.DC1 === replicas.DC1 && each.replicas.DC2 === replicas.DC2);
      for (const { level, of, tolerates, worksWithout } of judgementsOf(replicas)) {
        const asked = here.filter((each) => each.level === level && (of === null || each.from === of));
        const involved = CENTERS.filter((center) => of === null || of === center);
        const lostOf = ({ alive }: Observation): number =>
          involved.reduce((sum, center) => sum + replicas[center] - alive[center], 0);
        const tolerated = asked.filter((each) => lostOf(each) <= (tolerates ?? -1));
        expect(tolerated.length).toBeGreaterThan(0);
        expect(tolerated.filter(({ answer }) => answer !== 'served')).toEqual([]);
        for (const center of CENTERS.filter((name) => name !== of)) {
          const other = center === 'DC1' ? 'DC2' : 'DC1';
          const without = asked.filter(
            ({ alive, from }) => alive[center] === 0 && from === other && alive[other] === replicas[other],
          );
          expect(without.length).toBeGreaterThan(0);
          expect([...new Set(without.map(({ answer }) => answer === 'served'))]).toEqual([
            worksWithout.includes(center),
          ]);
        }
      }
    }
    const served = observed.filter(({ answer }) => answer === 'served').length;
    process.stdout.write(
      `Cassandra, two data centers: ${observed.length.toLocaleString('en')} requests in ${DEAD.length} states of the nodes, ` +
        `${served.toLocaleString('en')} served, all as foretold\n`,
    );
  });

  it('would show an arithmetic that is wrong by one replica, or the rule of thumb of the guide for what it is', () => {
    expect(observed.length).toBeGreaterThan(300);
    const oneFewer: typeof foretell = (level, from, replicas, alive) =>
      foretell(level, from, replicas, { ...alive, [from]: Math.max(0, alive[from] - 1) });
    const oneMore: typeof foretell = (level, from, replicas, alive) =>
      foretell(level, from, replicas, { ...alive, [from]: alive[from] + 1 });
    // What it calls not working is not served.
    const thumb: typeof foretell = (level, from, replicas, alive) => {
      const judged = judgementsOf(replicas).find((each) => each.level === level && (each.of ?? from) === from);
      return judged?.guide === false ? [] : foretell(level, from, replicas, alive);
    };
    for (const wrong of [oneFewer, oneMore, thumb]) expect(listSurprises(observed, wrong)).not.toEqual([]);
  });
});

function listSurprises(observed: readonly Observation[], foretold: typeof foretell): readonly string[] {
  return observed.flatMap(({ replicas, alive, level, from, kind, answer }) => {
    const expected = foretold(level, from, replicas, alive);
    if (expected.includes(answer)) return [];
    const state = `${alive.DC1} of ${replicas.DC1} and ${alive.DC2} of ${replicas.DC2} replicas alive`;
    return [`${state}, ${kind} at ${level} from ${from}: ${answer}, foretold ${expected.join(' or ')}`];
  });
}
