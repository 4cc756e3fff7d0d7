/** Insight into a visitor in words and figures, as the guide's "Get to Know your Web Visitors" asks. */
import type { Insight } from '#protocol/wire-history.ts';
import { formatCount, formatDuration, formatNumber, NO_FIGURE, withUnit } from '#renderer/view/format.ts';
import { inWords } from '#renderer/view/history-words.ts';

export interface InsightWords {
  readonly sentences: readonly string[];
  readonly figures: readonly { readonly name: string; readonly value: string }[];
}

export function describeInsight(insight: Insight): InsightWords {
  const { visits, pages, categories, engagementAttempts: attempts, complete } = insight;
  const outcomes = categories.filter(({ as }) => as === 'outcome').map(({ name }) => name);
  const activities = categories.filter(({ as }) => as === 'activity').map(({ name }) => name);
  return {
    sentences: [
      `Last seen ${formatDuration(insight.secondsSinceLastSeen * 1_000)} ago, in ${plural(visits, 'visit')} so far.`,
      ...(outcomes.length === 0 ? [] : [`Reached ${inWords(outcomes, 'the outcome', 'the outcomes')}.`]),
      ...(activities.length === 0 ? [] : [`Took part in ${inWords(activities, 'the activity', 'the activities')}.`]),
      attempts.all === 0
        ? 'Nobody has tried to engage this visitor.'
        : `${plural(attempts.all, 'attempt')} to engage, ${formatCount(attempts.invited)} invited, ${formatCount(attempts.engaged)} became a conversation.`,
      ...(complete ? [] : ['There is more than was counted: these are lower bounds.']),
    ],
    figures: [
      { name: 'visits', value: formatCount(visits) },
      { name: 'visits in the last 30 days', value: formatCount(insight.visitsInLast30Days) },
      { name: 'between visits', value: betweenVisits(insight.daysBetweenVisits) },
      { name: 'pages', value: formatCount(pages) },
      {
        name: 'pages a visit',
        value: insight.pagesPerVisit === null ? NO_FIGURE : withUnit(formatNumber(insight.pagesPerVisit), ''),
      },
      ...Object.entries(attempts.byDisposition).map(([name, count]) => ({
        name: DISPOSITION_WORDS[name] ?? name,
        value: formatCount(count),
      })),
    ],
  };
}

const DISPOSITION_WORDS: Readonly<Record<string, string>> = {
  shown: 'invites shown without an answer',
  acceptCall: 'invites accepted',
  reject: 'invites rejected',
  timeout: 'invites not answered in time',
  formAbandoned: 'forms abandoned',
};

function betweenVisits(days: number | null): string {
  return days === null ? NO_FIGURE : formatDuration(days * 86_400_000);
}

export function plural(count: number, one: string): string {
  return `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`;
}
