/** What a live run is, in words: how well its nodes are, what they are under, and what was found at its end. */
import type {
  LiveFault,
  LiveFaultKind,
  LiveNode,
  LiveNodeRole,
  LiveState,
  LogLevel,
  LogLine,
} from '#protocol/run-feed-live.ts';
import type { IconName } from '#renderer/shared/icons.tsx';
import { formatCount, formatDuration, formatRate } from '#renderer/view/format.ts';

export interface NodeHealth {
  /** One or two words, beside the icon. */
  readonly word: string;
  readonly tone: 'good' | 'hurt' | 'bad' | 'waiting';
  readonly icon: IconName;
  /** A sentence for who asks; empty: the word says all. */
  readonly detail: string;
}

export const ROLE_LABELS: Readonly<Record<LiveNodeRole, string>> = {
  store: 'Store',
  contactCenter: 'Contact center',
  balancer: 'Balancer',
  backend: 'Backend Server',
  frontend: 'Frontend Server',
  crowd: 'Visitors and agents',
};

export const FAULT_LABELS: Readonly<Record<LiveFaultKind, { readonly verb: string; readonly about: string }>> = {
  kill: { verb: 'Kill', about: 'ends at once, without a word' },
  stop: { verb: 'Stop', about: 'holds still, its connections stay open' },
  restart: { verb: 'Restart', about: 'ends cleanly, and starts again' },
  slow: { verb: 'Slow down', about: '200 ms more each way' },
  partition: { verb: 'Cut off', about: 'connections carry nothing any more' },
};

/** Faults of a node that the network is hurt for, rather than its process. */
const UNDER: Readonly<Record<LiveFaultKind, string>> = {
  kill: 'killed',
  stop: 'held',
  restart: 'restarting',
  slow: 'slowed',
  partition: 'cut off',
};

/** How well a node is; what was done to it on purpose is told before what follows from it. */
export function describeHealth(node: LiveNode): NodeHealth {
  const { phase, failing, degraded, slowedMs, partitioned, fault, incarnation } = node;
  switch (phase) {
    case 'starting':
      return waiting('starting');
    case 'ending':
      return waiting('ending');
    case 'down':
      if (fault !== null) return bad('down', `${UNDER[fault]}, on purpose`);
      return waiting(incarnation === 0 ? 'waiting' : 'ended');
    case 'crashed':
      return bad('crashed', 'ended unasked: see its log');
    case 'held':
      return hurt('held', 'stands still, on purpose', 'pause');
    case 'up':
      if (partitioned) return hurt('cut off', 'carries nothing, on purpose', 'cut');
      if (failing !== null) return bad('failing', failing);
      if (degraded !== null) return hurt('degraded', degraded, 'warning');
      if (slowedMs > 0) return hurt('slowed', `${formatDuration(slowedMs)} more each way, on purpose`, 'slow');
      return { word: 'up', tone: 'good', icon: 'check', detail: '' };
    default:
      return waiting('unknown');
  }
}

function waiting(word: string): NodeHealth {
  return { word, tone: 'waiting', icon: 'wait', detail: '' };
}

function bad(word: string, detail: string): NodeHealth {
  return { word, tone: 'bad', icon: 'cross', detail };
}

function hurt(word: string, detail: string, icon: IconName): NodeHealth {
  return { word, tone: 'hurt', icon, detail };
}

/** `12.4 events/s`, `31 visits`. */
export function describeFigure({ label, value, unit }: LiveNode['figures'][number]): string {
  if (unit === '/s') return `${formatRate(value)} ${label}/s`;
  return `${formatCount(value)} ${value === 1 ? label.replace(/s$/, '') : label}`;
}

/** May this node be hurt now? The crowd is people, no server. */
export function canBeStruck(node: LiveNode): boolean {
  return node.role !== 'crowd' && node.fault === null && (node.phase === 'up' || node.phase === 'held');
}

/** ` 1,234 events were promised to visitors, 0 are lost.`; empty before the end. */
export function describeFindings(live: LiveState | null): string {
  if (live === null || live.findings === null) return '';
  const { acknowledged, lost } = live.findings;
  return ` ${formatCount(acknowledged)} events were promised to visitors, ${lost === 0 ? 'none is lost' : `${formatCount(lost)} are lost`}.`;
}

/** `backend-1 killed`, for a mark in the charts. */
export function describeFault({ kind, node }: LiveFault): string {
  return `${node} ${UNDER[kind]}`;
}

/** How long a fault lasts, of virtual time; null: until it is healed. */
export const FAULT_LENGTHS = [
  { value: '5000', label: '5 s', forMs: 5_000 },
  { value: '30000', label: '30 s', forMs: 30_000 },
  { value: '120000', label: '2 min', forMs: 120_000 },
  { value: 'open', label: 'until healed', forMs: null },
] as const;

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[];

/** Lines of this level and worse. */
export function filterLog(lines: readonly LogLine[], level: LogLevel): readonly LogLine[] {
  const least = LOG_LEVELS.indexOf(level);
  return least <= 0 ? lines : lines.filter((line) => LOG_LEVELS.indexOf(line.level) >= least);
}
