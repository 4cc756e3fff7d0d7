/** An erasure in words: what would be lost, and what the tables gave. */
import { formatCount } from '#renderer/view/format.ts';
import { plural } from '#renderer/view/history-insight.ts';

const LOSSES: Readonly<Record<string, string>> = {
  visits: 'visits, with everything in them',
  sessions: 'sessions',
  pages: 'page views',
  events: 'events',
  engagementattempts: 'attempts to engage',
};

export function describeLoss(list: string): string {
  return LOSSES[list] ?? list;
}

/** Tables that gave rows, most rows first; and the sum. */
export function describeErased(erased: Readonly<Record<string, number>>): {
  readonly sentence: string;
  readonly tables: readonly { readonly name: string; readonly rows: string }[];
} {
  const tables = Object.entries(erased).toSorted(([, a], [, b]) => b - a);
  const rows = tables.reduce((sum, [, count]) => sum + count, 0);
  const gave = tables.filter(([, count]) => count > 0).length;
  return {
    sentence: `${plural(rows, 'row')} of ${plural(gave, 'table')} are gone.`,
    tables: tables.map(([name, count]) => ({ name, rows: formatCount(count) })),
  };
}

/** What an erasure had to leave; null: nothing. */
export function describeLeft(inProgress: Readonly<Record<string, number>>): string | null {
  const rows = Object.values(inProgress).reduce((sum, count) => sum + count, 0);
  if (rows === 0) return null;
  return `${plural(rows, 'row')} of the contact center stayed: an invite or a chat of this person still goes on. Erase again when it has ended.`;
}
