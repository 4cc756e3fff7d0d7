/** Which figures a threshold may speak of, what they are measured in, and how one is looked up in a run. */
import { isRecord } from '#protocol/scenario-file-fields.ts';
import type { Figures, RefusalCounts } from '#testbed/run-result.ts';

export type FigureUnit = 'count' | 'share' | 'seconds';

/** Names that a scenario brings; undefined where they can't be known because the file that holds them is at fault. */
export interface FigureNames {
  readonly groups: readonly string[] | undefined;
  readonly queues: readonly string[] | undefined;
  readonly rules: readonly string[] | undefined;
}

/** What thresholds are held against: the figures of the summary, and the hot leads that were not invited. */
export interface Measured {
  readonly figures: Figures;
  readonly refusals: RefusalCounts;
}

const FIXED_FIGURES: ReadonlyMap<string, FigureUnit> = new Map([
  ['visits', 'count'],
  ['pageViews', 'count'],
  ['events', 'count'],
  ['requests', 'count'],
  ['hotLeads', 'count'],
  ['refused', 'count'],
  ['invites.allowed', 'count'],
  ['invites.sent', 'count'],
  ['invites.accepted', 'count'],
  ['invites.rejected', 'count'],
  ['invites.timeout', 'count'],
  ['invites.failed', 'count'],
  ['hitShare', 'share'],
  ['chats.started', 'count'],
  ['chats.abandoned', 'count'],
  ['chats.completed', 'count'],
  ['callbacks.asked', 'count'],
  ['callbacks.promised', 'count'],
  ['callbacks.late', 'count'],
  ['callbacks.lateShare', 'share'],
  ['callbacks.connected', 'count'],
  ['callbacks.noAnswer', 'count'],
  ['callbacks.rescheduled', 'count'],
  ['callbacks.unreachable', 'count'],
  ['callbacks.completed', 'count'],
  ['offers.missed', 'count'],
  ['offers.rejected', 'count'],
  ['transfers.made', 'count'],
  ['transfers.abandoned', 'count'],
  ['followUps.created', 'count'],
  ['followUps.approved', 'count'],
  ['followUps.dismissed', 'count'],
  ['abandonmentShare', 'share'],
  ['busyShare', 'share'],
  ['reactive.asked', 'count'],
  ['reactive.letIn', 'count'],
  ['reactive.refused', 'count'],
  ['reactive.started', 'count'],
  ['reactive.abandoned', 'count'],
  ['reactive.completed', 'count'],
  ['reactive.abandonmentShare', 'share'],
  ['reactive.proactiveAbandonmentShare', 'share'],
  ['reactive.busyShare', 'share'],
  ['reactive.proactiveBusyShare', 'share'],
  ['waitSeconds.mean', 'seconds'],
  ['waitSeconds.p50', 'seconds'],
  ['waitSeconds.p90', 'seconds'],
  ['waitSeconds.p95', 'seconds'],
  ['waitSeconds.p99', 'seconds'],
  ['lines.shown', 'count'],
  ['lines.refreshTimeouts', 'count'],
  ['lineSeconds.p50', 'seconds'],
  ['lineSeconds.p95', 'seconds'],
  ['lineSeconds.max', 'seconds'],
  ['dropped', 'count'],
]);

/** Figures with a name of the scenario in them. */
const NAMED_FIGURES = [
  { prefix: 'occupancy', names: 'groups', what: 'group', ends: [], unit: 'share' },
  { prefix: 'queues', names: 'queues', what: 'queue', ends: ['entered', 'left'], unit: 'count' },
  { prefix: 'rules', names: 'rules', what: 'rule', ends: [], unit: 'count' },
] as const;

export type FoundFigure =
  { readonly ok: true; readonly unit: FigureUnit } | { readonly ok: false; readonly message: string };

export function findFigure(path: readonly string[], names: FigureNames): FoundFigure {
  const unit = FIXED_FIGURES.get(path.join('.'));
  if (unit !== undefined) return { ok: true, unit };
  const [prefix, name, end] = path;
  const family = NAMED_FIGURES.find((figure) => figure.prefix === prefix);
  const ends: readonly string[] = family?.ends ?? [];
  const hasForm = path.length === (ends.length > 0 ? 3 : 2) && (end === undefined || ends.includes(end));
  if (family === undefined || name === undefined || !hasForm) {
    return { ok: false, message: `unknown figure "${path.join('.')}", known: ${describeKnownFigures(names)}` };
  }
  const known = names[family.names];
  if (known === undefined || known.includes(name)) return { ok: true, unit: family.unit };
  return {
    ok: false,
    message: `unknown ${family.what} "${name}", known: ${known.map(quotePart).join(', ') || 'none'}`,
  };
}

function describeKnownFigures(names: FigureNames): string {
  const fixed = [...FIXED_FIGURES.keys()];
  const named = NAMED_FIGURES.flatMap((family) => {
    const example = names[family.names]?.[0];
    const part = example === undefined ? `<${family.what}>` : quotePart(example);
    const ends = family.ends.length > 0 ? family.ends.map((end) => `.${end}`) : [''];
    return ends.map((end) => `${family.prefix}.${part}${end}`);
  });
  return [...fixed, ...named].join(', ');
}

function quotePart(name: string): string {
  if (/^[A-Za-z][\w-]*$/.test(name)) return name;
  return name.includes('"') ? `'${name}'` : `"${name}"`;
}

/** The value of a known figure; null where the run had nothing to count. */
export function observeFigure(path: readonly string[], measured: Measured): number | null {
  if (path.length === 1 && path[0] === 'refused') return countRefused(measured.refusals);
  let value: unknown = measured.figures;
  for (const key of path) value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Hot leads that were not invited, whatever the reason. */
export function countRefused(refusals: RefusalCounts): number {
  return Object.values(refusals).reduce((sum, count) => sum + count, 0);
}

export function unitOfFigure(path: readonly string[]): FigureUnit {
  return (
    FIXED_FIGURES.get(path.join('.')) ?? NAMED_FIGURES.find((figure) => figure.prefix === path[0])?.unit ?? 'count'
  );
}
