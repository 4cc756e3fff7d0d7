/** The guide map against the guide's table of contents and the repository: no chapter forgotten, no path that is not there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from './project-files.ts';

/** The guide's table of contents, as printed; the guide itself is not in the repository. */
const CHAPTERS = [
  'Genesys Web Engagement Deployment Guide',
  'What is Genesys Web Engagement?',
  'Multi-Tenancy',
  'Deployment Scenarios',
  'Prerequisites',
  'Sizing Information',
  'Installing the Genesys Web Engagement Servers',
  'Configuring Genesys Rules System',
  'Configuring Cassandra',
  'Automatic Provisioning',
  'Tuning Your JVM',
  'Installing the Plug-in for Interaction Workspace',
  'Installing the Plug-in for Genesys Administrator Extension',
  'Security',
  'Secure Sockets Layer (SSL)',
  'Transport Layer Security (TLS)',
  'Authentication',
  'Features',
  'Pacing Algorithm',
  'Chat Channel',
  'Web Callback Channel',
  'UTF8',
  'Deploying and Configuring the Genesys Web Engagement Cluster',
  'Load Balancing',
  'Configuration Options',
  'Backend Server log Section',
  'Backend Server service:wes Section',
  'Backend Server service:wmsg Section',
  'Backend Server service:wmdb Section',
  'Backend Server service:pacing Section',
  'Backend Server settings Section',
  'Backend Server security Section',
  'Frontend Server log Section',
  'Frontend Server settings Section',
  'Frontend Server service:cep Section',
] as const;

/** Headings below the chapters in the guide; a row less is a heading forgotten. */
const HEADINGS = 203;

const ROW = /^\| (?<heading>[^|]+) \| L(?<line>\d+) \| (?<status>here|part|planned|not ours) \| (?<where>.+) \|$/;
const PATH = /`((?:main|renderer|servers|scenarios|tests|docs)\/[^`]*)`/g;

interface Row {
  readonly heading: string;
  readonly line: number;
  readonly status: string;
  readonly where: string;
}

function readRows(map: string): readonly Row[] {
  return map.split('\n').flatMap((text) => {
    const { heading = '', line = '', status = '', where = '' } = ROW.exec(text)?.groups ?? {};
    return heading === '' ? [] : [{ heading, line: Number(line), status, where }];
  });
}

/** The topics that planned work comes with: the words in italics of the map's introduction. */
function readTopics(map: string): readonly string[] {
  const start = map.indexOf('What is planned comes with one of');
  const paragraph = map.slice(start, map.indexOf('\n\n', start));
  return [...paragraph.matchAll(/\*([a-z ]+)\*/g)].map(([, topic = '']) => topic);
}

function findFaults(map: string, exists: (path: string) => boolean): readonly string[] {
  const rows = readRows(map);
  const topics = readTopics(map);
  const tableLines = map.split('\n').filter((line) => line.startsWith('| ') && !/^\| (heading|---) /.test(line));
  const chapters = map.split('\n').flatMap((line) => (line.startsWith('## ') ? [line.slice(3)] : []));
  return [
    ...CHAPTERS.filter((chapter) => !chapters.includes(chapter)).map((chapter) => `no chapter "${chapter}"`),
    ...tableLines.filter((line) => !ROW.test(line)).map((line) => `not a row: ${line}`),
    ...rows.filter((row, index) => row.line <= (rows[index - 1]?.line ?? 0)).map((row) => `out of order: L${row.line}`),
    ...rows.flatMap(({ heading, status, where }) => {
      const paths = [...where.matchAll(PATH)].map(([, path = '']) => path);
      const missing = paths.filter((path) => !exists(path)).map((path) => `${heading}: ${path} is not there`);
      const mustName = status === 'here' || status === 'part';
      const mustPlan = status === 'planned' || status === 'part';
      return [
        ...missing,
        ...(mustName && paths.length === 0 && !where.includes('README') ? [`${heading}: ${status}, but no path`] : []),
        ...(mustPlan && !topics.some((topic) => where.includes(topic)) ? [`${heading}: planned with nothing`] : []),
      ];
    }),
  ];
}

describe('the guide map', () => {
  const map = readFileSync(join(PROJECT_ROOT, 'docs/guide-map.md'), 'utf8');
  const exists = (path: string): boolean => existsSync(join(PROJECT_ROOT, path));

  it('has every chapter and heading of the guide, in its order, each with a path that is there, a plan or a reason', () => {
    expect(findFaults(map, exists)).toEqual([]);
    expect(readRows(map)).toHaveLength(HEADINGS);
    expect(readTopics(map)).toHaveLength(7);
  });

  it.each([
    ['a chapter left out', map.replace('## Tuning Your JVM', '## Tuning'), 'no chapter "Tuning Your JVM"'],
    ['a path that is not there', map.replaceAll('sizing/disk.ts', 'sizing/disc.ts'), 'disc.ts is not there'],
    ['a status that is none', map.replace('| L464 | here |', '| L464 | done |'), 'not a row: | Disk Space Usage'],
    ['a row out of order', map.replace('| L464 |', '| L46 |'), 'out of order: L46'],
    ['a plan with nothing', map.replace('| planned | agent desk |', '| planned | some day |'), 'planned with nothing'],
    ['done without a path', map.replace('`servers/core/sizing/disk.ts`', 'somewhere'), 'here, but no path'],
  ])('would be caught with %s', (_, broken, fault) => {
    expect(broken).not.toBe(map);
    expect(findFaults(broken, exists).join('\n')).toContain(fault);
  });
});
