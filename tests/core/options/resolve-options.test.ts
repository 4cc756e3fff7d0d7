/**
 * What given options mean as a whole: where they are put, what is refused together, what is noted, and where problems
 * stand.
 */
import { describe, expect, it } from 'vitest';
import { checkOptions } from '#core/options/check-options.ts';
import type { Fidelity, GivenOptions } from '#core/options/given-options.ts';
import { resolveOptions } from '#core/options/resolve-options.ts';
import { describeOptionNote, type OptionNote, type ResolvedOptions } from '#core/options/resolved-options.ts';
import type { OptionReaders } from '#core/options/option-readers.ts';

function resolve(given: GivenOptions, fidelity: Fidelity = 'improved', readers?: OptionReaders): ResolvedOptions {
  const resolved = resolveOptions(given, { fidelity, ...(readers === undefined ? {} : { readers }) });
  if (!resolved.ok)
    throw new Error(resolved.problems.map((one) => `${one.section}/${one.name}: ${one.message}`).join('\n'));
  return resolved.value;
}

/** `section/name: message` of each problem. */
function refuse(given: GivenOptions, fidelity: Fidelity = 'improved'): readonly string[] {
  const resolved = resolveOptions(given, { fidelity });
  if (resolved.ok) throw new Error('nothing is refused');
  return resolved.problems.map((one) => `${one.section}${one.name === null ? '' : `/${one.name}`}: ${one.message}`);
}

function notesOf(options: ResolvedOptions, kind: OptionNote['kind']): readonly string[] {
  return options.notes.filter((note) => note.kind === kind).map(describeOptionNote);
}

const WMSG = 'service:wmsg';
const WES = 'service:wes';

describe('where an option is put', () => {
  it('a bare log section means both servers, and one for a server alone goes before it, in either order', () => {
    for (const given of [
      { log: { verbose: 'debug', time_convert: 'utc' }, 'frontend.log': { verbose: 'none' } },
      { 'frontend.log': { verbose: 'none' }, log: { verbose: 'debug', time_convert: 'utc' } },
    ]) {
      const options = resolve(given);
      expect(options.get('backend.log/verbose')).toBe('debug');
      expect(options.get('frontend.log/verbose')).toBe('none');
      expect(options.get('frontend.log/time_convert')).toBe('utc');
      expect(options.entry('frontend.log/verbose').origin).toEqual({
        from: 'given',
        section: 'frontend.log',
        name: 'verbose',
      });
    }
  });

  it('a section of one application may carry its name', () => {
    const options = resolve({ 'backend.service:wmsg': { 'wmsg.connector.phoneNumber': 'Mobile' } });
    expect(options.get('service:wmsg/wmsg.connector.phoneNumber')).toBe('Mobile');
  });

  it('settings need the application where they mean something else on each, and not where one alone has them', () => {
    expect(resolve({ settings: { 'event-mode': false } }).get('backend.settings/event-mode')).toBe(false);
    expect(refuse({ settings: { loadbalancer: 'http://x/backend' } })).toEqual([
      'settings/loadbalancer: "settings/loadbalancer" means different options: write one of ' +
        'backend.settings/loadbalancer, frontend.settings/loadbalancer, workspace.settings/loadbalancer',
    ]);
  });

  it('the same option twice is refused', () => {
    expect(
      refuse({
        [WMSG]: { 'wmsg.connector.phoneNumber': 'A' },
        'backend.service:wmsg': { 'wmsg.connector.phoneNumber': 'B' },
      }),
    ).toEqual([
      'backend.service:wmsg/wmsg.connector.phoneNumber: the option service:wmsg/wmsg.connector.phoneNumber is given twice: ' +
        'also as "service:wmsg/wmsg.connector.phoneNumber"',
    ]);
  });

  it.each([
    ['server:wes', 'x', 'unknown section "server:wes": did you mean "service:wes"? (a slip of the guide, L2340)'],
    ['service:wmgs', 'x', 'unknown section "service:wmgs": did you mean "service:wmsg"?'],
    ['fronted.log', 'all', 'unknown section "fronted.log": did you mean "frontend.log"?'],
    ['Log', 'all', 'unknown section "Log": did you mean "log"?'],
    [
      'endpoints:one',
      'webme',
      'unknown section "endpoints:one": expected the digits of a tenant ID, as in "endpoints:1"',
    ],
    ['endpoint:1', 'webme', 'unknown section "endpoint:1": did you mean "endpoints:1"?'],
    ['frontend.security', 'password', 'unknown section "frontend.security": did you mean "backend.security"?'],
  ])('an unknown section %s is refused with what was meant', (section, name, message) => {
    expect(refuse({ [section]: { [name]: 'x' } })).toEqual([`${section}: ${message}`]);
  });

  it('an unknown section is one problem, however many options stand in it', () => {
    expect(refuse({ 'server:wes': { a: 1, b: 2 } })).toHaveLength(1);
  });

  it('far from every name, the names there are are told', () => {
    expect(refuse({ zzzzzzzzzzzzzz: { a: 1 } })[0]).toContain('expected one of log, service:wes');
    expect(refuse({ 'service:cep': { zzzzzzzzzzzzzzzzzz: 1 } })[0]).toContain('it has cep.domainSeparation');
  });

  it.each([
    [WMSG, 'wmsg.connector.engagementExpirationTim', 'did you mean "wmsg.connector.engagementExpirationTime"?'],
    [WES, 'wmdb.limitIndexing', 'did you mean "service:wmdb/wmdb.limitIndexing"?'],
    ['security', 'trusted-pwd', 'did you mean "trusted-ca-pwd"? (a slip of the guide, L1970)'],
    ['service:wmdb', 'wmdb.retention.entity.pages', 'did you mean "wmdb.retention.entity.page"?'],
    ['service:wmdb', 'wmdb.cassandra.cluster.rpcPorts', 'did you mean "environment/wmdb.cassandra.cluster.rpcPort"?'],
    [WES, 'toString', 'unknown option "toString" in section "service:wes": it has'],
  ])('an unknown option %s/%s is refused with what was meant', (section, name, message) => {
    expect(refuse({ [section]: { [name]: 1 } })[0]).toContain(message);
  });

  it('everything wrong is found in one go, a value for both servers once', () => {
    expect(
      refuse({
        log: { expire: 5000, verbose: 'loud' },
        [WMSG]: { 'wmsg.connector.engagementExpirationTime': 5, nonsense: 1 },
        'server:wes': { x: 1 },
      }).map((one) => one.slice(0, one.indexOf(': '))),
    ).toEqual([
      'service:wmsg/nonsense',
      'server:wes',
      'log/verbose',
      'log/expire',
      'service:wmsg/wmsg.connector.engagementExpirationTime',
    ]);
  });
});

