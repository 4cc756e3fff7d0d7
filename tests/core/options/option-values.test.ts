/** Every option by itself: a valid value, none, and a wrong one, under both fidelities. */
import { describe, expect, it } from 'vitest';
import type { Fidelity, GivenOptions } from '#core/options/given-options.ts';
import { OPTIONS } from '#core/options/option-table.ts';
import { resolveOptions } from '#core/options/resolve-options.ts';
import type { ResolvedOptions } from '#core/options/resolved-options.ts';
import type { RawValue } from '#core/options/value-kind.ts';
import { GUIDE_OPTIONS, type GuideOption } from './guide-options.ts';

const FIDELITIES = ['improved', 'faithful'] as const;

/** What else has to be given so that the option's valid value stands alone rightly. */
const COMPANIONS: Readonly<Record<string, GivenOptions>> = {
  'security/auth-scheme': { security: { 'user-id': 'user1', password: 'password1' } },
  'gwe:security/auth-scheme': { 'gwe:security': { 'user-id': 'user1', password: 'password1' } },
  'endpoints:1/webme': { 'service:wes': { 'wes.connector.chatServer.queueWebengagement': 'Chat In' } },
};

function sectionOf(guide: GuideOption): string {
  if (guide.section === 'endpoints:<tenantID>') return 'endpoints:1';
  const shared = ['log', 'settings', 'webengagement'].includes(guide.section);
  return shared ? `${guide.application}.${guide.section}` : guide.section;
}

function give(guide: GuideOption, value: RawValue): GivenOptions {
  const section = sectionOf(guide);
  const companions = COMPANIONS[`${section}/${guide.name}`] ?? {};
  return { ...companions, [section]: { ...companions[section], [guide.name]: value } };
}

function optionOf(guide: GuideOption) {
  const found = OPTIONS.find(
    (one) => one.application === guide.application && one.section === guide.section && one.name === guide.name,
  );
  if (found === undefined) throw new Error(`no ${guide.name}`);
  return found;
}

function resolve(given: GivenOptions, fidelity: Fidelity): ResolvedOptions {
  const resolved = resolveOptions(given, { fidelity });
  if (!resolved.ok)
    throw new Error(resolved.problems.map((one) => `${one.section}/${one.name}: ${one.message}`).join('\n'));
  return resolved.value;
}

/** Absent it would be a note of its own. */
const COPYING_GIVEN: GivenOptions = { 'service:wes': { 'wes.connector.interaction.copyUserData': 'all' } };

const CASES = FIDELITIES.flatMap((fidelity) => GUIDE_OPTIONS.map((guide) => ({ ...guide, fidelity, guide })));
const REPLACED = CASES.filter(
  ({ guide, fidelity }) => fidelity === 'faithful' && optionOf(guide).ifInvalid.original === 'replaces',
);
const REFUSED = CASES.filter((one) => !REPLACED.includes(one));

describe.each(CASES)('$application [$section] $name, $fidelity', ({ guide, fidelity }) => {
  const option = optionOf(guide);
  const path = `${sectionOf(guide)}/${guide.name}`;

  it('takes a value that the guide calls valid', () => {
    const entry = resolve(give(guide, guide.valid), fidelity).entry(path);
    const expected = option.kind.read(guide.valid);
    expect(expected.ok).toBe(true);
    expect(entry.value).toEqual(expected.ok ? expected.value : undefined);
    expect(entry.origin).toEqual({ from: 'given', section: sectionOf(guide), name: guide.name });
  });

  it('holds its default when it is absent, or what the original takes then', () => {
    const entry = resolve({}, fidelity).entry(path);
    const original = fidelity === 'faithful' ? option.absentInOriginal : undefined;
    const expected = option.kind.read(original ?? option.default);
    expect(entry.value).toEqual(expected.ok ? expected.value : undefined);
    expect(entry.origin).toEqual({ from: original === undefined ? 'default' : 'original' });
  });
});

describe.each(REPLACED)('$application [$section] $name, $fidelity', ({ guide, fidelity }) => {
  const option = optionOf(guide);
  const path = `${sectionOf(guide)}/${guide.name}`;

  it('takes what the original takes for a wrong value', () => {
    const { raw, origin } = resolve(give(guide, guide.invalid), fidelity).entry(path);
    expect({ raw, origin }).toEqual({
      raw: option.ifInvalid.original === 'replaces' ? option.ifInvalid.value : undefined,
      origin: { from: 'original' },
    });
  });
});

