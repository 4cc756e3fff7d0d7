/** Reads executable content: what an onentry, an onexit, a transition or a finalize does, step by step. */
import { parseDelayMs } from './delay.ts';
import { attributeOf, childrenOf, IDENTIFIER, isSystemLocation, payloadOf, type Reading } from './reading.ts';
import type { Block, ContentSource, IfBranch, ProgramIndex, SendStep, Step } from './scxml-document.ts';
import { isElement, type XmlElement } from './xml-element.ts';
import { xmlTree } from './xml-tree.ts';

export function readBlock(parent: XmlElement, reading: Reading): Block {
  return parent.children.filter(isElement).flatMap((child) => readStep(child, reading));
}

function readStep(element: XmlElement, reading: Reading): readonly Step[] {
  switch (element.name) {
    case 'raise':
      return [{ type: 'raise', event: attributeOf(element, 'event')?.value ?? '' }];
    case 'if':
      return [{ type: 'if', branches: readBranches(element, reading) }];
    case 'foreach':
      return [readForeach(element, reading)];
    case 'log':
      return [
        {
          type: 'log',
          label: attributeOf(element, 'label')?.value ?? '',
          value: reading.value(element, 'expr', 'text'),
        },
      ];
    case 'assign':
      return [{ type: 'run', at: readAssign(element, reading) }];
    case 'script':
      return [
        { type: 'run', at: reading.add(element, { kind: 'statements', text: readScriptText(element, reading) }) },
      ];
    case 'send':
      return [readSend(element, reading)];
    case 'cancel': {
      const id = reading.textSource(element, 'sendid');
      if (id === null) reading.report(element, '<cancel>: expected sendid or sendidexpr');
      return id === null ? [] : [{ type: 'cancel', id }];
    }
    default:
      // A transition's own parts and what the tables have reported.
      return [];
  }
}

function readBranches(element: XmlElement, reading: Reading): readonly IfBranch[] {
  const branches: { when: ProgramIndex | null; steps: Step[] }[] = [
    { when: reading.value(element, 'cond', 'condition'), steps: [] },
  ];
  for (const child of element.children.filter(isElement)) {
    if (child.name === 'elseif' || child.name === 'else') {
      if (branches.at(-1)?.when === null) reading.report(child, `<${child.name}> after <else>: expected </if>`);
      branches.push({ when: reading.value(child, 'cond', 'condition'), steps: [] });
    } else {
      branches.at(-1)?.steps.push(...readStep(child, reading));
    }
  }
  return branches;
}

function readForeach(element: XmlElement, reading: Reading): Step {
  const item = attributeOf(element, 'item');
  const index = attributeOf(element, 'index');
  for (const name of [item, index]) {
    if (name !== undefined && IDENTIFIER.test(name.value)) reading.bind(name.value, name);
  }
  const array = attributeOf(element, 'array');
  return {
    type: 'foreach',
    list: reading.add(array ?? element, { kind: 'list', text: array?.value ?? '' }),
    item: reading.add(item ?? element, { kind: 'item', item: item?.value ?? '', index: index?.value ?? null }),
    steps: readBlock(element, reading),
  };
}

function readAssign(element: XmlElement, reading: Reading): ProgramIndex {
  const location = attributeOf(element, 'location');
  const target = location?.value ?? '';
  const expression = attributeOf(element, 'expr');
  const inner = element.inner.trim();
  if (expression !== undefined && inner !== '') {
    reading.report(element, '<assign>: expected expr or content, not both');
  }
  if (isSystemLocation(target)) {
    const message = JSON.stringify(`${target} can't be assigned: it is the platform's`);
    return reading.add(element, { kind: 'statements', text: `throw new TypeError(${message})` });
  }
  if (expression !== undefined) {
    return reading.add(expression, { kind: 'assign', location: target, text: expression.value });
  }
  return reading.add(location ?? element, { kind: 'assign', location: target, text: literalOf(inner) });
}

/** The expression that makes the value of text between tags. */
export function literalOf(content: string): string {
  const payload = payloadOf(content);
  if (payload.kind === 'json') return `$json(${JSON.stringify(payload.json)})`;
  return `$xml(${JSON.stringify(xmlTree(payload.xml))})`;
}

export function readScriptText(element: XmlElement, reading: Reading): string {
  const source = attributeOf(element, 'src');
  if (source === undefined) {
    return element.children.map((child) => (isElement(child) ? '' : child.text)).join('');
  }
  return readAddress(source, reading);
}

/** The text behind an address; nothing, and a problem, where it is not to be had. */
export function readAddress(source: { value: string; line: number; column: number }, reading: Reading): string {
  const text = reading.options.resolve?.(source.value);
  if (text === undefined) reading.report(source, `${source.value} is not to be had: expected it written out here`);
  return text ?? '';
}

function readSend(element: XmlElement, reading: Reading): SendStep {
  const delay = reading.textSource(element, 'delay');
  if (delay?.kind === 'fixed' && parseDelayMs(delay.text) === null) {
    const place = attributeOf(element, 'delay') ?? element;
    reading.report(place, `delay ${delay.text}: expected a time such as 500ms or 1.5s`);
  }
  const content = readContent(element, reading);
  const record = reading.record(element);
  if (content !== null && record !== null) {
    reading.report(element, '<send>: expected content, or params and namelist, not both');
  }
  return {
    type: 'send',
    line: element.line,
    column: element.column,
    event: reading.textSource(element, 'event'),
    target: reading.textSource(element, 'target'),
    processor: reading.textSource(element, 'type'),
    id: attributeOf(element, 'id')?.value ?? null,
    idLocation: reading.store(element, 'idlocation'),
    delay,
    record,
    content,
  };
}

/** What a `<content>` of the element carries; null if it has none. */
export function readContent(element: XmlElement, reading: Reading): ContentSource | null {
  const [content, more] = childrenOf(element, 'content');
  if (more !== undefined) reading.report(more, `<${element.name}>: expected one <content>`);
  if (content === undefined) return null;
  const at = reading.value(content, 'expr', 'payload');
  if (at !== null && content.inner.trim() !== '') {
    reading.report(content, '<content>: expected expr or content, not both');
  }
  return at === null ? { kind: 'fixed', payload: payloadOf(content.inner) } : { kind: 'computed', at };
}