describe('what belongs together', () => {
  it('queueKey leads to an end point, and queueWebengagement is its queue', () => {
    const key = { 'wes.connector.chatServer.queueKey': '7:sales' };
    expect(refuse({ [WES]: key })).toEqual([
      'service:wes/wes.connector.chatServer.queueKey: the end point 7:sales does not exist: give endpoints:7/sales, or name one that does',
    ]);
    expect(refuse({ [WES]: key, 'endpoints:7': { sales: 'Sales Chat' } })[0]).toContain(
      'must be the queue of the end point 7:sales, "Sales Chat", got "Webengagement_Chat"',
    );
    const queue = { 'wes.connector.chatServer.queueWebengagement': 'Sales Chat' };
    const options = resolve({ [WES]: { ...key, ...queue }, 'endpoints:7': { sales: 'Sales Chat' } });
    expect(options.chatEndpoint('7:sales')).toBe('Sales Chat');
    expect(options.chatEndpoint('1:webme')).toBeUndefined();
  });

  it('provisioning makes webme for the tenant that queueKey names', () => {
    const options = resolve({ [WES]: { 'wes.connector.chatServer.queueKey': '4:webme' } });
    expect(options.chatEndpoint('4:webme')).toBe('Webengagement_Chat');
  });

  it('an end point at which no chat comes in is noted', () => {
    const options = resolve({ 'endpoints:2': { webme: 'Chat In' } });
    expect(notesOf(options, 'warning')).toEqual(['endpoints:2/webme: no chat comes in here: queueKey names 1:webme']);
  });

  it('the queue that the guide prints with another capital is taken for the provisioned one, with a warning', () => {
    const path = 'service:wes/wes.connector.chatServer.queueWebengagement';
    const options = resolve({ [WES]: { 'wes.connector.chatServer.queueWebengagement': 'WebEngagement_Chat' } });
    expect(options.get(path)).toBe('Webengagement_Chat');
    expect(notesOf(options, 'warning')).toHaveLength(1);
    expect(notesOf(resolve({}), 'warning')).toEqual([]);
    const own = resolve({
      [WES]: { 'wes.connector.chatServer.queueWebengagement': 'WebEngagement_Chat' },
      'endpoints:1': { webme: 'WebEngagement_Chat' },
    });
    expect(own.get(path)).toBe('WebEngagement_Chat');
    expect(notesOf(own, 'warning')).toEqual([]);
  });

  it('a retention longer than 20 years is refused, in whatever unit, once for all that follow it', () => {
    const kept = (all: number, unit: string) => ({
      'service:wmdb': { 'wmdb.retention.entity.all': all, 'wmdb.retention.time-unit': unit },
    });
    expect(resolve(kept(7_300, 'day')).get('service:wmdb/wmdb.retention.entity.page')).toBe(7_300);
    expect(refuse(kept(7_301, 'day'))).toEqual([
      'service:wmdb/wmdb.retention.entity.all: expected at most 7300 (day), which is 20 years, ' +
        'the longest that Cassandra keeps anything, got 7301',
    ]);
    expect(refuse(kept(244, 'month'))).toHaveLength(1);
    expect(resolve(kept(630_720_000, 'sec')).get('service:wmdb/wmdb.retention.entity.all')).toBe(630_720_000);
  });

  it.each(['security', 'gwe:security'] as const)('[%s] auth-scheme basic needs a user and a password', (section) => {
    expect(refuse({ [section]: { 'auth-scheme': 'basic', 'user-id': 'u' } })).toEqual([
      `${section}/auth-scheme: auth-scheme basic needs a password: give ${section}/password`,
    ]);
    expect(refuse({ [section]: { 'auth-scheme': 'basic' } })).toHaveLength(2);
    const whole = { 'auth-scheme': 'Basic', 'user-id': 'u', password: 'p' };
    expect(resolve({ [section]: whole }).get(`${section}/auth-scheme`)).toBe('basic');
  });

  it('PEM and JKS need a file; a file or a password that nothing looks at is noted', () => {
    expect(refuse({ security: { 'trusted-ca-type': 'PEM' } })).toEqual([
      'security/trusted-ca-type: PEM needs a file: give security/trusted-ca',
    ]);
    const noted = (security: Readonly<Record<string, string>>) => notesOf(resolve({ security }), 'warning');
    expect(noted({ 'trusted-ca-type': 'PEM', 'trusted-ca': '/ca.pem' })).toEqual([]);
    expect(noted({ 'trusted-ca-type': 'JKS', 'trusted-ca': '/ca.jks' })[0]).toContain('should have its password');
    expect(noted({ 'trusted-ca': '/ca.pem' })[0]).toContain('there is no TLS');
    expect(noted({ 'trusted-ca-type': 'MSCAPI', 'trusted-ca': '/ca.pem' })[0]).toContain('MSCAPI does not look at it');
  });

  it('NetworkTopologyStrategy needs its parameters; what SimpleStrategy ignores is noted', () => {
    const cluster = (values: Readonly<Record<string, string | number>>): GivenOptions => ({
      environment: Object.fromEntries(
        Object.entries(values).map(([name, value]) => [`wmdb.cassandra.cluster.${name}`, value]),
      ),
    });
    const strategy = 'org.apache.cassandra.locator.NetworkTopologyStrategy';
    expect(refuse(cluster({ defaultStrategy: strategy }))[0]).toContain('needs the replicas of each data center');
    const params = resolve(cluster({ defaultStrategy: strategy, defaultStrategyParams: 'DC1:2, DC2:2' }));
    expect(params.get('environment/wmdb.cassandra.cluster.defaultStrategyParams')).toEqual([
      { dataCenter: 'DC1', replicas: 2 },
      { dataCenter: 'DC2', replicas: 2 },
    ]);
    expect(notesOf(resolve(cluster({ defaultStrategyParams: 'DC1:2' })), 'warning')[0]).toContain(
      'does not look at it',
    );
    expect(notesOf(resolve(cluster({ defaultReplicationFactor: 2 })), 'warning')[0]).toContain('at least 3');
  });

  it('notes a dual algorithm without a ratio, a ratio without one, and a goal of the other target', () => {
    const noted = (values: Readonly<Record<string, string | number>>) =>
      notesOf(
        resolve({
          'service:pacing': Object.fromEntries(
            Object.entries(values).map(([name, value]) => [`pacing.connector.${name}`, value]),
          ),
        }),
        'warning',
      );
    expect(noted({ algorithm: 'PREDICTIVE_B_DUAL' })[0]).toContain('wants it to be given');
    expect(noted({ algorithm: 'PREDICTIVE_B_DUAL', proactiveRatio: 0 })).toEqual([]);
    expect(noted({ proactiveRatio: 20 })[0]).toContain('for the DUAL algorithms');
    expect(noted({ optimizationTarget: 'BUSY_FACTOR' })[0]).toContain('where the guide advises 70 to 85');
    expect(noted({ optimizationTarget: 'BUSY_FACTOR', optimizationGoal: 75 })).toEqual([]);
    expect(noted({ optimizationGoal: 75 })[0]).toContain('where the guide advises 3 to 5');
  });

  it('an agent group serves one channel: in both lists it is a fault', () => {
    const groups = (chatGroup: string, voiceGroup: string): GivenOptions => ({
      'service:pacing': { 'pacing.connector.chatGroup': chatGroup, 'pacing.connector.voiceGroup': voiceGroup },
    });
    expect(refuse(groups('Sales;Help', 'Calls;Help;Sales'))).toEqual([
      'service:pacing/pacing.connector.voiceGroup: expected groups that chatGroup does not name, got "Help", "Sales": an agent group serves one channel',
    ]);
    // Blanks are part of a name.
    expect(resolve(groups('Sales;Help', 'Calls; Help')).get('service:pacing/pacing.connector.voiceGroup')).toEqual([
      'Calls',
      ' Help',
    ]);
  });

  it('notes a balancer that does not end in the other server’s part', () => {
    const swapped = { 'backend.settings': { loadbalancer: 'http://balancer:8000/backend/' } };
    expect(notesOf(resolve(swapped), 'warning')[0]).toContain('end in /frontend');
    const right = { 'backend.settings': { loadbalancer: 'http://balancer:8000/frontend/' } };
    expect(notesOf(resolve(right), 'warning')).toEqual([]);
  });

  it('does not judge together what is wrong by itself', () => {
    expect(
      refuse({ 'service:wmdb': { 'wmdb.retention.time-unit': 'year', 'wmdb.retention.entity.all': 8_000 } }),
    ).toEqual([expect.stringContaining('wmdb.retention.time-unit: expected one of sec, min, hour, day, month')]);
  });
});