describe.each(REFUSED)('$application [$section] $name, $fidelity', ({ guide, fidelity }) => {
  const option = optionOf(guide);

  it('refuses a wrong value with its range and what the original does', () => {
    const resolved = resolveOptions(give(guide, guide.invalid), { fidelity });
    const problem = resolved.ok ? undefined : resolved.problems[0];
    expect(problem).toMatchObject({ section: sectionOf(guide), name: guide.name });
    const shown = typeof guide.invalid === 'string' ? JSON.stringify(guide.invalid) : String(guide.invalid);
    const hidden = 'a value that is not shown';
    expect(problem?.message).toContain(`expected ${option.kind.valid}, got ${option.kind.secret ? hidden : shown}`);
    expect(problem?.message).toMatch(
      option.ifInvalid.original === 'replaces'
        ? /; the original silently takes /
        : /; the guide does not say what the original does/,
    );
  });
});

describe('what the guide says about particular values', () => {
  it('names four options whose wrong value the original replaces: expire on both servers, and two of service:wes', () => {
    expect(REPLACED.map(({ application, name }) => `${application} ${name}`)).toEqual([
      'backend expire',
      'frontend expire',
      'backend wes.connector.chatServer.identifyCreateContact',
      'backend wes.connector.chatServer.requestTimeout',
    ]);
  });

  it.each([
    ['log/expire', 1001],
    ['log/expire', 0],
    ['log/expire', '101 day'],
    ['log/expire', 'soon'],
  ])('faithful resets %s = %s to 10 files and says so', (_path, value) => {
    const options = resolve({ ...COPYING_GIVEN, log: { expire: value } }, 'faithful');
    expect(options.get('backend.log/expire')).toEqual({ by: 'files', files: 10 });
    expect(options.get('frontend.log/expire')).toEqual({ by: 'files', files: 10 });
    expect(options.notes.filter((note) => note.kind === 'faithful').map((note) => note.path)).toEqual([
      'backend.log/expire',
      'frontend.log/expire',
    ]);
  });

  it.each([
    ['log.expire files', { log: { expire: 1000 } }, 'backend.log/expire', { by: 'files', files: 1000 }],
    ['log.expire "5 file"', { log: { expire: '5 file' } }, 'backend.log/expire', { by: 'files', files: 5 }],
    ['log.expire days', { log: { expire: '100 day' } }, 'backend.log/expire', { by: 'days', days: 100 }],
    ['log.expire false', { log: { expire: false } }, 'backend.log/expire', { by: 'nothing' }],
    ['log.segment bare', { log: { segment: 100 } }, 'backend.log/segment', { by: 'size', kilobytes: 100 }],
    ['log.segment KB', { log: { segment: '100 KB' } }, 'backend.log/segment', { by: 'size', kilobytes: 100 }],
    ['log.segment MB', { log: { segment: '2 MB' } }, 'backend.log/segment', { by: 'size', kilobytes: 2048 }],
    ['log.segment hr', { log: { segment: '1 hr' } }, 'backend.log/segment', { by: 'time', hours: 1 }],
    ['log.segment false', { log: { segment: 'false' } }, 'backend.log/segment', { by: 'nothing' }],
    [
      'log.all with a file',
      { log: { all: 'stdout, logfile' } },
      'backend.log/all',
      [{ to: 'stdout' }, { to: 'file', name: 'logfile' }],
    ],
  ] as const)('reads %s', (_what, given, path, expected) => {
    expect(resolve(given, 'improved').get(path)).toEqual(expected);
  });

  it.each([0, 4, 'three', ''])('identifyCreateContact = %j falls back to 3 under faithful alone', (value) => {
    const given = { 'service:wes': { 'wes.connector.chatServer.identifyCreateContact': value } };
    expect(resolve(given, 'faithful').get('service:wes/wes.connector.chatServer.identifyCreateContact')).toBe(3);
    expect(resolveOptions(given, { fidelity: 'improved' }).ok).toBe(false);
  });

  it('requestTimeout out of range falls back to 5 under faithful alone', () => {
    const given = { 'service:wes': { 'wes.connector.chatServer.requestTimeout': 11 } };
    expect(resolve(given, 'faithful').get('service:wes/wes.connector.chatServer.requestTimeout')).toBe(5);
    expect(resolveOptions(given, { fidelity: 'improved' }).ok).toBe(false);
  });

  it('copyUserData: absent copies the default, under faithful nothing; all, no, keys and empty are told apart', () => {
    const path = 'service:wes/wes.connector.interaction.copyUserData';
    const copying = (value: string) =>
      resolve({ 'service:wes': { 'wes.connector.interaction.copyUserData': value } }, 'improved').get(path);
    expect(resolve({}, 'improved').get(path)).toEqual({ mode: 'keys', keys: ['rule', 'attempt_number'] });
    expect(resolve({}, 'faithful').get(path)).toEqual({ mode: 'none' });
    expect(copying('all')).toEqual({ mode: 'all' });
    expect(copying('no')).toEqual({ mode: 'none' });
    expect(copying('')).toEqual({ mode: 'none' });
    expect(copying('  ')).toEqual({ mode: 'none' });
    expect(copying('rule; attempt_number')).toEqual({ mode: 'keys', keys: ['rule', ' attempt_number'] });
  });

  it('keeps the blanks of group names: "My Group 1; My Group 2" is another set than "My Group 1;My Group 2"', () => {
    const groups = (value: string) =>
      resolve({ 'service:pacing': { 'pacing.connector.chatGroup': value } }, 'improved').get(
        'service:pacing/pacing.connector.chatGroup',
      );
    expect(groups('My Group 1; My Group 2')).toEqual(['My Group 1', ' My Group 2']);
    expect(groups('My Group 1;My Group 2')).toEqual(['My Group 1', 'My Group 2']);
    expect(groups(' My Group 1;My Group 2 ')).toEqual([' My Group 1', 'My Group 2 ']);
  });

  it.each([
    ['service:pacing', 'pacing.connector.optimizationTarget', 'ABANDONEMENT_RATE', 'ABANDONMENT_RATE'],
    ['service:pacing', 'pacing.connector.optimizationTarget', 'ABANDONMENT_RATE', 'ABANDONMENT_RATE'],
    ['service:wmsg', 'wmsg.connector.defaultEngagementChannel', 'proactiveVoice', 'proactiveCallback'],
    ['service:wmsg', 'wmsg.connector.defaultEngagementChannel', 'proactiveCallback', 'proactiveCallback'],
    ['service:wmsg', 'wmsg.connector.defaultEngagementChannel', '', null],
    ['security', 'trusted-ca-type', 'MSCAP', 'MSCAPI'],
    ['security', 'trusted-ca-type', '', null],
  ])('[%s] %s = %j is %j, with a note where a slip was read', (section, name, given, expected) => {
    const options = resolve({ [section]: { [name]: given } }, 'improved');
    expect(options.entry(`${section}/${name}`).value).toBe(expected);
    const spelled = options.notes.some((note) => note.kind === 'spelling');
    expect(spelled).toBe(given !== '' && given !== expected);
  });

  it('no TLS when trusted-ca-type is absent, whatever default the reference prints', () => {
    for (const fidelity of FIDELITIES) expect(resolve({}, fidelity).get('security/trusted-ca-type')).toBeNull();
  });

  it('an entity without a retention of its own is kept as long as all', () => {
    const options = resolve(
      { 'service:wmdb': { 'wmdb.retention.entity.page': 2, 'wmdb.retention.entity.all': 9 } },
      'improved',
    );
    expect(options.get('service:wmdb/wmdb.retention.entity.page')).toBe(2);
    expect(options.get('service:wmdb/wmdb.retention.entity.event')).toBe(9);
    expect(options.get('service:wmdb/wmdb.retention.entity.identity')).toBe(9);
  });

  it('refuses a number where text is expected: the file’s reader has already changed it', () => {
    const resolved = resolveOptions({ security: { 'user-id': 7 } }, { fidelity: 'improved' });
    expect(resolved.ok).toBe(false);
    expect(resolved.ok ? '' : resolved.problems[0]?.message).toContain('put it in quotes');
  });
});
