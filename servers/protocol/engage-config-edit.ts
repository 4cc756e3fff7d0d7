/**
 * Writes one option into the text of an engage.yaml. Where the file's form allows, only the value's own characters
 * change, or lines are added and all others stay byte by byte; else the YAML library writes the document anew, comments
 * and order kept. Either way the outcome is read again and must say what the old text said, but for this option.
 */
import { Document, isAlias, isMap, isScalar, parseDocument, Scalar, type YAMLMap } from 'yaml';
import { assert } from '#core/assert.ts';
import { ENGAGE_CONFIG_VERSION } from './engage-config.ts';

export interface OptionEdit {
  /**
   * Spellings of the section under which the option may stand already; the first is written where it stands under none.
   */
  readonly sections: readonly string[];
  readonly name: string;
  readonly value: string | number | boolean;
}

/**
 * The new text, or undefined where the option can't be changed without changing something else (an anchor that others
 * refer to). `text` is '' for a file that does not exist yet; otherwise one that `parseEngageConfig` reads.
 */
export function editOption(text: string, edit: OptionEdit): string | undefined {
  const document = parse(text);
  assert(document.errors.length === 0, 'only a text that parses is edited');
  const section = sectionToWrite(document, edit);
  const path = ['options', section, edit.name];
  if (document.getIn(path) === edit.value) return text;
  const expected = leavesOf(document.toJS(), path).add(JSON.stringify([path, edit.value]));
  const spliced = spliceIn(text, document, section, edit);
  if (spliced !== undefined && says(spliced, expected)) return spliced;
  const rewritten = rewrite(document, section, edit);
  return says(rewritten, expected) ? rewritten : undefined;
}

function parse(text: string): Document.Parsed {
  return parseDocument(text, { version: '1.2', uniqueKeys: true });
}

/** The spelling under which the option stands, else one whose section is there, else the first. */
function sectionToWrite(document: Document, edit: OptionEdit): string {
  const first = edit.sections[0];
  assert(first !== undefined, 'an edit names a section');
  return (
    edit.sections.find((one) => document.hasIn(['options', one, edit.name])) ??
    edit.sections.find((one) => isMap(document.getIn(['options', one], true))) ??
    first
  );
}

function spliceIn(text: string, document: Document, section: string, edit: OptionEdit): string | undefined {
  const standing = document.getIn(['options', section, edit.name], true);
  if (isScalar(standing)) {
    const range = standing.range;
    const plain = standing.type === Scalar.PLAIN || standing.type?.startsWith('QUOTE') === true;
    if (!plain || range === undefined || range === null || range[0] === range[1]) return undefined;
    return text.slice(0, range[0]) + writeScalar(edit.value) + text.slice(range[1]);
  }
  if (standing !== undefined) return undefined;
  const line = `${writeScalar(edit.name)}: ${writeScalar(edit.value)}`;
  const inSection = document.getIn(['options', section], true);
  if (isMap(inSection)) return appendLines(text, inSection, (indent) => [indent + line]);
  if (inSection !== undefined) return undefined;
  const options = document.get('options', true);
  if (!isMap(options)) return undefined;
  return appendLines(text, options, (indent) => [`${indent}${writeScalar(section)}:`, `${indent}  ${line}`]);
}

/**
 * `lines` after the last entry of a block map, in its indentation; undefined where the map is empty or written in one
 * line.
 */
function appendLines(text: string, map: YAMLMap, lines: (indent: string) => readonly string[]): string | undefined {
  const first = map.items[0]?.key;
  if (map.flow === true || !isScalar(first) || first.range === undefined || first.range === null) return undefined;
  const keyAt = first.range[0];
  const indent = text.slice(text.lastIndexOf('\n', keyAt - 1) + 1, keyAt);
  const contentEnd = endOfContent(map);
  if (!/^ *$/.test(indent) || contentEnd === undefined) return undefined;
  const end = lineEndOf(text);
  const lineBreak = text[contentEnd - 1] === '\n' ? contentEnd - 1 : text.indexOf('\n', contentEnd);
  const added = lines(indent).join(end);
  if (lineBreak < 0) return `${text}${end}${added}${end}`;
  return `${text.slice(0, lineBreak + 1)}${added}${end}${text.slice(lineBreak + 1)}`;
}

/** Where the last value inside a map ends, comments after it not counted. */
function endOfContent(map: YAMLMap): number | undefined {
  const last = map.items.at(-1)?.value;
  if (isMap(last) && last.flow !== true && last.items.length > 0) return endOfContent(last);
  return isMap(last) || isScalar(last) || isAlias(last) ? last.range?.[1] : undefined;
}

function lineEndOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** A scalar in one line, quoted where it has to be in a flow or a block. */
function writeScalar(value: string | number | boolean): string {
  const document = new Document({ v: value });
  if (isMap(document.contents)) document.contents.flow = true;
  const text = document.toString({ lineWidth: 0, blockQuote: false, flowCollectionPadding: false });
  return text.slice('{v: '.length, -'}\n'.length);
}

function rewrite(document: Document, section: string, edit: OptionEdit): string {
  if (document.contents === null) document.set('version', ENGAGE_CONFIG_VERSION);
  openMap(document, ['options']);
  openMap(document, ['options', section]);
  document.setIn(['options', section, edit.name], edit.value);
  return document.toString({ lineWidth: 0, blockQuote: false });
}

/** `options:` with nothing after it is no map yet, and an empty `{}` would go on in one line. */
function openMap(document: Document, path: readonly string[]): void {
  const standing = document.getIn(path, true);
  if (!isMap(standing)) document.setIn(path, document.createNode({}));
  const map = document.getIn(path, true);
  if (isMap(map) && map.items.length === 0) map.flow = false;
}

/**
 * Every value of a document with its path, but for the one at `without` and the file's version, which a new file gets.
 */
function leavesOf(value: unknown, without: readonly string[]): Set<string> {
  const leaves = new Set<string>();
  collectLeaves(value, [], leaves, [JSON.stringify(without), '["version"]']);
  return leaves;
}

function collectLeaves(value: unknown, path: readonly string[], into: Set<string>, without: readonly string[]): void {
  if (value !== null && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) collectLeaves(inner, [...path, key], into, without);
  } else if (value !== undefined && value !== null && !without.includes(JSON.stringify(path))) {
    into.add(JSON.stringify([path, value]));
  }
}

function says(text: string, expected: ReadonlySet<string>): boolean {
  const document = parse(text);
  if (document.errors.length > 0) return false;
  const leaves = leavesOf(document.toJS(), []);
  return leaves.size === expected.size && [...leaves].every((leaf) => expected.has(leaf));
}
