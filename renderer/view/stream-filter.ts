/** Which lines of the event stream are shown: by kind, by visit, by rule, by text. All that is set must match. */
import type { StreamItem, StreamKind } from '#protocol/run-feed.ts';

export interface StreamFilter {
  /** Empty: all kinds. */
  readonly kinds: ReadonlySet<StreamKind>;
  /** Words that must all occur in name, text or visit, in any case. A word `visit:x` matches the visit alone, `rule:x` rules alone. */
  readonly text: string;
}

export const NO_FILTER: StreamFilter = { kinds: new Set(), text: '' };

export const STREAM_KINDS: readonly StreamKind[] = [
  'visit',
  'page',
  'business',
  'identity',
  'rule',
  'pacing',
  'invite',
  'chat',
  'agent',
  'fault',
];

/** What the system decided, apart from what visitors did. */
export const DECISION_KINDS: readonly StreamKind[] = ['rule', 'pacing', 'invite', 'chat', 'fault'];

export const KIND_LABELS: Readonly<Record<StreamKind, string>> = {
  visit: 'visit',
  page: 'page',
  business: 'event',
  identity: 'identity',
  rule: 'rule',
  pacing: 'pacing',
  invite: 'invite',
  chat: 'chat',
  agent: 'agent',
  fault: 'fault',
};

/** Newest first, at most `limit`. */
export function filterStream(items: readonly StreamItem[], filter: StreamFilter, limit: number): readonly StreamItem[] {
  const matches = createMatcher(filter);
  const found: StreamItem[] = [];
  for (let index = items.length - 1; index >= 0 && found.length < limit; index -= 1) {
    const item = items[index];
    if (item && matches(item)) found.push(item);
  }
  return found;
}

function createMatcher({ kinds, text }: StreamFilter): (item: StreamItem) => boolean {
  const words = parseWords(text);
  if (kinds.size === 0 && words.length === 0) return () => true;
  return (item) => (kinds.size === 0 || kinds.has(item.kind)) && words.every((word) => matchesWord(item, word));
}

interface Word {
  readonly field: 'visit' | 'rule' | 'any';
  readonly text: string;
}

/** `rule:"Left the basket" dock` -> a rule and a word. */
function parseWords(text: string): readonly Word[] {
  return [...text.matchAll(/(visit:|rule:)?(?:"([^"]*)"?|(\S+))/gi)].map(([, field, quoted, plain]) => ({
    field: field === undefined ? 'any' : field.toLowerCase() === 'visit:' ? 'visit' : 'rule',
    text: (quoted ?? plain ?? '').toLowerCase(),
  }));
}

function matchesWord(item: StreamItem, { field, text }: Word): boolean {
  const visit = item.visitID?.toLowerCase() ?? '';
  if (field === 'visit') return visit.includes(text);
  const name = item.name.toLowerCase();
  if (field === 'rule')
    return (item.kind === 'rule' || item.kind === 'pacing' || item.kind === 'invite') && name.includes(text);
  return name.includes(text) || item.text.toLowerCase().includes(text) || visit.includes(text);
}
