/**
 * What strategies can send to: each queue's services by target, with what a message to them carries. A `<send>` of this
 * type leaves its session as an effect of the port; a message that a service can't take is an error of the `<send>`.
 */
import { assertNever } from '#core/assert.ts';
import type { UserData } from '#core/engagement/attachments.ts';
import type { RefusalReason } from '#core/engagement/failure-reason.ts';
import type { EngagementEffect } from '#core/engagement/strategy-port.ts';
import type { ChatRoutingEffect } from '#core/routing/chat-routing-port.ts';
import type { EngagementChannel } from '#core/messages.ts';
import { fail, succeed, type Result } from '#core/result.ts';
import type { ServiceMessage } from './scxml/scxml-machine.ts';

/** `type` of every `<send>` to a service. */
export const SERVICE_TYPE = 'webengagement';

const ENGAGEMENT_TARGETS = [
  'gateway/engage',
  'gateway/noengage',
  'pacing/permit',
  'history/visit',
  'userdata/attach',
] as const;
const CHAT_ROUTING_TARGETS = ['routing/groups', 'routing/route', 'chat/say', 'userdata/attach'] as const;

export type StrategyQueue = 'engagement' | 'chatRouting';

export const TARGETS: Readonly<Record<StrategyQueue, readonly string[]>> = {
  engagement: ENGAGEMENT_TARGETS,
  chatRouting: CHAT_ROUTING_TARGETS,
};

/** What may be named as the reason of a `gateway/noengage`; the others are the contact center's. */
const REASONS: Readonly<Record<RefusalReason, true>> = {
  noPermit: true,
  noAgents: true,
  inviteOpen: true,
  chatOpen: true,
  visitorGone: true,
  expired: true,
  policy: true,
};
const CHANNELS: Readonly<Record<EngagementChannel, true>> = { proactiveChat: true, proactiveCallback: true };

export function engagementEffectOf(message: ServiceMessage): Result<EngagementEffect, string> {
  const target = oneOf(ENGAGEMENT_TARGETS, message.target);
  if (target === undefined) return fail([unknownTarget('engagement', message)]);
  const fields = new Fields(message);
  switch (target) {
    case 'gateway/engage':
      return fields.effect({
        type: 'engage',
        channel: fields.choice('channel', CHANNELS, 'proactiveChat'),
        userData: fields.texts('userData'),
        registrationRequired: fields.flag('registrationRequired'),
      });
    case 'gateway/noengage':
      return fields.effect({
        type: 'noEngage',
        reason: fields.choice('reason', REASONS, 'policy'),
        text: fields.text('text'),
      });
    case 'pacing/permit':
      return fields.effect({ type: 'fetchPermit', channel: fields.choice('channel', CHANNELS, 'proactiveChat') });
    case 'history/visit':
      return fields.effect({ type: 'fetchHistory' });
    case 'userdata/attach':
      return fields.effect({ type: 'attach', userData: fields.allTexts() });
    default:
      return assertNever(target, 'target');
  }
}

export function chatRoutingEffectOf(message: ServiceMessage): Result<ChatRoutingEffect, string> {
  const target = oneOf(CHAT_ROUTING_TARGETS, message.target);
  if (target === undefined) return fail([unknownTarget('chatRouting', message)]);
  const fields = new Fields(message);
  switch (target) {
    case 'routing/groups':
      return fields.effect({ type: 'fetchGroups' });
    case 'routing/route':
      return fields.effect({ type: 'route', groups: fields.list('groups') });
    case 'chat/say':
      return fields.effect({ type: 'say', text: fields.text('text') });
    case 'userdata/attach':
      return fields.effect({ type: 'attach', userData: fields.allTexts() });
    default:
      return assertNever(target, 'target');
  }
}

function unknownTarget(queue: StrategyQueue, { target }: ServiceMessage): string {
  return `target ${target}: expected ${TARGETS[queue].join(', ')}`;
}

function oneOf<T extends string>(known: readonly T[], text: string): T | undefined {
  return known.find((one) => one === text);
}

/** The values of a message; what is wrong with them is found when the effect is made of them. */
class Fields {
  readonly #faults: string[] = [];
  readonly #values = new Map<string, unknown>();
  readonly #taken = new Set<string>();

  constructor({ data }: ServiceMessage) {
    const values: unknown = data?.kind === 'json' ? JSON.parse(data.json) : {};
    if (data?.kind === 'xml' || typeof values !== 'object' || values === null || Array.isArray(values)) {
      this.#faults.push('expected named values');
      return;
    }
    for (const [name, value] of Object.entries(values)) this.#values.set(name, value);
  }

  effect<X>(effect: X): Result<X, string> {
    for (const name of this.#values.keys()) if (!this.#taken.has(name)) this.#faults.push(`${name} is not known here`);
    return this.#faults.length === 0 ? succeed(effect) : fail([this.#faults.join('; ')]);
  }

  choice<T extends string>(name: string, known: Readonly<Record<T, true>>, absent: T): T {
    const value = this.#take(name);
    if (value === undefined || value === null) return absent;
    const names = Object.keys(known);
    const found = typeof value === 'string' && isKeyOf(known, value) ? value : undefined;
    if (found === undefined) this.#faults.push(`${name} ${JSON.stringify(value)}: expected ${names.join(', ')}`);
    return found ?? absent;
  }

  text(name: string): string {
    const value = this.#take(name);
    return value === undefined || value === null ? '' : this.#textOf(name, value);
  }

  flag(name: string): boolean {
    const value = this.#take(name) ?? false;
    if (typeof value !== 'boolean') this.#faults.push(`${name}: expected true or false`);
    return value === true;
  }

  list(name: string): readonly string[] {
    const value = this.#take(name);
    if (!Array.isArray(value)) {
      this.#faults.push(`${name}: expected a list of texts`);
      return [];
    }
    return value.map((item: unknown) => this.#textOf(name, item));
  }

  texts(name: string): UserData {
    const value = this.#take(name) ?? {};
    if (typeof value === 'object' && !Array.isArray(value)) return this.#userDataOf(Object.entries(value));
    this.#faults.push(`${name}: expected named texts`);
    return {};
  }

  allTexts(): UserData {
    for (const name of this.#values.keys()) this.#taken.add(name);
    return this.#userDataOf([...this.#values]);
  }

  #take(name: string): unknown {
    this.#taken.add(name);
    return this.#values.get(name);
  }

  #userDataOf(entries: readonly (readonly [string, unknown])[]): UserData {
    return Object.fromEntries(entries.map(([key, value]) => [key, this.#textOf(key, value)]));
  }

  #textOf(name: string, value: unknown): string {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    this.#faults.push(`${name}: expected a text, a number, true or false`);
    return '';
  }
}

function isKeyOf<T extends string>(known: Readonly<Record<T, true>>, text: string): text is T {
  return Object.hasOwn(known, text);
}
