/** A deployment stage by stage: what comes of it when a Frontend or the Backend in charge is lost before, between and after the stages. */
import { describe, expect, test } from 'vitest';
import type { DeploymentFidelity } from '#core/deployment/deployment.ts';
import { FENCE_REQUESTS_MAX } from '#core/deployment/fence-queue.ts';
import { PaperInstallation } from './paper-installation.ts';

/** Plays on until this step is the next of its kind, and not yet done. */
function playUntil(paper: PaperInstallation, name: string): void {
  for (let count = 0; count < 1_000; count += 1) {
    const steps = paper.steps();
    if (steps.some((step) => step.name === name)) return;
    steps[0]?.run();
  }
  throw new Error(`it never came to "${name}"`);
}

function started(fidelity: DeploymentFidelity = 'improved', frontends = 2): PaperInstallation {
  const paper = new PaperInstallation(fidelity, frontends);
  paper.settle();
  return paper;
}

function versions(paper: PaperInstallation): readonly (number | string)[] {
  return paper.frontends.map(({ machine }) => (machine.fence === 'open' ? machine.rulesVersion : machine.fence));
}

function outcomeOf(paper: PaperInstallation, version = 1): string | undefined {
  const row = paper.rows.find(({ kind, id }) => kind === 'deploymentOutcome' && id === String(version));
  return row?.kind === 'deploymentOutcome' ? row.outcome : undefined;
}

