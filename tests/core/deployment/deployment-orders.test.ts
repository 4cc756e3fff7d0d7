/**
 * Deployments under any order of messages, answers of the store, deaths and wake-ups: no two versions stamp after a fence opened,
 * nothing that was queued is lost, and in the end all agree with the store.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeploymentFidelity } from '#core/deployment/deployment.ts';
import { PaperInstallation, type Step } from './paper-installation.ts';

/** What people do. */
function wishes(paper: PaperInstallation): readonly Step[] {
  const pages = paper.frontends.map(({ name }) => ({ name: `a page at ${name}`, run: () => paper.enter(name) }));
  return [...pages, { name: 'order', run: () => paper.order() }];
}

/** What befalls an installation, and what helps it up again: twice as likely. */
function fates(paper: PaperInstallation): readonly Step[] {
  const frontends = paper.frontends.map(({ name }) => name);
  const backends = paper.backends.map(({ name }) => name);
  const help = [
    ...frontends.map((name) => ({ name: `revive ${name}`, run: () => paper.reviveFrontend(name) })),
    ...backends.map((name) => ({ name: `revive ${name}`, run: () => paper.reviveBackend(name) })),
  ];
  return [
    ...help,
    ...help,
    { name: 'wake', run: () => void paper.wake() },
    ...frontends.map((name) => ({ name: `kill ${name}`, run: () => paper.killFrontend(name) })),
    ...frontends.map((name) => ({ name: `restart ${name}`, run: () => restart(paper, name) })),
    ...frontends.map((name) => ({ name: `lose the link of ${name}`, run: () => paper.loseLink(name) })),
    ...backends.map((name) => ({ name: `kill ${name}`, run: () => paper.killBackend(name) })),
  ];
}

/** Before anybody has heard of it. */
function restart(paper: PaperInstallation, frontend: string): void {
  paper.killFrontend(frontend);
  paper.reviveFrontend(frontend);
}

/** A step in six is a wish, one in `faultEvery` a fate; else messages move on. */
function play(paper: PaperInstallation, picks: readonly number[], faultEvery = 40): void {
  for (const pick of picks) {
    const moves = paper.steps();
    const isWish = moves.length === 0 || pick % 6 === 0;
    const from = pick % faultEvery === 1 ? fates(paper) : isWish ? wishes(paper) : moves;
    from[Math.floor(pick / 240) % from.length]?.run();
  }
}

const PICKS = fc.array(fc.nat(1_000_000), { minLength: 50, maxLength: 600, size: 'max' });

function versionsOf(paper: PaperInstallation): readonly number[] {
  return paper.stamps.map(({ version }) => version);
}

describe('improved', () => {
  test('no version stamps after a newer one has, in any order of events', () => {
    fc.assert(
      fc.property(PICKS, (picks) => {
        const paper = new PaperInstallation('improved');
        play(paper, picks);
        paper.reviveAll();
        paper.settle();
        for (const { name } of paper.frontends) paper.enter(name);
        const versions = versionsOf(paper);
        expect(versions).toEqual(versions.toSorted((a, b) => a - b));
      }),
      { numRuns: 1_000 },
    );
  });

  test('what is stamped under a version carries the categories of that version', () => {
    fc.assert(
      fc.property(PICKS, (picks) => {
        const paper = new PaperInstallation('improved');
        play(paper, picks);
        for (const { version, category } of paper.stamps) {
          expect(category).toBe(paper.contentOf(version)?.categories[0]?.name);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('in the end every fence is down, all stamp under what the store has in force, and nothing queued is lost', () => {
    fc.assert(
      fc.property(PICKS, (picks) => {
        const paper = new PaperInstallation('improved');
        play(paper, picks);
        paper.reviveAll();
        paper.settle();
        const { inForce } = paper.known;
        const states = paper.frontends.map(({ machine }) => [machine.fence, machine.rulesVersion]);
        expect(states).toEqual(paper.frontends.map(() => ['open', inForce.version]));
        expect([...paper.open]).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  test('the plays do commit, abort and stamp under several versions: the properties above are about something', () => {
    const outcomes = new Set<string>();
    let changes = 0;
    fc.assert(
      fc.property(PICKS, (picks) => {
        const paper = new PaperInstallation('improved');
        play(paper, picks);
        for (const row of paper.rows) if (row.kind === 'deploymentOutcome') outcomes.add(row.outcome);
        changes += new Set(versionsOf(paper)).size > 1 ? 1 : 0;
      }),
      { numRuns: 300, seed: 1 },
    );
    expect([...outcomes].toSorted()).toEqual(['aborted', 'committed']);
    expect(changes).toBeGreaterThan(10);
  });
});

test("the property can fail: the guide's two stages, without a fence, let versions stamp side by side", () => {
  const found = fc.check(
    fc.property(PICKS, (picks) => {
      const paper = new PaperInstallation('faithful');
      play(paper, picks);
      const versions = versionsOf(paper);
      expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    }),
    { numRuns: 300, seed: 1 },
  );
  expect(found.failed).toBe(true);
});

describe.each<DeploymentFidelity>(['improved', 'faithful'])('%s', (fidelity) => {
  test('every order is answered once while its Backend lives', () => {
    fc.assert(
      fc.property(PICKS, (picks) => {
        const paper = new PaperInstallation(fidelity);
        play(paper, picks, Infinity);
        paper.settle();
        expect(paper.answers).toHaveLength(paper.orders);
      }),
      { numRuns: 200 },
    );
  });
});
