/** Which marks of a story are listed: by kind, by words, and with the coming and going of pages or without. */
import type { MarkTone, StoryMark } from '#renderer/view/history-marks.ts';
import type { MarkKind } from '#renderer/view/history-route.ts';

export interface StoryFilter {
  /** Empty: all. */
  readonly kinds: ReadonlySet<MarkKind>;
  /** Words that must all occur in title, text, id or categories, in any case. */
  readonly text: string;
  /** PageEntered and PageExited too. */
  readonly withDetail: boolean;
}

export const STORY_KINDS: readonly { readonly kind: MarkKind; readonly label: string; readonly tone: MarkTone }[] = [
  { kind: 'page', label: 'pages', tone: 'page' },
  { kind: 'event', label: 'events', tone: 'business' },
  { kind: 'session', label: 'sign-ins', tone: 'identity' },
  { kind: 'attempt', label: 'invites', tone: 'invite' },
];

export function filterMarks(marks: readonly StoryMark[], filter: StoryFilter): readonly StoryMark[] {
  const words = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return marks.filter(
    (mark) =>
      (filter.withDetail || !mark.isDetail) &&
      (filter.kinds.size === 0 || filter.kinds.has(mark.kind)) &&
      matches(mark, words),
  );
}

function matches({ title, text, key, categories }: StoryMark, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const all = [title, text, key, ...categories].join(' ').toLowerCase();
  return words.every((word) => all.includes(word));
}
