/** A node's log: JSON lines with who wrote them, no secret in them, as much as the option asks for. */
import { describe, expect, test } from 'vitest';
import { loadScenario } from '#testbed/load-scenario.ts';
import { createNodeLog, logLevelOf } from '#node/node-log.ts';

const IDENTITY = { name: 'backend-1', role: 'backend', incarnation: 2 } as const;

describe("a node's log", () => {
  test('says who, when and how grave in one line', () => {
    const lines: string[] = [];
    createNodeLog(IDENTITY, 'info', { write: (line) => void lines.push(line) }).warn({ peer: 'store' }, 'lost');
    expect(lines).toHaveLength(1);
    const line = JSON.parse(lines[0] ?? '');
    expect(line).toMatchObject({
      level: 'warn',
      node: 'backend-1',
      role: 'backend',
      incarnation: 2,
      peer: 'store',
      msg: 'lost',
    });
    expect(new Date(line.time).toISOString()).toBe(line.time);
  });

  test('blacks out secrets wherever requests and configurations carry them', () => {
    const lines: string[] = [];
    const log = createNodeLog(IDENTITY, 'info', { write: (line) => void lines.push(line) });
    log.info({ secret: 'S3CRET', config: { secret: 'S3CRET', name: 'x' } });
    log.info({
      request: { headers: { authorization: 'Bearer S3CRET', cookie: 'S3CRET' } },
      headers: { cookie: 'S3CRET' },
    });
    log.info({ password: 'S3CRET', ext: { authentication: { token: 'S3CRET' } } });
    expect(lines.join('')).not.toContain('S3CRET');
    expect(lines[0]).toContain('"name":"x"');
  });

  test('is silent where the option says none', () => {
    const lines: string[] = [];
    createNodeLog(IDENTITY, 'silent', { write: (line) => void lines.push(line) }).error('lost');
    expect(lines).toEqual([]);
  });
});

describe('the level of a log', () => {
  const loaded = loadScenario('scenarios/guide-example.yaml');
  if (!loaded.ok) throw new Error('the scenario of the guide is valid');
  const scenario = loaded.value;

  test("is the option's default where nothing is said", () => {
    expect([logLevelOf(scenario, 'frontend'), logLevelOf(scenario, 'store')]).toEqual(['info', 'info']);
  });

  test("is the Frontend's own, and the Backend's for all others", () => {
    const given = { ...scenario, options: { 'backend.log': { verbose: 'all' }, 'frontend.log': { verbose: 'none' } } };
    expect([logLevelOf(given, 'frontend'), logLevelOf(given, 'contactCenter')]).toEqual(['silent', 'trace']);
  });
});
