/**
 * Channel names, channel patterns and who subscribed to which.
 *   channel = 1*( "/" segment ); segment = 1*( letter | digit | one of - _ ! ~ ( ) $ @ . )
 *   pattern = channel | [channel] "/*" (one more segment) | [channel] "/**" (one or more segments)
 * The alphabet leaves out NUL, surrogates and whatever else could be read in two ways.
 */
import { BAYEUX_SIZES } from '#protocol/wire-bayeux.ts';

const CHANNEL = /^(?:\/[A-Za-z0-9_!~()$@.-]+)+$/;
const PATTERN = /^(?:\/[A-Za-z0-9_!~()$@.-]+)*(?:\/\*\*?)?$/;

export function isChannel(name: string): boolean {
  return name.length <= BAYEUX_SIZES.channelLength && CHANNEL.test(name);
}

/** Whether `name` may be subscribed to; meta channels may not. */
export function isPattern(name: string): boolean {
  return name !== '' && name.length <= BAYEUX_SIZES.channelLength && PATTERN.test(name) && !name.startsWith('/meta/');
}

/** The wildcard patterns that match `channel`, the narrowest first. */
function patternsOf(channel: string): string[] {
  const patterns: string[] = [];
  const parent = channel.lastIndexOf('/');
  patterns.push(`${channel.slice(0, parent)}/*`);
  for (let end = parent; end >= 0; end = end === 0 ? -1 : channel.lastIndexOf('/', end - 1)) {
    patterns.push(`${channel.slice(0, end)}/**`);
  }
  return patterns;
}

/** Who is to get what is published on a channel. */
export class Subscriptions<S> {
  readonly #byPattern = new Map<string, Set<S>>();
  #wildcards = 0;

  add(pattern: string, subscriber: S): void {
    let subscribers = this.#byPattern.get(pattern);
    if (subscribers === undefined) {
      subscribers = new Set();
      this.#byPattern.set(pattern, subscribers);
      if (pattern.endsWith('*')) this.#wildcards += 1;
    }
    subscribers.add(subscriber);
  }

  remove(pattern: string, subscriber: S): void {
    const subscribers = this.#byPattern.get(pattern);
    if (subscribers?.delete(subscriber) !== true || subscribers.size > 0) return;
    this.#byPattern.delete(pattern);
    if (pattern.endsWith('*')) this.#wildcards -= 1;
  }

  /** Each subscriber once, whatever number of his patterns match. */
  of(channel: string): readonly S[] {
    const direct = this.#byPattern.get(channel);
    if (this.#wildcards === 0) return direct === undefined ? [] : [...direct];
    const all = new Set(direct);
    for (const pattern of patternsOf(channel)) {
      for (const subscriber of this.#byPattern.get(pattern) ?? []) all.add(subscriber);
    }
    return [...all];
  }
}
