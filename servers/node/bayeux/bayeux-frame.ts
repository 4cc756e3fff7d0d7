/**
 * Reads the text of a frame or POST into messages, by hand-written checks: they run for each message of each chat, and agree with the
 * schema in `#protocol/wire-bayeux.ts` (a test compares them). What cannot be read is refused as a whole, in words.
 */
import { BAYEUX_SIZES, type BayeuxMessage } from '#protocol/wire-bayeux.ts';

export type ReadFrame =
  { readonly ok: true; readonly messages: readonly BayeuxMessage[] } | { readonly ok: false; readonly why: string };

/** The messages of `text`, at most `depthMax` levels deep, free of keys that reach for a prototype. */
export function readFrame(text: string, depthMax: number): ReadFrame {
  if (deeperThan(text, depthMax)) return { ok: false, why: `nested deeper than ${depthMax}` };
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return { ok: false, why: 'not JSON' };
  }
  if (mayTouchPrototype(text) && touchesPrototype(given)) return { ok: false, why: 'forbidden key' };
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.length > BAYEUX_SIZES.messagesMax)
    return { ok: false, why: `more than ${BAYEUX_SIZES.messagesMax} messages` };
  for (const item of list) {
    const why = faultOf(item);
    if (why !== undefined) return { ok: false, why };
  }
  return { ok: true, messages: list as readonly BayeuxMessage[] };
}

const QUOTE = 34;
const BACKSLASH = 92;
const OPENING = new Set([91, 123]);
const CLOSING = new Set([93, 125]);

/** Looks at the text, so that nothing recursive ever sees what is too deep. */
function deeperThan(text: string, depthMax: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (code < 91) continue;
    else if (OPENING.has(code)) {
      depth += 1;
      if (depth > depthMax) return true;
    } else if (CLOSING.has(code)) depth -= 1;
  }
  return false;
}

/** A cheap look that spares nearly every frame the walk: the keys themselves, or escapes that may spell them. */
function mayTouchPrototype(text: string): boolean {
  return text.includes('__proto__') || text.includes('prototype') || text.includes('\\u');
}

function touchesPrototype(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Object.hasOwn(value, '__proto__')) return true;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'constructor' && typeof inner === 'object' && inner !== null && Object.hasOwn(inner, 'prototype'))
      return true;
    if (touchesPrototype(inner)) return true;
  }
  return false;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown, lengthMax: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= lengthMax;
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || isText(value, BAYEUX_SIZES.idLength);
}

/** What keeps `item` from being a message; undefined when it is one. */
function faultOf(item: unknown): string | undefined {
  if (!isObject(item)) return 'a message is an object';
  if (!isText(item['channel'], BAYEUX_SIZES.channelLength)) return 'channel';
  if (!isTextOrAbsent(item['id'])) return 'id';
  if (!isTextOrAbsent(item['clientId'])) return 'clientId';
  if (!isTextOrAbsent(item['version'])) return 'version';
  if (!isTextOrAbsent(item['connectionType'])) return 'connectionType';
  if (item['ext'] !== undefined && !isObject(item['ext'])) return 'ext';
  if (item['advice'] !== undefined && !isAdvice(item['advice'])) return 'advice';
  if (item['subscription'] !== undefined && !isSubscription(item['subscription'])) return 'subscription';
  const types = item['supportedConnectionTypes'];
  if (types !== undefined && !isTextList(types, 0, BAYEUX_SIZES.connectionTypesMax, BAYEUX_SIZES.idLength)) {
    return 'supportedConnectionTypes';
  }
  return undefined;
}

function isAdvice(value: unknown): boolean {
  return isObject(value) && isDurationOrAbsent(value['timeout']) && isDurationOrAbsent(value['interval']);
}

function isDurationOrAbsent(value: unknown): boolean {
  return value === undefined || (typeof value === 'number' && Number.isFinite(value) && value >= 0);
}

function isSubscription(value: unknown): boolean {
  return (
    isText(value, BAYEUX_SIZES.channelLength) ||
    isTextList(value, 1, BAYEUX_SIZES.subscriptionsMax, BAYEUX_SIZES.channelLength)
  );
}

function isTextList(value: unknown, countMin: number, countMax: number, lengthMax: number): boolean {
  return (
    Array.isArray(value) &&
    value.length >= countMin &&
    value.length <= countMax &&
    value.every((entry) => isText(entry, lengthMax))
  );
}
