/** The command that runs a scenario again as it was run, for reports. */
import type { Scenario } from '#protocol/scenario.ts';
import type { RunOptions } from './run-order.ts';

/** `engage run scenarios/x.yaml --seed 1 --set groups/0/agents=3`, quoted for a POSIX shell; what only says where output goes is left out. */
export function describeRunCommand(file: string, scenario: Scenario, options: RunOptions): string {
  const words = ['engage', 'run', file];
  if (options.seeds === undefined) words.push('--seed', String(scenario.seed));
  else words.push('--seeds', options.seeds);
  if (options.duration !== undefined) words.push('--duration', options.duration);
  for (const set of options.set) words.push('--set', set);
  if (options.store !== 'auto') words.push('--store', options.store);
  if (options.contactPoints !== undefined) words.push('--contact-points', options.contactPoints);
  return words.map(quoteWord).join(' ');
}

/** For a POSIX shell. */
export function quoteWord(word: string): string {
  return /^[\w./:=,%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
