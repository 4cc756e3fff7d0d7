/** The way of a hot lead as stages: how many came so far, and what became of those who went no further. */
import type { RunTotals } from '#protocol/run-feed.ts';

export interface Loss {
  readonly name: string;
  readonly count: number;
  /** Failures are drawn as such; the others are a visitor's or pacing's decision. */
  readonly isFailure: boolean;
}

export interface Stage {
  /** The guide's name, as its queues are called. */
  readonly name: string;
  /** What it is of, in our words; empty where the name says it. */
  readonly also: string;
  readonly count: number;
  /** Of the stage before; null for the first, and where more arrive than began since the warm-up. */
  readonly ofPrevious: number | null;
  readonly tone: 'rules' | 'pacing' | 'chats';
  /** What ended, or went another way, between this stage and the next. */
  readonly losses: readonly Loss[];
  /** Neither lost nor in the next stage yet. */
  readonly open: number;
}

export type FunnelCounts = Pick<
  RunTotals,
  | 'hotLeads'
  | 'refused'
  | 'sent'
  | 'accepted'
  | 'rejected'
  | 'timeout'
  | 'failed'
  | 'callbacksAsked'
  | 'chatsStarted'
  | 'chatsCompleted'
  | 'abandoned'
>;

export function funnelStages(counts: FunnelCounts): readonly Stage[] {
  const stages = [
    {
      name: 'Qualified',
      also: 'hot leads',
      count: counts.hotLeads,
      tone: 'rules' as const,
      losses: [loss('refused', counts.refused)],
    },
    {
      name: 'Engaged',
      also: 'invites',
      count: counts.sent,
      tone: 'pacing' as const,
      losses: [
        loss('rejected', counts.rejected),
        loss('timed out', counts.timeout),
        loss('failed', counts.failed, true),
      ],
    },
    {
      name: 'Accepted',
      also: '',
      count: counts.accepted,
      tone: 'pacing' as const,
      losses: [loss('callbacks', counts.callbacksAsked), loss('abandoned', counts.abandoned, true)],
    },
    { name: 'Started', also: 'chats', count: counts.chatsStarted, tone: 'chats' as const, losses: [] },
    { name: 'Completed', also: 'chats', count: counts.chatsCompleted, tone: 'chats' as const, losses: [] },
  ];
  return stages.map((stage, index) => {
    const before = stages[index - 1]?.count;
    const next = stages[index + 1]?.count;
    const lost = stage.losses.reduce((sum, { count }) => sum + count, 0);
    return {
      ...stage,
      ofPrevious: before !== undefined && before >= stage.count && before > 0 ? stage.count / before : null,
      open: next === undefined ? 0 : Math.max(0, stage.count - next - lost),
    };
  });
}

function loss(name: string, count: number, isFailure = false): Loss {
  return { name, count, isFailure };
}

const REASONS: Readonly<Record<string, string>> = {
  noPermit: 'no permit from pacing',
  noAgents: 'no agent logged in',
  inviteOpen: 'an invite was open already',
  chatOpen: 'in a chat already',
  visitorGone: 'had left the site',
};

/** Refusals by reason in words, the commonest first. */
export function describeRefusals(
  refusals: Readonly<Record<string, number>>,
): readonly { readonly name: string; readonly count: number }[] {
  return Object.entries(refusals)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => ({ name: REASONS[reason] ?? reason, count }));
}