describe('improved', () => {
  test('all Frontends take the new version, and the author is told which has what', () => {
    const paper = started();
    paper.order();
    paper.settle();
    expect(versions(paper)).toEqual([1, 1]);
    expect(paper.answers).toMatchObject([
      {
        kind: 'deployed',
        report: {
          version: 1,
          by: 'author',
          change: 'replaces the categories',
          outcome: 'committed',
          nodes: [
            { name: 'frontend-1', version: 1 },
            { name: 'frontend-2', version: 1 },
          ],
        },
      },
    ]);
  });

  test('what comes in behind the fence is stamped in order under the new version', () => {
    const paper = started();
    paper.order();
    playUntil(paper, 'backend-1 claim');
    paper.enter('frontend-1');
    paper.enter('frontend-1');
    expect(paper.stamps).toEqual([]);
    paper.settle();
    expect(paper.stamps.map(({ eventID, version }) => [eventID, version])).toEqual([
      ['e1', 1],
      ['e2', 1],
    ]);
  });

  test('what comes in behind the fence is bounded: one request more is refused', () => {
    const paper = started();
    paper.order();
    playUntil(paper, 'backend-1 claim');
    for (let count = 0; count < FENCE_REQUESTS_MAX; count += 1) paper.enter('frontend-1');
    const { machine, out } = paper.frontend('frontend-1');
    expect([machine.queueFull, out.length]).toEqual([true, 0]);
    paper.enter('frontend-1');
    expect(out).toEqual([{ type: 'acknowledge', requestId: FENCE_REQUESTS_MAX + 1, stored: false }]);
    paper.settle(() => paper.stamps.length > 0);
    expect(paper.stamps).toHaveLength(FENCE_REQUESTS_MAX);
  });

  test('a Frontend that is down when the order comes: nothing is begun', () => {
    const paper = started();
    paper.killFrontend('frontend-2');
    paper.order();
    paper.settle(() => paper.answers.length > 0);
    expect(paper.answers).toMatchObject([{ kind: 'refused', code: 'UNAVAILABLE' }]);
    expect(paper.rows).toEqual([]);
  });

  test.each([
    ['while it prepares', 'frontend-2 hears backend-1>frontend-2'],
    ['between the stages', 'backend-1 hears frontend-2>backend-1'],
  ])('a Frontend that is killed %s: aborted, and the others go on with the old version', (_when, moment) => {
    const paper = started();
    paper.order();
    playUntil(paper, moment);
    paper.killFrontend('frontend-2');
    paper.settle(() => paper.answers.length > 0);
    expect(outcomeOf(paper)).toBe('aborted');
    expect(versions(paper)[0]).toBe(0);
    paper.reviveFrontend('frontend-2');
    paper.settle();
    expect(versions(paper)).toEqual([0, 0]);
  });

  test('a Frontend that is killed behind its fence, after the decision, comes back with the new version', () => {
    const paper = started();
    paper.order();
    playUntil(paper, 'backend-1 claim');
    paper
      .steps()
      .find(({ name }) => name === 'backend-1 claim')
      ?.run();
    paper.killFrontend('frontend-2');
    paper.settle(() => paper.answers.length > 0);
    expect(paper.answers).toMatchObject([
      { report: { outcome: 'committed', nodes: [{ version: 1 }, { version: null }] } },
    ]);
    paper.reviveFrontend('frontend-2');
    paper.settle();
    expect(versions(paper)).toEqual([1, 1]);
  });

  test('a Frontend that starts while a version is undecided stamps nothing before it is decided', () => {
    const paper = started();
    paper.order();
    playUntil(paper, 'backend-1 claim');
    paper.killBackend('backend-1');
    paper.killFrontend('frontend-2');
    paper.reviveFrontend('frontend-2');
    playUntil(paper, 'frontend-2 hears backend-2>frontend-2');
    paper.enter('frontend-2');
    paper.settle(() => paper.steps().length === 0);
    expect([versions(paper), paper.stamps]).toEqual([['up', 'up'], []]);
    paper.settle();
    expect(versions(paper)).toEqual([0, 0]);
    expect(paper.stamps.map(({ version }) => version)).toEqual([0]);
  });

  test.each([
    ['before the decision', 'backend-1 claim', 'aborted', 0],
    ['after the decision, before anybody is told', 'backend-1 hears backend-1>backend-1', 'committed', 1],
  ])(
    'the Backend in charge is killed %s: another Backend says how it was decided',
    (_when, moment, outcome, version) => {
      const paper = started();
      paper.order();
      playUntil(paper, 'backend-1 claim');
      playUntil(paper, moment);
      paper.killBackend('backend-1');
      paper.enter('frontend-1');
      paper.settle();
      expect(outcomeOf(paper)).toBe(outcome);
      expect(versions(paper)).toEqual([version, version]);
      expect(paper.stamps.map((stamp) => stamp.version)).toEqual([version]);
    },
  );

  test('an order after the death of the Backend in charge ends what was undecided, and has the next version', () => {
    const paper = started();
    paper.order();
    playUntil(paper, 'backend-1 claim');
    paper.killBackend('backend-1');
    paper.reviveBackend('backend-1');
    paper.order();
    paper.settle();
    expect([outcomeOf(paper, 1), outcomeOf(paper, 2)]).toEqual(['aborted', 'committed']);
    expect(versions(paper)).toEqual([2, 2]);
  });

  test('a second order while one is under way is refused', () => {
    const paper = started();
    paper.order();
    paper.order();
    paper.settle();
    expect(paper.answers.map((answer) => answer.kind)).toEqual(['refused', 'deployed']);
  });
});

describe('faithful', () => {
  test('one Frontend after the other takes the version, without a fence', () => {
    const paper = started('faithful');
    paper.order();
    playUntil(paper, 'backend-1 hears frontend-1>backend-1');
    expect(versions(paper)).toEqual([1, 0]);
    paper.settle();
    expect(versions(paper)).toEqual([1, 1]);
    expect(outcomeOf(paper)).toBe('committed');
  });

  test('a Frontend that is killed between leaves it unsuccessful: nothing is taken back, and the nodes differ', () => {
    const paper = started('faithful', 3);
    paper.order();
    playUntil(paper, 'frontend-2 hears backend-1>frontend-2');
    paper.killFrontend('frontend-2');
    paper.settle(() => paper.answers.length > 0);
    const nodes = [
      { name: 'frontend-1', version: 1 },
      { name: 'frontend-2', version: null },
      { name: 'frontend-3', version: null },
    ];
    expect(paper.answers).toMatchObject([
      { report: { outcome: 'unsuccessful', reasons: ['frontend-2 was lost'], nodes } },
    ]);
    paper.reviveFrontend('frontend-2');
    paper.settle();
    expect(versions(paper)).toEqual([1, 0, 0]);
  });
});
