/** What a journal holds beside events and effects: all that its machine is made from, but no secret. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { maskSecrets } from '#core/options/mask-secrets.ts';
import { resolveOptions } from '#core/options/resolve-options.ts';
import { openJournal } from '#node/open-journal.ts';
import { scenarioOf } from '#tests/testbed/scenario-of.ts';

const OPTIONS = {
  'backend.security': { 'auth-scheme': 'basic', 'user-id': 'desk', password: 'never-shown' },
  'gwe:security': { password: 'never-shown-2', 'user-id': 'desk' },
  'service:wmdb': { 'wmdb.limitIndexing': false },
};

it('a journal does not hold the passwords of its node, wherever they are given', () => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const law = { anchorMonoMs: 0, anchorDomainMs: 0, speed: 1, fromMonoMs: 0 };
  const journal = openJournal({
    role: 'backend',
    name: 'backend-1',
    incarnation: 1,
    host: '127.0.0.1',
    port: 0,
    secret: 'the-secret-of-this-run',
    folder,
    journal: true,
    law,
    scenario: scenarioOf({ options: OPTIONS }),
    store: 'memory',
    peers: { store: null, contactCenter: null, backends: [], frontends: [], balancer: null },
    allowedOrigins: [],
  });
  journal?.close();
  const text = readFileSync(join(folder, 'backend-1~1.ndjson'), 'utf8');
  expect(text).toContain('"user-id":"desk"');
  expect(text).toContain('"wmdb.limitIndexing":false');
  expect(text).not.toMatch(/never-shown|the-secret/);
});

it('masked options are still valid ones', () => {
  const given = { security: { 'auth-scheme': 'basic', 'user-id': 'desk', password: 'x', 'trusted-ca-pwd': '' } };
  const masked = maskSecrets(given);
  expect(masked).toEqual({ security: { ...given.security, password: '(not shown)' } });
  expect(resolveOptions(masked, { fidelity: 'improved' }).ok).toBe(true);
});
