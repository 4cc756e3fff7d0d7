/** Valid values of an option, as a person would write them, generated from the words with which the table says what is valid. */
import fc from 'fast-check';
import type { Option } from '#core/options/option.ts';
import type { RawValue } from '#core/options/value-kind.ts';

const EMPTY = /, or empty for none$/;

/** Without what the guide replaces at installation and without what the whole list or text is refused for. */
const name = fc.stringMatching(/^[A-Za-z0-9_ .-]{1,12}$/).filter((one) => one.trim() !== '');
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 4 }).map((list) => list.join(';'));
const host = fc.oneof(fc.ipV4(), fc.ipV6(), fc.stringMatching(/^[a-z][a-z0-9]{0,8}(\.[a-z]{2,5}){0,2}$/));
const text = fc.string({ minLength: 1 }).filter((one) => !one.endsWith('_PLACEHOLDER'));

const BY_WORDS: readonly (readonly [RegExp, fc.Arbitrary<RawValue>])[] = [
  [/^true or false$/, fc.constantFrom<RawValue>(true, false, 'true', 'false')],
  [/^1, 2 or 3$/, fc.constantFrom<RawValue>(1, 2, 3, '1', '2', '3')],
  [
    /^stdout, stderr/,
    fc
      .array(fc.constantFrom('stdout', 'stderr', 'network', 'memory', 'C:\\Logs\\a b', 'x.log'), { minLength: 1 })
      .map((list) => list.join(', ')),
  ],
  [
    /^false, <number> KB/,
    fc.oneof(
      fc.constant(false),
      fc.integer({ min: 100, max: 9_999_999 }),
      fc.integer({ min: 1, max: 9_999 }).map((n) => `${n} MB`),
      fc.integer({ min: 1, max: 999 }).map((n) => `${n} hr`),
    ),
  ],
  [
    /^false, <number> file/,
    fc.oneof(
      fc.constant('false'),
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 1, max: 1000 }).map((n) => `${n} file`),
      fc.integer({ min: 1, max: 100 }).map((n) => `${n} day`),
    ),
  ],
  [/^any number of .* semicolons/, fc.oneof(fc.constant(''), names)],
  [/^one or more .* semicolons/, names],
  [/^all, no, or keys/, fc.oneof(fc.constantFrom('all', 'no', '', ' '), names)],
  [/separated by commas$/, fc.array(host, { minLength: 1, maxLength: 4 }).map((list) => list.join(', '))],
  [
    /^data centers/,
    fc.oneof(
      fc.constant(''),
      fc
        .uniqueArray(fc.stringMatching(/^[A-Za-z0-9_]{1,8}$/), { minLength: 1, maxLength: 3 })
        .map((list) => list.map((one, at) => `${one}:${at + 1}`).join(', ')),
    ),
  ],
  [/digits, underscore and blank$/, fc.stringMatching(/^[A-Za-z0-9_ ]{0,5}[A-Za-z0-9_][A-Za-z0-9_ ]{0,5}$/)],
  [/blanks inside only$/, fc.stringMatching(/^[A-Za-z0-9._-]([A-Za-z0-9._ -]{0,8}[A-Za-z0-9._-])?$/)],
  [/^a key <tenant ID>/, fc.stringMatching(/^[0-9]{1,4}:[A-Za-z0-9._-]{1,8}$/)],
  [/^a user data key/, fc.stringMatching(/^[A-Za-z]([A-Za-z0-9_. -]{0,8}[A-Za-z0-9])?$/)],
  [/^an address such as/, fc.webUrl({ validSchemes: ['http', 'https'] })],
  [/^a host name or/, host],
  [/^the path of/, fc.stringMatching(/^[A-Za-z0-9_:\\/ .-]{0,12}[A-Za-z0-9]$/)],
  [/^a name of letters/, fc.stringMatching(/^[A-Za-z0-9_.-][A-Za-z0-9 _.-]{0,12}$/)],
  [/^a keyspace name/, fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,12}$/)],
  [/^any text/, text],
];

export function arbitraryRaw(option: Option): fc.Arbitrary<RawValue> {
  const words = option.kind.valid.replace(EMPTY, '');
  const filled = arbitraryOf(words);
  return EMPTY.test(option.kind.valid) ? fc.oneof(fc.constant(''), filled) : filled;
}

function arbitraryOf(words: string): fc.Arbitrary<RawValue> {
  const range = /^an integer from (-?\d+) to (\d+)/.exec(words);
  if (range !== null) {
    const numbers = fc.integer({ min: Number(range[1]), max: Number(range[2]) });
    return fc.oneof(numbers, numbers.map(String));
  }
  const choice = /^(?:one of|exactly) (.*)$/.exec(words)?.[1];
  if (choice !== undefined) return fc.constantFrom(...choice.split(', '));
  const found = BY_WORDS.find(([pattern]) => pattern.test(words));
  if (found === undefined) throw new Error(`no generator for ${words}`);
  return found[1];
}
