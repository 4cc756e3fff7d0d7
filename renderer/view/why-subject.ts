/** What is asked about in the why panel: a line of the stream, or pacing at a moment. */
import type { PacingPoint, StreamItem, StreamKind } from '#protocol/run-feed.ts';
import { formatShare } from '#renderer/view/format.ts';

export interface WhySubject {
  readonly key: string;
  readonly kind: StreamKind;
  readonly title: string;
  readonly atMs: number;
  readonly visitID: string | null;
  readonly sentences: readonly string[];
  readonly figures: readonly { readonly name: string; readonly value: string }[];
  readonly record: unknown;
}

export function streamSubject(item: StreamItem): WhySubject {
  const sentences = item.why?.sentences ?? [];
  return {
    key: `stream-${item.n}`,
    kind: item.kind,
    title: item.name,
    atMs: item.atMs,
    visitID: item.visitID,
    sentences: sentences.length > 0 ? sentences : [item.text],
    figures: item.why?.figures ?? [],
    record: item.why?.record ?? item,
  };
}

export function pacingSubject(point: PacingPoint): WhySubject {
  return {
    key: `pacing-${point.group}-${point.atMs}`,
    kind: 'pacing',
    title: `Pacing of ${point.group}`,
    atMs: point.atMs,
    visitID: null,
    sentences: [point.sentence],
    figures: [
      { name: 'allowed now', value: String(point.allowed) },
      { name: 'risk of the next invite', value: point.risk.toFixed(4) },
      { name: 'limit', value: point.limit.toFixed(4) },
      { name: 'slots busy', value: `${point.busy} of ${point.slots}` },
      { name: 'chats waiting', value: String(point.waiting) },
      { name: 'invites out', value: String(point.pending) },
      { name: 'learned accept share', value: formatShare(point.hitShare) },
      { name: 'ledger', value: `${point.ledger.toFixed(2)} chats` },
      {
        name: `${point.channel === 'webcallback' ? 'late' : 'abandoned'} since the start`,
        value: formatShare(point.abandonmentShare),
      },
      { name: 'busy since the start', value: formatShare(point.busyShare) },
    ],
    record: point,
  };
}
