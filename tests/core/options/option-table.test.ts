/**
 * That the table has what the guide has: every option once, with its printed default and when a change takes effect.
 */
import { describe, expect, it } from 'vitest';
import { OPTIONS, SECTION_APPLICATIONS, sectionPath } from '#core/options/option-table.ts';
import { GUIDE_OPTIONS, type GuideOption } from './guide-options.ts';

interface Place {
  readonly application: string;
  readonly section: string;
  readonly name: string;
}

function nameOf(place: Place): string {
  return `${place.application} [${place.section}] ${place.name}`;
}

/** What of the guide is not in the table exactly once, and what of the table is not in the guide. */
function compare(guide: readonly Place[], table: readonly Place[]): readonly string[] {
  const inGuide = guide.map(nameOf);
  const inTable = table.map(nameOf);
  return [
    ...inGuide.filter((one) => !inTable.includes(one)).map((one) => `missing: ${one}`),
    ...inTable.filter((one) => !inGuide.includes(one)).map((one) => `not in the guide: ${one}`),
    ...inTable.filter((one, at) => inTable.indexOf(one) < at).map((one) => `twice: ${one}`),
    ...inGuide.filter((one, at) => inGuide.indexOf(one) < at).map((one) => `twice in the guide's list: ${one}`),
  ];
}

function optionOf(guide: GuideOption) {
  const found = OPTIONS.find((option) => nameOf(option) === nameOf(guide));
  if (found === undefined) throw new Error(`no ${nameOf(guide)}`);
  return found;
}

describe('the option table', () => {
  it('has every option that the guide names exactly once, and no other', () => {
    expect(compare(GUIDE_OPTIONS, OPTIONS)).toEqual([]);
    expect(OPTIONS.length).toBe(88);
  });

  it('would be found to lack an option, to have one too many, and to have one twice (negative control)', () => {
    const [first, ...rest] = OPTIONS;
    if (first === undefined) throw new Error('the table is empty');
    expect(compare(GUIDE_OPTIONS, rest)).toEqual([`missing: ${nameOf(first)}`]);
    expect(compare(GUIDE_OPTIONS, [...OPTIONS, { ...first, name: 'al' }])).toEqual([
      'not in the guide: backend [log] al',
    ]);
    expect(compare(GUIDE_OPTIONS, [...OPTIONS, first])).toEqual([`twice: ${nameOf(first)}`]);
  });

  it.each(GUIDE_OPTIONS)('prints the guide’s default of $application [$section] $name: $printedDefault', (guide) => {
    expect(optionOf(guide).guideDefault).toBe(guide.printedDefault);
  });

  it.each(GUIDE_OPTIONS)('says when a change of $application [$section] $name takes effect', (guide) => {
    const option = optionOf(guide);
    expect(option.takesEffectIsOurs === true ? null : option.takesEffect).toBe(guide.takesEffect);
  });

  it.each(OPTIONS)('has a valid default for $path, and words for everything', (option) => {
    const ownValues = [
      option.default,
      option.absentInOriginal ?? option.default,
      option.ifInvalid.original === 'replaces' ? option.ifInvalid.value : option.default,
    ];
    expect(ownValues.filter((value) => !option.kind.read(value).ok)).toEqual([]);
    for (const words of [option.about, option.ifAbsent, option.kind.valid, option.guide]) {
      expect(words).not.toBe('');
      expect(words.endsWith('.')).toBe(false);
    }
    expect(option.guide).toMatch(/^L\d+(, L\d+)*$/);
  });

  it('differs from the printed defaults only where it says why, or where the guide prints no value', () => {
    const noValues = ['""', '', 'N/A', 'No default value', 'The value of the wmdb.retention.entity.all option.'];
    const differing = OPTIONS.filter((option) => {
      if (option.guideDefault === null || noValues.includes(option.guideDefault)) return false;
      const printed = option.kind.read(option.guideDefault);
      const ours = option.kind.read(option.default);
      return JSON.stringify(printed.ok && printed.value) !== JSON.stringify(ours.ok && ours.value);
    });
    expect(differing.map((option) => option.name)).toEqual([
      'wes.connector.chatServer.queueWebengagement',
      'trusted-ca-type',
      'wmdb.cassandra.cluster.dataDirectory',
      'wmdb.cassandra.cluster.commitLogDirectory',
      'wmdb.cassandra.cluster.savedCachesDirectory',
    ]);
    expect(differing.every((option) => option.defaultDiffers !== undefined)).toBe(true);
  });

  it('gives every section to the applications that have options in it', () => {
    for (const [section, applications] of Object.entries(SECTION_APPLICATIONS)) {
      const having = new Set(
        OPTIONS.filter((option) => option.section === section).map((option) => option.application),
      );
      expect([...having].sort()).toEqual([...applications].sort());
    }
    expect(sectionPath('frontend', 'log')).toBe('frontend.log');
    expect(sectionPath('backend', 'service:wmsg')).toBe('service:wmsg');
  });
});
