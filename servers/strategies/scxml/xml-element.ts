/**
 * XML text as a tree of elements that know their line and column. Everything that is not well-formed is reported at
 * once. A document type declaration is refused, and with it every entity beyond XML's own five.
 */
import { SaxesParser } from 'saxes';
import { fail, succeed, type Result } from '#core/result.ts';

/** Where something stands in its text; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface ScxmlProblem extends Place {
  /** What is wrong and what was expected, one sentence without a full stop. */
  readonly message: string;
}

export interface XmlAttribute extends Place {
  /** As written, with its prefix. */
  readonly name: string;
  readonly uri: string;
  readonly value: string;
}

export interface XmlElement extends Place {
  /** Without prefix. */
  readonly name: string;
  readonly uri: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlNode[];
  /** All that stands between the tags, as written. */
  readonly inner: string;
}

export interface XmlText extends Place {
  readonly text: string;
}

export type XmlNode = XmlElement | XmlText;

/** An element or a text deeper than this is refused: what reads the tree calls itself. */
const DEPTH_MAX = 100;

/** Longer texts are refused unread, characters. */
const LENGTH_MAX = 1_000_000;

export function isElement(node: XmlNode): node is XmlElement {
  return 'name' in node;
}

export function parseXml(text: string): Result<XmlElement, ScxmlProblem> {
  if (text.length > LENGTH_MAX)
    return fail([{ line: 1, column: 1, message: `expected at most ${LENGTH_MAX} characters` }]);
  const reader = new TreeReader(text.replaceAll(/\r\n?/g, '\n'));
  const { root, problems } = reader.read();
  if (problems.length > 0) return fail(problems);
  return root === undefined ? fail([{ line: 1, column: 1, message: 'expected an element' }]) : succeed(root);
}

interface OpenElement {
  readonly start: number;
  innerStart: number;
  readonly children: XmlNode[];
  /** The element of `children`'s parent that this becomes; undefined until its start tag has ended. */
  tag: Omit<XmlElement, 'children' | 'inner'> | undefined;
}

class TreeReader {
  readonly #text: string;
  readonly #lineStarts: number[] = [0];
  readonly #open: OpenElement[] = [];
  readonly #problems: ScxmlProblem[] = [];
  #root: XmlElement | undefined;

  constructor(text: string) {
    this.#text = text;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#lineStarts.push(at + 1);
  }

  read(): { readonly root: XmlElement | undefined; readonly problems: readonly ScxmlProblem[] } {
    const parser = new SaxesParser({ xmlns: true, position: true });
    parser.on('error', (error) => {
      const message = error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, '');
      this.#report(parser.position, message);
    });
    parser.on('doctype', () => this.#report(parser.position, 'a document type declaration is not taken: remove it'));
    parser.on('opentagstart', () => {
      const start = this.#text.lastIndexOf('<', parser.position - 1);
      this.#open.push({ start, innerStart: start, children: [], tag: undefined });
      if (this.#open.length === DEPTH_MAX + 1) this.#report(start, `expected at most ${DEPTH_MAX} levels of elements`);
    });
    parser.on('opentag', ({ local, uri, attributes }) => {
      const open = this.#open.at(-1);
      if (open === undefined) return;
      open.innerStart = parser.position;
      const offsets = attributeOffsets(this.#text.slice(open.start, parser.position));
      open.tag = {
        ...this.#placeOf(open.start),
        name: local,
        uri,
        attributes: Object.values(attributes).map(({ name, uri: of, value }) => ({
          ...this.#placeOf(open.start + (offsets.get(name) ?? 0)),
          name,
          uri: of,
          value,
        })),
      };
    });
    parser.on('closetag', () => this.#close(parser.position));
    const addText = (text: string): void => {
      this.#open.at(-1)?.children.push({ ...this.#placeOf(parser.position - text.length - 1), text });
    };
    parser.on('text', addText);
    parser.on('cdata', addText);
    parser.write(this.#text).close();
    return { root: this.#root, problems: this.#problems };
  }

  #close(position: number): void {
    const open = this.#open.pop();
    if (open?.tag === undefined) return;
    const end = this.#text.lastIndexOf('<', position - 1);
    const inner = end > open.innerStart ? this.#text.slice(open.innerStart, end) : '';
    const element: XmlElement = { ...open.tag, children: open.children, inner };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root ??= element;
    else parent.children.push(element);
  }

  #report(offset: number, message: string): void {
    // One fault of the text can be found at several characters: the first of a line tells enough.
    const place = this.#placeOf(offset);
    if (this.#problems.some(({ line }) => line === place.line)) return;
    this.#problems.push({ ...place, message });
  }

  #placeOf(offset: number): Place {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#lineStarts[low] ?? 0) + 1 };
  }
}

/** Where each attribute's name begins within the text of a start tag. */
function attributeOffsets(tag: string): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  for (const found of tag.matchAll(/\s([^\s=<>/'"]+)\s*=\s*(?:"[^"]*"|'[^']*')/g)) {
    offsets.set(found[1] ?? '', found.index + 1);
  }
  return offsets;
}
