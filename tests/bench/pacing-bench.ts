/**
 * Every acceptance band of pacing (docs/pacing.md) in one table: all sizes, patience and loss, both targets, shifts from a cold
 * start, a jump of the accept share, broken pacers, and the DUAL algorithms with reactive abandonment told apart. Everything
 * is learned on the run. Prints markdown, writes it to the file of the first argument too, and fails where a band is missed.
 * `RUNS=2` is a quick look. Run it: `npm run bench:pacing`.
 */
import { writeFileSync } from 'node:fs';
import { createPacer } from '#core/pacing/create-pacer.ts';
import type { PacingSettings } from '#core/pacing/pacer.ts';
import { dualFigures, meanShare } from '#tests/core/pacing/fixture-dual.ts';
import { abandonmentGoal, busyGoal, meanOf, pacerWith, replicate } from '#tests/core/pacing/fixture-pacing.ts';
import { constrainedOptimum } from '#tests/oracles/constrained-optimum.ts';
import { drawMarkovVisitor, drawWebVisitor } from '#tests/oracles/pacing-scenarios.ts';
import type { PacingFigures } from '#tests/oracles/pacing-simulator.ts';

const RUNS = Number(process.env['RUNS'] ?? 8);
/** Hours in which about 4,800 chats are accepted, by slots. */
const HOURS: Readonly<Record<number, number>> = { 5: 71, 10: 36, 30: 11.5, 100: 3.4, 300: 1.15 };
const lines: string[] = [];
let missed = 0;

function say(line: string): void {
  lines.push(line);
  process.stdout.write(`${line}\n`);
}

/** `✓` or `✗`, which is counted. */
function band(...conditions: readonly boolean[]): string {
  if (conditions.every(Boolean)) return '✓';
  missed += 1;
  return '✗';
}

const percent = (share: number): string => (100 * share).toFixed(2);
const abandoned = (figures: PacingFigures): number => figures.abandonmentShare;
const busy = (figures: PacingFigures): number => figures.busyShare;

function withAlgorithm(slots: number, settings: PacingSettings): PacingSettings {
  return { ...settings, algorithm: slots >= 30 ? 'PREDICTIVE_B' : 'SUPER_PROGRESSIVE' };
}

function shortName({ algorithm }: PacingSettings): string {
  return algorithm === 'PREDICTIVE_B' ? 'PB' : 'SP';
}

function steadyState(): void {
  say(
    '\n| goal 3 %, steady state | slots | abandoned, mean (highest) | busy | band | |\n| --- | --- | --- | --- | --- | --- |',
  );
  const bands = [
    ['W-P', false, { 5: 0.875, 10: 0.913, 30: 0.96, 100: 0.987, 300: 0.995 }],
    ['W-L', true, { 5: 0.845, 10: 0.877, 30: 0.922, 100: 0.96, 300: 0.979 }],
  ] as const;
  for (const [name, lossModel, least] of bands) {
    for (const [slotsText, busyMin] of Object.entries(least)) {
      const slots = Number(slotsText);
      const all = [withAlgorithm(slots, abandonmentGoal), ...(slots === 30 ? [abandonmentGoal] : [])];
      for (const settings of all) {
        const figures = replicate(
          RUNS,
          { slots, draw: drawWebVisitor, lossModel, leadsPerHour: null, hours: HOURS[slots] ?? 1, warmupHours: 2 },
          () => createPacer('chat', settings),
        );
        sayPromise(`${name} ${shortName(settings)}`, slots, figures, busyMin);
      }
    }
  }
  for (const [slots, gapMax] of [
    [5, 0.015],
    [10, 0.015],
    [30, 0.008],
  ] as const) {
    const { busyShare } = constrainedOptimum({
      slots,
      handleMeanSeconds: 240,
      patienceMeanSeconds: 60,
      responseMeanSeconds: 10,
      acceptShare: 0.2,
      leadsPerHour: null,
      goalShare: 0.03,
    });
    const scenario = { slots, draw: drawMarkovVisitor, leadsPerHour: null, hours: HOURS[slots] ?? 1, warmupHours: 2 };
    const settings = withAlgorithm(slots, abandonmentGoal);
    const figures = replicate(RUNS, scenario, () => createPacer('chat', settings));
    sayPromise(`M-P ${shortName(settings)}, optimum ${percent(busyShare)}`, slots, figures, busyShare - gapMax);
  }
}

