/** What the command line puts into a scenario before it is checked: `--set path=value`, `--duration`, `--seed`. */
import { z } from 'zod';
import { fail, succeed, type Problem, type Result } from '#core/result.ts';
import { parseYaml } from '#protocol/parse-yaml.ts';
import type { Override } from '#protocol/scenario-file-document.ts';

export interface GivenOverrides {
  /** Each `path=value`, the path separated by slashes, the value as YAML would read it. */
  readonly set?: readonly string[];
  /** Takes the warm-up's place too: it becomes 0 unless `warmup` is set as well. */
  readonly duration?: string | undefined;
  readonly seed?: number | undefined;
}

/** The overrides in the order that they are put in: later ones win; every one that can't be read is named. */
export function parseOverrides(given: GivenOverrides): Result<readonly Override[], Problem> {
  const problems: Problem[] = [];
  const sets: Override[] = [];
  for (const text of given.set ?? []) {
    const set = parseSet(text);
    if (set.ok) sets.push(set.value);
    else problems.push(...set.problems);
  }
  if (problems.length > 0) return fail(problems);
  const overrides: Override[] = [];
  if (given.seed !== undefined) overrides.push({ label: `--seed ${given.seed}`, path: ['seed'], value: given.seed });
  if (given.duration !== undefined) {
    const label = `--duration ${given.duration}`;
    overrides.push({ label, path: ['warmup'], value: '0s' }, { label, path: ['duration'], value: given.duration });
  }
  return succeed([...overrides, ...sets]);
}

function parseSet(text: string): Result<Override, Problem> {
  const label = `--set ${text}`;
  const equals = text.indexOf('=');
  const path = text.slice(0, Math.max(0, equals)).split('/');
  if (equals <= 0 || path.some((key) => key.trim() === '')) {
    const message = 'expected path=value with the path separated by slashes, such as traffic/visitsPerHour=6000';
    return fail([{ file: label, line: 0, column: 0, path: '', message }]);
  }
  const written = text.slice(equals + 1);
  if (written.trim() === '') return succeed({ label, path, value: '' });
  const value = parseYaml(written, label, z.unknown());
  if (value.ok) return succeed({ label, path, value: value.value.value });
  return fail(
    value.problems.map(({ message }) => ({ file: label, line: 0, column: 0, path: path.join('/'), message })),
  );
}
