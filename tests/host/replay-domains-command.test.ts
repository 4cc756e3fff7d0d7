/** `engage replay --domain-separation`: each package over the events of its own domain. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, expect, test, vi } from 'vitest';
import { addReplayCommand } from '#host/commands/replay-command.ts';
import { createFolder, formatLogLine, formatRecord, writeRecording } from '#tests/testbed/replay/recordings.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

function writeRules(name: string): string {
  const file = join(createFolder(), 'rules.yaml');
  const rule = `  - { name: Any page of ${name}, when: { singleton: { event: PageEntered } }, then: [{ hotLead: {} }] }`;
  writeFileSync(file, `version: 1\npackage: ${name}\npackageVersion: "1"\nrules:\n${rule}\n`);
  return file;
}

async function replay(...words: readonly string[]): Promise<unknown> {
  const out: string[] = [];
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => out.push(String(chunk)) > 0);
  const program = new Command('engage').exitOverride();
  addReplayCommand(program);
  await program.parseAsync(['replay', ...words, '--json'], { from: 'user' });
  return JSON.parse(out.join(''));
}

test('counts the hot leads of each package where its domain has the page, and without it at every page', async () => {
  const log = writeRecording([
    formatRecord({ eventID: 'e1', at: 1, url: 'https://genesys.com/a' }),
    formatRecord({ eventID: 'e2', at: 2, url: 'https://blog.genesys.com/b' }),
  ]);
  const rules = ['--rules', writeRules('com.genesys'), writeRules('com.genesys.blog')];
  expect(await replay(log, ...rules)).toMatchObject({ rules: [{ hotLeads: 2 }, { hotLeads: 2 }] });
  expect(await replay(log, ...rules, '--domain-separation')).toMatchObject({
    rules: [{ hotLeads: 2 }, { hotLeads: 1 }],
  });
});

test('refuses packages that no domain names, and a log whose pages have no domain', async () => {
  const events = writeRecording([formatRecord({ eventID: 'e1', at: 1 })]);
  await expect(replay(events, '--rules', writeRules('shop'), '--domain-separation')).rejects.toThrow(
    'nothing was replayed: expected a reversed domain such as com.example.shop, as cep.domainSeparation is on, got "shop"',
  );
  const log = writeRecording([formatLogLine({})]);
  const words = [log, '--rules', writeRules('com.genesys'), '--domain-separation'];
  await expect(replay(...words)).rejects.toThrow('to separate domains, say whose they are');
  expect(await replay(...words, '--base-url', 'https://www.genesys.com')).toMatchObject({ rules: [{ hotLeads: 1 }] });
});
