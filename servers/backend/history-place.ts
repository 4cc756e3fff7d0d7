/**
 * Where a page of a listing ends, as the header `Paging-Next` says it: `<key>#<timestamp>#<id>`. The key is that of the listing: the id
 * of its visit or identity, or a `*` for all visitors. Key and id are escaped as in URLs where a header or the two `#` need it.
 */
import { fail, succeed, type Result } from '#core/result.ts';
import type { HistoryPlace, HistoryScope } from '#ports/history.ts';

const ALL = '*';
/** What a header can't hold, and what has a meaning here. */
const UNSAFE = /[^\x21-\x7e]+|[%#,]/g;
const PLACE = /^(?<key>[^#]+)#(?<at>-?\d{1,16})#(?<id>[^#]+)$/;

export function formatPlace(scope: HistoryScope, { at, id }: HistoryPlace): string {
  return `${keyOf(scope)}#${at}#${encodePart(id)}`;
}

/** The problem is a sentence's end: what was expected. */
export function parsePlace(text: string, scope: HistoryScope): Result<HistoryPlace, string> {
  const { key, at, id } = PLACE.exec(text)?.groups ?? {};
  const place = id === undefined ? undefined : { at: Number(at), id: decodePart(id) };
  if (place?.id === undefined || !Number.isSafeInteger(place.at)) return fail(['expected <key>#<timestamp>#<id>']);
  if (key !== keyOf(scope)) return fail([`is of another listing; expected one that begins with ${keyOf(scope)}#`]);
  return succeed({ at: place.at, id: place.id });
}

function keyOf(scope: HistoryScope): string {
  if ('visit' in scope) return encodePart(scope.visit);
  if ('identity' in scope) return encodePart(scope.identity);
  if ('page' in scope) return encodePart(scope.page);
  return ALL;
}

/** Ids are well-formed: a half of a surrogate pair can't be escaped. */
function encodePart(text: string): string {
  return text.replaceAll(UNSAFE, encodeURIComponent);
}

function decodePart(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // What was asked is malformed: the caller says so.
    return undefined;
  }
}
