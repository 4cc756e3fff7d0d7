/** A run's counterpart in words: what paces it, how far it is, and how far its figures lie from the run's. */
import type { CounterpartFigure, CounterpartState, PacedBy } from '#protocol/run-feed-counterpart.ts';
import { formatCount, formatElapsed, formatShare, NO_FIGURE } from '#renderer/view/format.ts';

/** Short, for the charts. */
export const COUNTERPART_NAMES: Readonly<Record<PacedBy, string>> = {
  algorithm: 'no what-if',
  none: 'none',
  progressive: 'progressive',
  ratio: 'ratio',
  erlangA: 'erlangA',
};

export const COUNTERPART_CHOICES: readonly { readonly value: PacedBy | ''; readonly label: string }[] = [
  { value: '', label: 'Compare with…' },
  { value: 'none', label: 'against none' },
  { value: 'progressive', label: 'against progressive' },
  { value: 'ratio', label: 'against ratio' },
  { value: 'erlangA', label: 'against erlangA' },
  { value: 'algorithm', label: 'against no what-if' },
];

export const FIGURE_NAMES: Readonly<Record<CounterpartFigure['name'], string>> = {
  abandonmentShare: 'abandoned',
  busyShare: 'busy',
  sent: 'invites sent',
  accepted: 'accepted',
  abandoned: 'abandonments',
  refused: 'leads refused',
};

export function formatFigure(value: number | null, { unit }: CounterpartFigure): string {
  return unit === 'share' ? formatShare(value) : formatCount(value);
}

/** `+5.1 pt` (points of a share), `−34`, `0`. */
export function formatDifference({ difference, unit }: CounterpartFigure): string {
  if (difference === null) return NO_FIGURE;
  const size = unit === 'share' ? (Math.abs(difference) * 100).toFixed(1) : formatCount(Math.abs(difference));
  const sign = Number(size.replaceAll(',', '')) === 0 ? '' : difference < 0 ? '−' : '+';
  return `${sign}${size}${unit === 'share' ? '\u202fpt' : ''}`;
}

/** What it is. */
const ABOUTS: Readonly<Record<PacedBy, string>> = {
  algorithm: "the scenario's algorithm, told nothing in mid-run",
  none: 'every usable hot lead is invited',
  progressive: 'one invite for each ready slot that no invite claims',
  ratio: 'ready slots divided by the learned accept share',
  erlangA: 'invites at the rate at which Erlang A keeps the goal, whatever the room looks like',
};

/** How far it is: a sentence that changes only when there is something new to say. */
export function describeCounterpart({ state, failure, virtualMs, targetMs, pacedBy }: CounterpartState): string {
  const name = COUNTERPART_NAMES[pacedBy];
  switch (state) {
    case 'loading':
      return `${name} is being read and started from the beginning.`;
    case 'running':
      return `${name} is at ${formatElapsed(virtualMs)} of ${formatElapsed(targetMs)}.`;
    case 'level':
      return `${name}: ${ABOUTS[pacedBy]}. Simulated with the same seed and visitors; one seed, so that chance is in the differences.`;
    case 'failed':
      return failure ?? 'It failed.';
    default:
      return '';
  }
}
