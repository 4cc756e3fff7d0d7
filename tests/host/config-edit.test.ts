/** Writing one option into engage.yaml: what is written, and that everything else stays. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPTIONS } from '#core/options/option-table.ts';
import { canonicalSection } from '#core/options/option-place.ts';
import { editOption, type OptionEdit } from '#protocol/engage-config-edit.ts';
import { parseEngageConfig } from '#protocol/engage-config.ts';
import { arbitraryRaw } from '#tests/core/options/arbitrary-raw.ts';

const EXPIRATION = 'wmsg.connector.engagementExpirationTime';
const EDIT: OptionEdit = { sections: ['service:wmsg', 'backend.service:wmsg'], name: EXPIRATION, value: 45 };

const COMMENTED = `# our shop

version: 1   # the format
fidelity: faithful


options:
  # pacing is tuned in May
  service:pacing: { pacing.connector.optimizationGoal: 5, "pacing.connector.refreshPeriod": 2 }   # in one line
  service:wmsg:
    # not too long
    ${EXPIRATION}: "20"     # seconds

    wmsg.connector.phoneNumber: 'Mobile'
  log:
      verbose:  debug
# the end
`;

function edit(text: string, change: Partial<OptionEdit> = {}): string {
  const written = editOption(text, { ...EDIT, ...change });
  if (written === undefined) throw new Error('it can’t be written');
  return written;
}

function optionsIn(text: string): unknown {
  const { parsed, problems } = parseEngageConfig(text, 'engage.yaml');
  expect(problems).toEqual([]);
  return parsed?.value.options;
}

/** Lines of `before` that are not in `after`, and the other way round. */
function changedLines(
  before: string,
  after: string,
): { readonly gone: readonly string[]; readonly come: readonly string[] } {
  const was = before.split('\n');
  const is = after.split('\n');
  return { gone: was.filter((line) => !is.includes(line)), come: is.filter((line) => !was.includes(line)) };
}

describe('a value that stands in the file', () => {
  it('is replaced, and not a byte beside it', () => {
    expect(edit(COMMENTED)).toBe(COMMENTED.replace('"20"', '45'));
  });

  it('is replaced in a map of one line', () => {
    const written = edit(COMMENTED, {
      sections: ['service:pacing'],
      name: 'pacing.connector.refreshPeriod',
      value: 5,
    });
    expect(written).toBe(
      COMMENTED.replace('"pacing.connector.refreshPeriod": 2', '"pacing.connector.refreshPeriod": 5'),
    );
  });

  it('is quoted where it would be read as something else', () => {
    const user = (value: string) =>
      edit('options: { security: { user-id: x } }\n', { sections: ['security'], name: 'user-id', value });
    expect(user('007')).toBe('options: { security: { user-id: "007" } }\n');
    expect(user('a, b: c # d')).toBe('options: { security: { user-id: "a, b: c # d" } }\n');
    expect(user('true')).toContain('"true"');
    expect(user('')).toContain('""');
  });

  it('is found under the other spelling of its section', () => {
    const text = `options:\n  backend.service:wmsg:\n    ${EXPIRATION}: 20\n`;
    expect(edit(text)).toBe(text.replace('20', '45'));
  });

  it('of several lines is replaced as well', () => {
    const text = 'options:\n  security:\n    user-id: |\n      a\n      b\n    password: x # secret\n';
    const written = edit(text, { sections: ['security'], name: 'user-id', value: 'c' });
    expect(optionsIn(written)).toEqual({ security: { 'user-id': 'c', password: 'x' } });
    expect(written).toContain('# secret');
  });

  it('is left alone where others refer to it', () => {
    const text = `options:\n  service:wmsg:\n    ${EXPIRATION}: &time 20\n    wmsg.connector.registrationFormExpirationTime: *time\n`;
    expect(editOption(text, EDIT)).toBeUndefined();
  });

  it('is replaced where it refers to another', () => {
    const text = `options:\n  service:wmsg:\n    wmsg.connector.registrationFormExpirationTime: &time 20\n    ${EXPIRATION}: *time\n`;
    expect(optionsIn(edit(text))).toEqual({
      'service:wmsg': { 'wmsg.connector.registrationFormExpirationTime': 20, [EXPIRATION]: 45 },
    });
  });
});

