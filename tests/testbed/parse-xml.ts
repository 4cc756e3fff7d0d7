/** XML as a tree, by a strict parser: anything that is not well formed throws. */
import sax, { type SaxHandlers } from 'sax';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XmlElement | string)[];
}

export function parseXml(text: string): XmlElement {
  const root: Open = { name: '', attributes: {}, children: [] };
  const open: Open[] = [root];
  const handlers: SaxHandlers = {
    onerror: (error) => {
      throw error;
    },
    onopentag: ({ name, attributes }) => {
      const element: Open = { name, attributes: { ...attributes }, children: [] };
      open.at(-1)?.children.push(element);
      open.push(element);
    },
    onclosetag: () => void open.pop(),
    ontext: (words) => void open.at(-1)?.children.push(words),
  };
  Object.assign(sax.parser(true), handlers).write(text).close();
  const [document] = root.children.filter((child) => typeof child !== 'string');
  if (document === undefined) throw new Error('no element');
  return document;
}

interface Open extends XmlElement {
  readonly children: (Open | string)[];
}

/** All elements of a name below (and with) `element`, in the order of the text. */
export function findAll(element: XmlElement, name: string): readonly XmlElement[] {
  const below = element.children.flatMap((child) => (typeof child === 'string' ? [] : findAll(child, name)));
  return element.name === name ? [element, ...below] : below;
}

export function textOf(element: XmlElement): string {
  return element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}
