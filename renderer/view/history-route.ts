/**
 * What the History screen shows, as its address says it, so that links and Back work: `#/history/visit/A1/event/A1-6` is an event in the
 * timeline of a visit, `#/history/identity/ada/visit/A0` an earlier visit of an identity.
 */

/** What a record in a timeline is. */
export const MARK_KINDS = ['page', 'event', 'session', 'attempt'] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

export interface MarkRef {
  readonly kind: MarkKind;
  readonly id: string;
}

export type HistoryRoute =
  | { readonly kind: 'start' }
  | { readonly kind: 'visit'; readonly id: string; readonly mark: MarkRef | null }
  | { readonly kind: 'identity'; readonly id: string; readonly visit: string | null; readonly mark: MarkRef | null }
  /** A record whose visit is still to be found. */
  | { readonly kind: 'record'; readonly mark: MarkRef };

const START: HistoryRoute = { kind: 'start' };

/** An address that says nothing known shows the start. */
export function parseHistoryRoute(hash: string): HistoryRoute {
  const [screen, ...parts] = hash.replace(/^#\//, '').split('/').map(decodePart);
  if (screen !== 'history') return START;
  const [kind, id = '', ...rest] = parts;
  if (id === '') return START;
  if (kind === 'visit') return { kind, id, mark: markOf(rest) };
  if (kind === 'identity') {
    const [inside, visit = '', ...more] = rest;
    return inside === 'visit' && visit !== ''
      ? { kind, id, visit, mark: markOf(more) }
      : { kind, id, visit: null, mark: null };
  }
  const mark = markOf([kind ?? '', id]);
  return mark === null ? START : { kind: 'record', mark };
}

export function formatHistoryRoute(route: HistoryRoute): string {
  return `#/${['history', ...partsOf(route)].map(encodeURIComponent).join('/')}`;
}

function partsOf(route: HistoryRoute): readonly string[] {
  switch (route.kind) {
    case 'start':
      return [];
    case 'visit':
      return ['visit', route.id, ...partsOfMark(route.mark)];
    case 'identity':
      return [
        'identity',
        route.id,
        ...(route.visit === null ? [] : ['visit', route.visit, ...partsOfMark(route.mark)]),
      ];
    case 'record':
      return partsOfMark(route.mark);
    default:
      return route satisfies never;
  }
}

function partsOfMark(mark: MarkRef | null): readonly string[] {
  return mark === null ? [] : [mark.kind, mark.id];
}

function markOf([kind, id = '']: readonly string[]): MarkRef | null {
  const known = MARK_KINDS.find((one) => one === kind);
  return known === undefined || id === '' ? null : { kind: known, id };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Typed by hand: taken as it stands.
    return part;
  }
}
