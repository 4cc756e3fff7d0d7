/** What takes effect at once when the configuration changes under a running server, and what waits for a restart. */
import { expect, it } from 'vitest';
import { changeOptions } from '#core/options/change-options.ts';
import type { GivenOptions } from '#core/options/given-options.ts';
import { resolveOptions } from '#core/options/resolve-options.ts';
import type { ResolvedOptions } from '#core/options/resolved-options.ts';

function resolve(given: GivenOptions): ResolvedOptions {
  const resolved = resolveOptions(given, { fidelity: 'improved' });
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems));
  return resolved.value;
}

const EXPIRATION = 'service:wmsg/wmsg.connector.engagementExpirationTime';
const GOAL = 'service:pacing/pacing.connector.optimizationGoal';

it('takes what takes effect immediately and leaves the rest for a restart', () => {
  const running = resolve({});
  const next = resolve({
    'service:wmsg': { 'wmsg.connector.engagementExpirationTime': 45 },
    'service:pacing': { 'pacing.connector.optimizationGoal': 5 },
  });
  const change = changeOptions(running, next);
  expect(change.changed).toEqual([EXPIRATION]);
  expect(change.afterRestart).toEqual([GOAL]);
  expect(change.inForce.get(EXPIRATION)).toBe(45);
  expect(change.inForce.get(GOAL)).toBe(3);
  expect([running.get(EXPIRATION), next.get(GOAL)]).toEqual([30, 5]);
});

it('the same configuration again changes nothing', () => {
  const change = changeOptions(resolve({}), resolve({ log: { verbose: 'standard' } }));
  expect([change.changed, change.afterRestart]).toEqual([[], []]);
});

it('end points come and go at once, as queueKey does', () => {
  const running = resolve({ 'endpoints:2': { webme: 'Chat In' } });
  const change = changeOptions(running, resolve({ 'endpoints:3': { webme: 'Chat In' } }));
  expect(change.changed).toEqual(['endpoints:3/webme', 'endpoints:2/webme']);
  expect(change.inForce.chatEndpoint('3:webme')).toBe('Chat In');
  expect(change.inForce.chatEndpoint('2:webme')).toBeUndefined();
});