describe('a value that is new', () => {
  it('is added at the end of its section, every other line as it was', () => {
    const written = edit(COMMENTED, { name: 'wmsg.connector.userIdentifier', value: 'CustomerID' });
    expect(changedLines(COMMENTED, written)).toEqual({
      gone: [],
      come: ['    wmsg.connector.userIdentifier: CustomerID'],
    });
    expect(written.split('\n').indexOf('    wmsg.connector.userIdentifier: CustomerID')).toBe(14);
  });

  it('takes the indentation of its section', () => {
    expect(edit(COMMENTED, { sections: ['log'], name: 'expire', value: '14 day' })).toContain(
      '      verbose:  debug\n      expire: 14 day\n# the end\n',
    );
  });

  it('brings its section with it', () => {
    const written = edit(COMMENTED, { sections: ['service:wmdb'], name: 'wmdb.limitIndexing', value: false });
    expect(written).toContain('      verbose:  debug\n  service:wmdb:\n    wmdb.limitIndexing: false\n# the end\n');
    expect(changedLines(COMMENTED, written).gone).toEqual([]);
  });

  it('is added to a section of one line, comments kept', () => {
    const written = edit(COMMENTED, {
      sections: ['service:pacing'],
      name: 'pacing.connector.chatGroup',
      value: 'A; B',
    });
    expect(optionsIn(written)).toMatchObject({
      'service:pacing': { 'pacing.connector.optimizationGoal': 5, 'pacing.connector.chatGroup': 'A; B' },
    });
    for (const comment of [
      '# our shop',
      '# the format',
      '# pacing is tuned in May',
      '# in one line',
      '# not too long',
      '# the end',
    ]) {
      expect(written).toContain(comment);
    }
  });

  it.each([
    ['a file that does not exist', '', `version: 1\noptions:\n  service:wmsg:\n    ${EXPIRATION}: 45\n`],
    ['a file of comments', '# shop\n', `# shop\n\nversion: 1\noptions:\n  service:wmsg:\n    ${EXPIRATION}: 45\n`],
    [
      'a file without options',
      'fidelity: faithful\n',
      `fidelity: faithful\noptions:\n  service:wmsg:\n    ${EXPIRATION}: 45\n`,
    ],
    ['options of nothing', 'options:\n', `options:\n  service:wmsg:\n    ${EXPIRATION}: 45\n`],
    ['options of {}', 'options: {}\n', `options:\n  service:wmsg:\n    ${EXPIRATION}: 45\n`],
    ['a section of nothing', 'options:\n  service:wmsg:\n', `options:\n  service:wmsg:\n    ${EXPIRATION}: 45\n`],
    [
      'no line break at the end',
      'options:\n  log:\n    verbose: none',
      `options:\n  log:\n    verbose: none\n  service:wmsg:\n    ${EXPIRATION}: 45\n`,
    ],
  ])('is written into %s', (_what, before, after) => {
    // A null where options stand is no problem of the edit: the command refuses such a file before.
    expect(edit(before)).toBe(after);
  });

  it('keeps the line ends of the file', () => {
    const text = 'options:\r\n  service:wmsg:\r\n    wmsg.connector.phoneNumber: Mobile\r\n';
    expect(edit(text)).toBe(`${text}    ${EXPIRATION}: 45\r\n`);
  });
});

describe('every option with every valid value', () => {
  it.each(OPTIONS)('$path comes back from the file as it was set', (option) => {
    const section = option.section === 'endpoints:<tenantID>' ? 'endpoints:1' : canonicalSection(option);
    fc.assert(
      fc.property(arbitraryRaw(option), fc.constantFrom('', COMMENTED, 'options: {}\n'), (raw, text) => {
        const reading = option.kind.read(raw);
        if (!reading.ok) throw new Error('the generator gave a wrong value');
        const written = edit(text, { sections: [section], name: option.name, value: option.kind.write(reading.value) });
        const { parsed, problems } = parseEngageConfig(written, 'engage.yaml');
        expect(problems).toEqual([]);
        const back = parsed?.value.options[section]?.[option.name];
        expect(back).toBeDefined();
        expect(option.kind.read(back ?? '')).toEqual({ ok: true, value: reading.value });
        expect(edit(written, { sections: [section], name: option.name, value: back ?? '' })).toBe(written);
      }),
      { numRuns: 20 },
    );
  });
});
