/** `engage config set`: what is written, and what is refused with nothing written. */
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXPIRATION, runConfig, useInstallation, type Outcome } from './config-run.ts';

const at = useInstallation();

function set(path: string, value: string): Outcome {
  return runConfig('set', path, value, '--file', at.file);
}

describe('set', () => {
  it('makes the file where there is none, readable by its owner alone', () => {
    expect(set(EXPIRATION, '45')).toMatchObject({
      exit: 0,
      out: `${EXPIRATION} is 45 in ${at.file} (new); takes effect immediately\n`,
    });
    expect(readFileSync(at.file, 'utf8')).toBe(
      'version: 1\noptions:\n  service:wmsg:\n    wmsg.connector.engagementExpirationTime: 45\n',
    );
    expect(statSync(at.file).mode & 0o777).toBe(0o600);
    expect(readdirSync(at.folder)).toEqual(['engage.yaml']);
  });

  it('keeps comments and order, and the permissions of the file', () => {
    const text =
      '# ours\noptions:\n  service:wmsg:\n    # short\n    wmsg.connector.engagementExpirationTime: 20   # s\nfidelity: improved\n';
    at.give(text);
    chmodSync(at.file, 0o640);
    set(EXPIRATION, '45');
    expect(readFileSync(at.file, 'utf8')).toBe(text.replace('20', '45'));
    expect(statSync(at.file).mode & 0o777).toBe(0o640);
  });

  it('writes through a link', () => {
    const target = join(at.folder, 'real.yaml');
    writeFileSync(target, 'version: 1\n');
    symlinkSync(target, at.file);
    set(EXPIRATION, '45');
    expect(readFileSync(target, 'utf8')).toContain('45');
    expect(readdirSync(at.folder).toSorted()).toEqual(['engage.yaml', 'real.yaml']);
  });

  it.each([
    [EXPIRATION, '61', 'expected an integer from 10 to 60, in seconds, got "61"; the guide does not say'],
    ['log/expire', '5000', 'got "5000"; the original silently takes 10 (files)'],
    ['security/auth-scheme', 'basic', 'auth-scheme basic needs a user-id: give security/user-id'],
    ['service:wes/wes.connector.chatServer.queueKey', '9:other', 'the end point 9:other does not exist'],
  ])('refuses %s = %s and writes nothing', (path, value, message) => {
    for (const fidelity of ['improved', 'faithful']) {
      const text = `fidelity: ${fidelity}\n`;
      at.give(text);
      const { exit, problems } = set(path, value);
      expect(exit).toBe(2);
      expect(problems[0]).toContain(`${at.file} ${path}: `);
      expect(problems[0]).toContain(message);
      expect(readFileSync(at.file, 'utf8')).toBe(text);
    }
  });

  it('does not make a file for a wrong value', () => {
    expect(set(EXPIRATION, '61').exit).toBe(2);
    expect(readdirSync(at.folder)).toEqual([]);
  });

  it('refuses a file that is no YAML or has a wrong form, and leaves it alone', () => {
    at.give('options: [\n');
    expect(set(EXPIRATION, '45').exit).toBe(2);
    at.give('optoins: {}\n');
    expect(set(EXPIRATION, '45').problems).toEqual([expect.stringContaining(`${at.file}:1:1 optoins: unknown key`)]);
    expect(readFileSync(at.file, 'utf8')).toBe('optoins: {}\n');
  });

  it('mends a file option by option, and says what is still wrong', () => {
    at.give('options: { log: { verbose: loud, time_convert: UTC } }\n');
    const first = set('log/verbose', 'debug');
    expect(first.exit).toBe(0);
    expect(first.err).toContain(`still wrong: ${at.file} log/time_convert: expected one of local, utc`);
    expect(set('log/time_convert', 'utc').err).not.toContain('still wrong');
    expect(runConfig('check', at.file).exit).toBe(0);
  });

  it('writes the value itself for another spelling, and a shared section for both servers', () => {
    set('service:pacing/pacing.connector.optimizationTarget', 'ABANDONEMENT_RATE');
    set('log/verbose', 'debug');
    set('frontend.log/verbose', 'none');
    expect(readFileSync(at.file, 'utf8')).toBe(
      'version: 1\noptions:\n  service:pacing:\n    pacing.connector.optimizationTarget: ABANDONMENT_RATE\n' +
        '  log:\n    verbose: debug\n  frontend.log:\n    verbose: none\n',
    );
    expect(set('log/verbose', 'trace').err).toContain(
      `frontend.log/verbose keeps the value that ${at.file} gives for it alone`,
    );
  });

  it('takes an option where its section stands under the other spelling', () => {
    at.give('options: { backend.service:wmsg: { wmsg.connector.engagementExpirationTime: 20 } }\n');
    set(EXPIRATION, '45');
    expect(readFileSync(at.file, 'utf8')).toBe(
      'options: { backend.service:wmsg: { wmsg.connector.engagementExpirationTime: 45 } }\n',
    );
  });

  it('does not show a password, and says that it stands there in plain text', () => {
    const { out, err } = set('security/password', 'hush');
    expect(out).toContain('security/password is a value that is not shown');
    expect(err).toContain(`${at.file} holds it in plain text`);
    expect(out + err).not.toContain('hush');
  });

  it('says why a file can’t be written, and leaves nothing behind', () => {
    at.file = join(at.folder, 'nowhere', 'engage.yaml');
    expect(set(EXPIRATION, '45')).toMatchObject({
      exit: 2,
      err: `${at.file} can't be written: its folder does not exist`,
    });
    at.file = at.folder;
    expect(set(EXPIRATION, '45')).toMatchObject({ exit: 4, err: `${at.file} can't be read: it is a folder` });
    expect(readdirSync(at.folder)).toEqual([]);
  });
});
