/** XML as a value: the JSON of which the sandbox makes the little document tree that SCXML B.2 asks for. */
import { isElement, parseXml, type XmlElement } from './xml-element.ts';

interface Tree {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Tree | string)[];
  /** As written; only of the whole. */
  readonly source?: string;
}

/** What is not well-formed, such as two elements side by side, is its own text. */
export function xmlTree(xml: string): string {
  const read = parseXml(xml);
  const tree: Tree = read.ok
    ? { ...treeOf(read.value), source: xml }
    : { name: '#text', attributes: {}, children: [xml], source: xml };
  return JSON.stringify(tree);
}

function treeOf({ name, attributes, children }: XmlElement): Tree {
  return {
    name,
    attributes: Object.fromEntries(attributes.map((attribute) => [attribute.name, attribute.value])),
    children: children.map((child) => (isElement(child) ? treeOf(child) : child.text)),
  };
}