function sayPromise(name: string, slots: number, figures: readonly PacingFigures[], busyMin: number): void {
  const mean = meanOf(figures, abandoned);
  const highest = Math.max(...figures.map(abandoned));
  const verdict = band(mean >= 0.0275, mean <= 0.03, highest <= 0.0305, meanOf(figures, busy) >= busyMin);
  say(
    `| ${name} | ${slots} | ${percent(mean)} (${percent(highest)}) | ${percent(meanOf(figures, busy))} | 2.75 to 3.00, each <= 3.05, busy >= ${percent(busyMin)} | ${verdict} |`,
  );
}

function plainRules(): void {
  say('\n| plain rules, W-P | slots | abandoned | busy | band | |\n| --- | --- | --- | --- | --- | --- |');
  for (const [slots, points] of [
    [5, 0.11],
    [10, 0.15],
  ] as const) {
    const scenario = {
      slots,
      draw: drawWebVisitor,
      leadsPerHour: null,
      hours: (HOURS[slots] ?? 1) / 2,
      warmupHours: 2,
    };
    const paced = meanOf(replicate(2, scenario), busy);
    for (const pacedBy of ['progressive', 'ratio', 'erlangA'] as const) {
      const figures = replicate(2, scenario, () => createPacer('chat', { ...abandonmentGoal, pacedBy }));
      const [lost, share] = [meanOf(figures, abandoned), meanOf(figures, busy)];
      const [what, verdict] =
        pacedBy === 'ratio'
          ? ['abandoned > 10', band(lost > 0.1)]
          : [`busy at least ${100 * points} points below pacing`, band(paced - share >= points)];
      say(`| ${pacedBy} | ${slots} | ${percent(lost)} | ${percent(share)} | ${what} | ${verdict} |`);
    }
  }
}

function shifts(): void {
  say(
    '\n| eight hours from a cold start | slots | abandoned, mean (highest) | busy | band | |\n| --- | --- | --- | --- | --- | --- |',
  );
  const runs = RUNS >= 8 ? 20 : 2 * RUNS;
  for (const [slots, meanMin] of [
    [5, 0.019],
    [10, 0.024],
    [30, 0.027],
    [100, 0.027],
  ] as const) {
    const settings = withAlgorithm(slots, abandonmentGoal);
    const scenario = { slots, draw: drawWebVisitor, leadsPerHour: null, hours: 8 };
    const figures = replicate(slots === 100 ? runs / 2 : runs, scenario, () => createPacer('chat', settings));
    const mean = meanOf(figures, abandoned);
    const highest = Math.max(...figures.map(abandoned));
    say(
      `| W-P ${shortName(settings)}, ${figures.length} shifts | ${slots} | ${percent(mean)} (${percent(highest)}) | ${percent(meanOf(figures, busy))} | each <= 3.00, mean >= ${percent(meanMin)} | ${band(highest <= 0.03, mean >= meanMin)} |`,
    );
  }
}

