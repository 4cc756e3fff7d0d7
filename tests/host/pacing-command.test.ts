/** `engage pacing explain`: the worked examples of the pacing design through the command, and what it refuses. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { addPacingCommand } from '#host/commands/pacing-command.ts';
import { describeProblem, OperatingError } from '#protocol/operating-error.ts';
import { runCli } from '#tests/host/cli-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'engage-pacing-'));
const file = join(folder, 'state.json');

afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
});

const A = {
  algorithm: 'SUPER_PROGRESSIVE',
  target: 'ABANDONMENT_RATE',
  slots: 5,
  busy: 3,
  queued: 0,
  pending: 3,
  response: { acceptShare: 0.2, meanSeconds: 10 },
  handleMeanSeconds: 240,
  patienceMeanSeconds: 60,
  riskLimit: 0.0285,
};
const B = { ...A, algorithm: 'PREDICTIVE_B', slots: 100, busy: 98, pending: 20 };
const C = {
  ...A,
  algorithm: 'SUPER_PROGRESSIVE_DUAL',
  slots: 20,
  busy: 7,
  pending: 4,
  reactive: { ratePerSecond: 0.03, busy: 8, queued: 0 },
};
const RESERVE = { ...A, slots: 6, busy: 3, pending: 4 };

async function run(text: string, ...words: readonly string[]): Promise<string> {
  writeFileSync(file, text);
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  const program = new Command('engage').exitOverride().configureOutput({ writeErr: () => undefined });
  addPacingCommand(program);
  await program.parseAsync(['pacing', 'explain', file, ...words], { from: 'user' });
  return written.join('');
}

const answerSchema = z.strictObject({
  invites: z.number(),
  risk: z.array(z.number()),
  idle: z.array(z.number()),
  limit: z.number().nullable(),
  binding: z.string(),
});

async function answerTo(state: object): Promise<z.output<typeof answerSchema>> {
  return answerSchema.parse(JSON.parse(await run(JSON.stringify(state), '--json')));
}

async function problemsOf(text: string): Promise<readonly string[]> {
  const error: unknown = await run(text).catch((thrown: unknown) => thrown);
  if (!(error instanceof OperatingError)) throw new Error(`expected an operating error, got ${String(error)}`);
  return [error.code, ...error.problems.map((problem) => describeProblem({ ...problem, file: 'state', line: 0 }))];
}

function sixDigits(values: readonly number[]): readonly string[] {
  return values.map((value) => value.toFixed(6));
}

describe('the worked examples', () => {
  it('A: SUPER_PROGRESSIVE by risk', async () => {
    const answer = await answerTo(A);
    expect(answer).toMatchObject({ invites: 2, limit: 0.0285, binding: 'risk' });
    expect(sixDigits(answer.risk)).toEqual(['0.013477', '0.025163', '0.039191']);
    const full = await answerTo({ ...A, busy: 4, pending: 2 });
    expect(full.invites).toBe(0);
    expect(sixDigits(full.risk)).toEqual(['0.070310']);
    const lost = await answerTo({ ...A, busy: 4, pending: 2, patienceMeanSeconds: null });
    expect(sixDigits(lost.risk)).toEqual(['0.154281']);
  });

  it('B: PREDICTIVE_B by risk', async () => {
    const { invites, risk, binding } = await answerTo(B);
    expect([invites, binding]).toEqual([22, 'risk']);
    const at = (index: number): string => (risk[index] ?? Number.NaN).toFixed(6);
    expect([0, 10, 20, 21, 22].map(at)).toEqual(['0.004961', '0.012859', '0.025692', '0.027246', '0.028848']);
  });

  it('B′: PREDICTIVE_B by idle slots, for a busy goal of 75 %', async () => {
    const state = { ...B, target: 'BUSY_FACTOR', busy: 74, pending: 10, riskLimit: null, idleLimit: 28 };
    const { invites, idle, limit, binding } = await answerTo(state);
    expect([invites, limit, binding]).toEqual([19, 28, 'idle']);
    idle.forEach((slots, k) => expect(slots).toBeCloseTo(31.445162 - 0.183333 * k, 4));
  });

  it('C: SUPER_PROGRESSIVE_DUAL by the price of a slot', async () => {
    const answer = await answerTo(C);
    expect(answer).toMatchObject({ invites: 12, binding: 'risk' });
    expect(sixDigits(answer.risk)).toEqual(
      '.005433 .006309 .007354 .008592 .010046 .011737 .013684 .015906 .018415 .021223 .024338 .027766 .031506'
        .split(' ')
        .map((digits) => `0${digits}`),
    );
    expect((await answerTo({ ...C, riskLimit: 0.01, proactiveRiskLimit: 0.0285 })).invites).toBe(4);
    const full = await answerTo({ ...C, busy: 8, reactive: { ...C.reactive, busy: 9 } });
    expect([full.invites, ...sixDigits(full.risk)]).toEqual([0, '0.029110']);
  });

  it('C: the slots kept for proactive chats may be filled whatever reactive ones do', async () => {
    const reserve = await answerTo(RESERVE);
    expect(reserve.invites).toBe(5);
    expect(sixDigits(reserve.risk)).toEqual(['0.002283', '0.005197', '0.009477', '0.015140', '0.022139', '0.030388']);
    const crowded = { ...C, busy: 3, reactive: { ratePerSecond: 0.2, busy: 14, queued: 5 }, riskLimit: 1e-6 };
    expect((await answerTo({ ...crowded, proactiveRiskLimit: 0.0285, proactiveRatio: 30 })).invites).toBe(5);
    expect((await answerTo({ ...crowded, proactiveRiskLimit: 0.0285 })).invites).toBe(0);
  });

  it('PREDICTIVE_B_DUAL asks the same price of its moments: near C, and the same without reactive visitors as PREDICTIVE_B', async () => {
    const dual = await answerTo({ ...C, algorithm: 'PREDICTIVE_B_DUAL' });
    expect(Math.abs(dual.invites - 12)).toBeLessThanOrEqual(1);
    const quiet = { ...B, algorithm: 'PREDICTIVE_B_DUAL', reactive: { ratePerSecond: 0, busy: 0, queued: 0 } };
    expect(await answerTo(quiet)).toEqual(await answerTo(B));
  });
});

describe('for people', () => {
  it('says why in a sentence, and the invites up to the one that stays', async () => {
    expect(await run(JSON.stringify(A))).toBe(
      [
        '2 invites: the next would cost 0.0392 expected abandonments, the limit is 0.0285',
        '',
        ' invite  risk      idle slots',
        '      1  0.013477  1.73  goes out',
        '      2  0.025163  1.56  goes out',
        '      3  0.039191  1.41  stays',
        '',
      ].join('\n'),
    );
    expect(await run(JSON.stringify({ ...A, slots: 0, busy: 0 }))).toBe('no invite: no slot is logged in\n');
  });

  it('leaves out the middle of a long list', async () => {
    const lines = (await run(JSON.stringify(B))).split('\n');
    expect(lines).toHaveLength(17);
    expect(lines.at(-2)).toContain('23  0.028848');
  });
});

describe('what it refuses', () => {
  it('names everything that is wrong at once, with its path', async () => {
    const { handleMeanSeconds: _, ...rest } = A;
    const wrong = { ...rest, algorithm: 'PREDICTIVE', slots: 2.5, response: { acceptShare: 1.2, mean: 3 }, colour: 1 };
    expect(await problemsOf(JSON.stringify(wrong))).toEqual([
      'INVALID_INPUT',
      'state algorithm: expected SUPER_PROGRESSIVE or SUPER_PROGRESSIVE_DUAL or PREDICTIVE_B or PREDICTIVE_B_DUAL, got "PREDICTIVE"',
      'state slots: expected a whole number of at least 0 and of at most 2000, got 2.5',
      'state response/acceptShare: expected a share such as 0.03 or 3%, got "1.2"',
      'state response/meanSeconds: missing, expected seconds above 0 and of at most 10000000',
      'state response/mean: unknown key "mean", expected one of acceptShare, meanSeconds',
      'state handleMeanSeconds: missing, expected seconds above 0 and of at most 10000000',
      expect.stringContaining('state colour: unknown key "colour"'),
    ]);
  });

  it('figures that contradict each other', async () => {
    const { riskLimit: _, ...open } = A;
    expect(await problemsOf(JSON.stringify({ ...open, busy: 6, proactiveRatio: 10 }))).toEqual([
      'INVALID_INPUT',
      'state busy: expected at most the 5 slots, got 6',
      'state riskLimit: missing, expected a riskLimit or an idleLimit: without one nothing is limited',
      'state proactiveRatio: SUPER_PROGRESSIVE does not look at it: leave it out',
    ]);
    expect(await problemsOf(JSON.stringify({ ...C, reactive: { ...C.reactive, busy: 14 } }))).toEqual([
      'INVALID_INPUT',
      'state reactive/busy: expected at most the 13 slots that proactive chats leave',
    ]);
    expect(await problemsOf(JSON.stringify({ ...C, reactive: null }))).toHaveLength(2);
  });

  it('from the shell: status 2, the place in the file, nothing on standard output', async () => {
    writeFileSync(file, '{ "algorithm": "SUPER_PROGRESSIVE",\n  "slots": -1 }');
    const { code, out, err } = await runCli('pacing', 'explain', file, '--json');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`${file}:2:3 slots: expected a whole number of at least 0`);
    expect(err).toContain('handleMeanSeconds: missing');
    expect((await runCli('pacing', 'explain', join(folder, 'nothing.json'))).code).toBe(2);
  });
});
