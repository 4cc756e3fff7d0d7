/**
 * The table's types, held by the compiler: `@ts-expect-error` fails the type check where a mistake would be let
 * through.
 */
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { LogExpiry } from '#core/options/log-kinds.ts';
import type { UserDataCopying } from '#core/options/list-kinds.ts';
import type { PacingAlgorithm } from '#core/pacing/pacer.ts';
import { resolveOptions } from '#core/options/resolve-options.ts';
import type { ResolvedOptions } from '#core/options/resolved-options.ts';

function defaults(): ResolvedOptions {
  const resolved = resolveOptions({}, { fidelity: 'improved' });
  if (!resolved.ok) throw new Error('the defaults are valid');
  return resolved.value;
}

describe('reading by a literal path', () => {
  const options = defaults();

  it('gives the type of the option’s values', () => {
    expectTypeOf(options.get('service:wmsg/wmsg.connector.engagementExpirationTime')).toEqualTypeOf<number>();
    expectTypeOf(options.get('service:pacing/pacing.connector.chatGroup')).toEqualTypeOf<readonly string[]>();
    expectTypeOf(options.get('service:pacing/pacing.connector.algorithm')).toEqualTypeOf<PacingAlgorithm>();
    expectTypeOf(options.get('service:wes/wes.connector.interaction.copyUserData')).toEqualTypeOf<UserDataCopying>();
    expectTypeOf(options.get('service:wes/wes.connector.chatServer.identifyCreateContact')).toEqualTypeOf<1 | 2 | 3>();
    expectTypeOf(options.get('frontend.log/expire')).toEqualTypeOf<LogExpiry>();
    expectTypeOf(options.get('service:cep/cep.domainSeparation')).toEqualTypeOf<boolean>();
    expectTypeOf(options.get('security/password')).toEqualTypeOf<string | null>();
    expect(options.get('service:wmsg/wmsg.connector.engagementExpirationTime')).toBe(30);
  });

  it('does not compile for a path that is none, and crashes with the one that was meant', () => {
    // @ts-expect-error a mistyped option
    expect(() => options.get('service:wmsg/wmsg.connector.engagementExpirationTim')).toThrow(
      'did you mean service:wmsg/wmsg.connector.engagementExpirationTime?',
    );
    // @ts-expect-error an option of several applications
    expect(() => options.get('settings/loadbalancer')).toThrow('no option settings/loadbalancer');
    // @ts-expect-error the family is read by chatEndpoint
    expect(() => options.get('endpoints:<tenantID>/webme')).toThrow('no option');
    expect(options.chatEndpoint('1:webme')).toBe('Webengagement_Chat');
    expect(options.chatEndpoint('2:webme')).toBeUndefined();
  });
});