function busyGoals(): void {
  say('\n| busy goal | slots | busy | abandoned | band | |\n| --- | --- | --- | --- | --- | --- |');
  const most = {
    75: { P: [0.002, 0.0005, 0.0002], L: [0.002, 0.0005, 0.0002] },
    85: { P: [0.018, 0.004, 0.001], L: [0.033, 0.012, 0.001] },
  } as const;
  for (const goal of [75, 85] as const) {
    for (const kind of ['P', 'L'] as const) {
      for (const [index, slots] of [5, 10, 30].entries()) {
        const settings = withAlgorithm(slots, busyGoal(goal / 100));
        const figures = replicate(
          Math.ceil(RUNS / 2),
          {
            slots,
            draw: drawWebVisitor,
            lossModel: kind === 'L',
            leadsPerHour: null,
            hours: HOURS[slots] ?? 1,
            warmupHours: 2,
          },
          () => createPacer('chat', settings),
        );
        const share = meanOf(figures, busy);
        const lost = meanOf(figures, abandoned);
        const lostMax = most[goal][kind][index] ?? 0;
        const verdict = band(share >= goal / 100, share <= goal / 100 + 0.015, lost <= lostMax);
        say(
          `| ${goal}, W-${kind} ${shortName(settings)} | ${slots} | ${percent(share)} | ${percent(lost)} | ${goal} to ${goal + 1.5}, abandoned <= ${percent(lostMax)} | ${verdict} |`,
        );
      }
    }
  }
}

function duals(): void {
  say(
    '\n| DUAL, goal 3 %; reactive load a slot, ratio | slots | abandoned of all / proactive / reactive | busy proactive / reactive | let in | band | |\n| --- | --- | --- | --- | --- | --- | --- |',
  );
  for (const slots of [20, 60]) {
    for (const [load, ratio] of [
      [0.3, 0],
      [0.3, 0.6],
      [0.6, 0],
      [0.6, 0.3],
      [0.6, 0.6],
      [1, 0],
      [1, 0.3],
      [0.6, 1],
    ] as const) {
      const figures = dualFigures({ slots, load, ratio, runs: Math.ceil(RUNS / 2), hours: slots === 20 ? 12 : 4 });
      const all = meanShare(figures, 'abandoned');
      const letIn = meanShare(figures, 'letIn');
      const verdict = band(
        all <= 0.032,
        ratio === 1 || meanShare(figures, 'proactiveBusy') >= ratio,
        ratio < 1 || letIn === 0,
        ratio > 0 || load > 0.3 || letIn >= 0.99,
      );
      say(
        `| ${load}, ${100 * ratio} | ${slots} | ${percent(all)} / ${percent(meanShare(figures, 'proactiveAbandoned'))} / ${percent(meanShare(figures, 'reactiveAbandoned'))} | ${percent(meanShare(figures, 'proactiveBusy'))} / ${percent(meanShare(figures, 'reactiveBusy'))} | ${percent(letIn)} | all <= 3.20, busy proactive >= ratio | ${verdict} |`,
      );
    }
  }
}

function broken(): void {
  const scenario = { slots: 300, draw: drawWebVisitor, leadsPerHour: null, hours: 2, warmupHours: 1 };
  const settings = withAlgorithm(300, abandonmentGoal);
  const whole = meanOf(
    replicate(2, scenario, () => createPacer('chat', settings)),
    busy,
  );
  const fixed = meanOf(
    replicate(2, scenario, () => pacerWith({ gainFixed: 2 }, settings)),
    busy,
  );
  say(
    `\nBroken on purpose, 300 slots: with the gain fixed at 2 busy ${percent(fixed)} instead of ${percent(whole)} ${band(whole - fixed > 0.005)}; ` +
      'without anti-windup and without the account of all chats in `tests/core/pacing`.',
  );
}

const began = process.cpuUsage();
say(
  `Pacing, ${RUNS} runs a row (busy goals and DUAL half as many), Node ${process.versions.node}. All shares in per cent.`,
);
steadyState();
plainRules();
shifts();
busyGoals();
duals();
broken();
const { user, system } = process.cpuUsage(began);
say(
  `\n${missed === 0 ? 'Every band holds' : `${missed} bands missed`}; ${((user + system) / 1e6).toFixed(0)} s of processor time.`,
);
const file = process.argv[2];
if (file !== undefined) writeFileSync(file, `${lines.join('\n')}\n`);
process.exitCode = missed === 0 ? 0 : 1;
