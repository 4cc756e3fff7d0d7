/**
 * What all parts of the reader share: the problems found so far, the document's program as it grows, and the look at an
 * element's attributes.
 */
import { ruleOf, SCXML_NAMESPACE, type ElementRule } from './element-rules.ts';
import type { Payload, ProgramIndex, ProgramPiece, TextSource } from './scxml-document.ts';
import { isElement, type Place, type ScxmlProblem, type XmlElement } from './xml-element.ts';

/** What a document may take from elsewhere. */
export interface ReadOptions {
  /** The text behind an address in `src`, when the document is read; undefined: not to be had. */
  readonly resolve?: (address: string) => string | undefined;
}

type PieceWithoutPlace<P> = P extends ProgramPiece ? Omit<P, keyof Place> : never;

export const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** Bound by the platform: a document may read them, not write them. */
const SYSTEM_NAMES = new Set(['_event', '_sessionid', '_name', '_ioprocessors', '_x', 'In']);

export class Reading {
  readonly problems: ScxmlProblem[] = [];
  readonly program: ProgramPiece[] = [];
  readonly names = new Set<string>();
  readonly options: ReadOptions;

  constructor(options: ReadOptions) {
    this.options = options;
  }

  report(place: Place, message: string): void {
    this.problems.push({ line: place.line, column: place.column, message });
  }

  /** Checks an element and everything in it that is SCXML's against the tables. */
  check(element: XmlElement): void {
    const rule = ruleOf(element.name);
    if (element.uri !== SCXML_NAMESPACE || rule === null) {
      const expected = element.uri === SCXML_NAMESPACE ? 'an element of SCXML' : `the namespace ${SCXML_NAMESPACE}`;
      this.report(element, `<${element.name}>: expected ${expected}`);
      return;
    }
    this.#checkAttributes(element, rule);
    if (rule.children === 'any') return;
    for (const child of element.children) {
      if (!isElement(child)) {
        if (rule.text !== true && child.text.trim() !== '') this.report(child, `<${element.name}> takes no text`);
      } else if (child.uri === SCXML_NAMESPACE && !rule.children.includes(child.name)) {
        const expected = rule.children.map((name) => `<${name}>`).join(', ') || 'no element';
        this.report(child, `<${child.name}> in <${element.name}>: expected ${expected}`);
      } else {
        this.check(child);
      }
    }
  }

  #checkAttributes({ name, attributes, ...place }: XmlElement, rule: ElementRule): void {
    const present = attributes.filter(({ uri }) => uri === '');
    for (const attribute of present) {
      if (rule.attributes.includes(attribute.name)) continue;
      this.report(
        attribute,
        `attribute ${attribute.name} of <${name}>: expected ${rule.attributes.join(', ') || 'none'}`,
      );
    }
    for (const required of rule.required ?? []) {
      if (!present.some((attribute) => attribute.name === required)) {
        this.report(place, `<${name}>: expected the attribute ${required}`);
      }
    }
    for (const group of rule.exclusive ?? []) {
      const both = present.filter((attribute) => group.includes(attribute.name));
      if (both[1] !== undefined) this.report(both[1], `expected one of ${group.join(' and ')}, not both`);
    }
  }

  add(place: Place, piece: PieceWithoutPlace<ProgramPiece>): ProgramIndex {
    this.program.push({ line: place.line, column: place.column, ...piece });
    return this.program.length - 1;
  }

  /** The program piece of an attribute that holds an expression; null if there is none. */
  value(element: XmlElement, name: string, kind: 'text' | 'payload' | 'condition'): ProgramIndex | null {
    const attribute = attributeOf(element, name);
    return attribute === undefined ? null : this.add(attribute, { kind, text: attribute.value });
  }

  /** A text written in `name` or computed by `name` with `expr` behind it; null if there is neither. */
  textSource(element: XmlElement, name: string): TextSource | null {
    const fixed = attributeOf(element, name);
    if (fixed !== undefined) return { kind: 'fixed', text: fixed.value };
    const at = this.value(element, `${name}expr`, 'text');
    return at === null ? null : { kind: 'computed', at };
  }

  /** Where a value that the host knows goes, e.g. `idlocation`. */
  store(element: XmlElement, name: string): ProgramIndex | null {
    const attribute = attributeOf(element, name);
    if (attribute === undefined) return null;
    return this.add(attribute, { kind: 'store', location: attribute.value });
  }

  /** The record of `namelist` and of the params; null if there is neither. */
  record(element: XmlElement): ProgramIndex | null {
    const namelist = attributeOf(element, 'namelist');
    const fields = (namelist?.value.split(/\s+/) ?? [])
      .filter((name) => name !== '')
      .map((name): readonly [string, string] => [name, name]);
    fields.push(...this.params(element).map(({ name, text }): readonly [string, string] => [name, text]));
    return fields.length === 0 ? null : this.add(element, { kind: 'record', fields });
  }

  params(element: XmlElement): readonly (Place & { readonly name: string; readonly text: string })[] {
    return childrenOf(element, 'param').flatMap((param) => {
      const text = attributeOf(param, 'expr') ?? attributeOf(param, 'location');
      if (text === undefined) this.report(param, '<param>: expected expr or location');
      const { line, column } = text ?? param;
      return [{ line, column, name: attributeOf(param, 'name')?.value ?? '', text: text?.value ?? '' }];
    });
  }

  /** A name that a document may bind. */
  bind(name: string, place: Place): void {
    if (!IDENTIFIER.test(name)) this.report(place, `${name}: expected an identifier`);
    else if (SYSTEM_NAMES.has(name)) this.report(place, `${name} is the platform's: expected another name`);
    else this.names.add(name);
  }
}

export function isSystemLocation(location: string): boolean {
  return SYSTEM_NAMES.has(/^\s*([\w$]*)/.exec(location)?.[1] ?? '');
}

export function attributeOf(element: XmlElement, name: string): (Place & { readonly value: string }) | undefined {
  return element.attributes.find((attribute) => attribute.name === name && attribute.uri === '');
}

export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child): child is XmlElement => isElement(child) && child.name === name);
}

/** Text between tags as a value: XML, else JSON, else the words with single blanks between them (SCXML B.2). */
export function payloadOf(content: string): Payload {
  const text = content.replaceAll(/<!--.*?-->/gs, '').trim();
  if (text.startsWith('<') && !text.startsWith('<![CDATA[')) return { kind: 'xml', xml: text };
  const plain = text.replaceAll(/<!\[CDATA\[(.*?)\]\]>/gs, '$1');
  return { kind: 'json', json: jsonOf(plain) };
}

function jsonOf(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return JSON.stringify(text.trim().replaceAll(/\s+/g, ' '));
  }
}