describe('notes', () => {
  const copying = 'service:wes/wes.connector.interaction.copyUserData';

  it('say of what is given that no code reads it, and nothing where code does', () => {
    const given = { security: { 'user-id': 'user1' } };
    expect(notesOf(resolve(given, 'improved', {}), 'unread')).toEqual([
      'security/user-id: it is given and checked, but no code of this version reads it yet',
    ]);
    expect(notesOf(resolve(given, 'improved', { 'security/user-id': ['x.ts'] }), 'unread')).toEqual([]);
  });

  it('name where the default in force is not the original’s, once code reads it', () => {
    const readers = { [copying]: ['x.ts'], 'security/trusted-ca-type': ['y.ts'] };
    expect(notesOf(resolve({}, 'improved', {}), 'deviation')).toEqual([]);
    expect(notesOf(resolve({}, 'improved', readers), 'deviation')).toEqual([
      `${copying}: it is absent: "rule;attempt_number" holds, where the original takes "no"`,
      expect.stringContaining('security/trusted-ca-type: the default is "", not "MSCAPI": the TLS chapter says none'),
    ]);
    expect(notesOf(resolve({}, 'faithful', readers), 'faithful')).toEqual([
      `${copying}: it is absent; as the original does, "no" is taken`,
    ]);
  });

  it('name what faithful put in the place of a wrong value', () => {
    const options = resolve({ [WES]: { 'wes.connector.chatServer.requestTimeout': 11 } }, 'faithful', {});
    expect(notesOf(options, 'faithful')).toEqual([
      'service:wes/wes.connector.chatServer.requestTimeout: 11 is wrong (expected an integer from 1 to 10, in seconds); ' +
        'as the original does, the default, 5 is taken',
    ]);
  });
});

describe('the check of a file', () => {
  it('gives problems the place of the option, or of its section, in the order of the text', () => {
    const lines: Readonly<Record<string, number>> = { 'options/log/verbose': 3, 'options/server:wes': 2 };
    const source = {
      problemAt: (path: readonly PropertyKey[], message: string) => {
        const joined = path.map(String).join('/');
        return { file: 'x.yaml', line: lines[joined] ?? 0, column: 1, path: joined, message };
      },
    };
    const given = { log: { verbose: 'loud' }, 'server:wes': { a: 1 } };
    const checked = checkOptions(given, { fidelity: 'improved', source, path: ['options'] });
    expect(checked.ok ? [] : checked.problems.map(({ line, path }) => [line, path])).toEqual([
      [2, 'options/server:wes'],
      [3, 'options/log/verbose'],
    ]);
    expect(checkOptions({}, { fidelity: 'improved', source, path: ['options'] }).ok).toBe(true);
  });
});
