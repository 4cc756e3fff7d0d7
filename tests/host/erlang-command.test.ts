/** `engage erlang`: what it prints, for machines and people, and what it refuses. */
import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addErlangCommand } from '#host/commands/erlang-command.ts';
import { describeProblem, OperatingError } from '#protocol/operating-error.ts';

const E6 = '--servers 30 --arrivals-per-hour 373.859918 --handle 240s';

afterEach(() => {
  vi.restoreAllMocks();
});

async function runErlang(line: string): Promise<string> {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  const program = new Command('engage').exitOverride().configureOutput({ writeErr: () => undefined });
  addErlangCommand(program);
  await program.parseAsync(['erlang', ...line.split(' ')], { from: 'user' });
  return written.join('');
}

async function problemsOf(line: string): Promise<readonly string[]> {
  const error: unknown = await runErlang(line).catch((thrown: unknown) => thrown);
  if (!(error instanceof OperatingError)) throw new Error(`expected an operating error, got ${String(error)}`);
  return [error.code, ...error.problems.map(describeProblem)];
}

describe('engage erlang', () => {
  it('prints for a exactly the promised fields (row E6 of the pacing notes)', async () => {
    const figures: unknown = JSON.parse(await runErlang(`a ${E6} --patience 60s --json`));
    expect(figures).toEqual({
      probabilityOfWaiting: expect.closeTo(0.131843, 6),
      abandonmentShare: expect.closeTo(0.03, 6),
      meanWaitSeconds: expect.closeTo(1.8, 5),
      meanQueueLength: expect.closeTo(0.18693, 6),
      occupancyShare: expect.closeTo(0.805876, 6),
    });
  });

  it('prints for b exactly the promised field', async () => {
    const figures: unknown = JSON.parse(await runErlang('b --servers 30 --arrivals-per-hour 375 --handle 4m --json'));
    expect(figures).toEqual({ blockingShare: expect.closeTo(0.0526032, 7) });
  });

  it('prints for c exactly the promised fields', async () => {
    const figures: unknown = JSON.parse(await runErlang('c --servers 14 --arrivals-per-hour 200 --handle 180s --json'));
    expect(figures).toEqual({
      probabilityOfWaiting: expect.closeTo(0.1741319, 7),
      meanWaitSeconds: expect.closeTo(7.835937, 6),
      occupancyShare: expect.closeTo(10 / 14, 12),
    });
  });

  it('prints the same for people, with units, aligned on the decimal points', async () => {
    expect(await runErlang(`a ${E6} --patience 60s`)).toBe(
      [
        'probability of waiting  13.18   %',
        'abandonment              3.000  %',
        'mean wait                1.800  s',
        'mean queue length        0.1869',
        'occupancy               80.59   %',
        '',
      ].join('\n'),
    );
  });

  it('refuses all wrong options at once', async () => {
    expect(await problemsOf('a --servers 2.5 --arrivals-per-hour lots --handle 240 --patience 0s')).toEqual([
      'INVALID_INPUT',
      'engage erlang a --servers: expected a whole number >= 1 and <= 1000000, got 2.5',
      'engage erlang a --arrivals-per-hour: expected a number > 0 and <= 1e9, got "lots"',
      'engage erlang a --handle: expected a duration such as 90s, 15m, 4h or 250ms, longer than 0, got "240"',
      'engage erlang a --patience: expected a duration such as 90s, 15m, 4h or 250ms, longer than 0, got "0s"',
    ]);
  });

  it('refuses Erlang C where the queue would grow without end, and says what would do', async () => {
    expect(await problemsOf('c --servers 10 --arrivals-per-hour 150 --handle 4m')).toEqual([
      'INVALID_INPUT',
      'engage erlang c --servers: the queue has no steady state: 10 Erlang are offered to 10 servers; ' +
        'expected at least 11 servers, or a shorter handle time, or Erlang A with a patience',
    ]);
  });

  it('knows no patience in b and c', async () => {
    await expect(runErlang(`b ${E6} --patience 60s`)).rejects.toThrow('unknown option');
  });
});
