/** Pages of CSV as one text: each page of a listing brings its own header row. */

const LINE_END = '\r\n';

export function joinCsv(pages: readonly string[]): string {
  return pages.map((page, index) => (index === 0 ? page : withoutHeader(page))).join('');
}

/** Names of columns hold no line ends, so the first one ends the header. */
function withoutHeader(page: string): string {
  const at = page.indexOf(LINE_END);
  return at < 0 ? '' : page.slice(at + LINE_END.length);
}

/** A file name that every system takes: `visit-A1-events.csv`. */
export function fileNameOf(parts: readonly string[], extension: string): string {
  const name = parts.map((part) => part.replaceAll(/[^\w.-]+/g, '_')).join('-');
  return `${name.slice(0, 120)}.${extension}`;
}
