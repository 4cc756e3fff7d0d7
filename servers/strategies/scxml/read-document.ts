/**
 * Reads an SCXML document: every fault of its structure at once, each with its place and what was expected. The
 * expressions in it are collected here and compiled by the sandbox.
 */
import { fail, succeed, type Result } from '#core/result.ts';
import { parseDescriptors } from './event-descriptor.ts';
import { literalOf, readAddress, readBlock, readContent, readScriptText } from './read-steps.ts';
import { attributeOf, childrenOf, Reading, type ReadOptions } from './reading.ts';
import type { DoneData, Invoke, ScxmlDocument, StateKind, StateNode, Transition } from './scxml-document.ts';
import { isElement, parseXml, type Place, type ScxmlProblem, type XmlElement } from './xml-element.ts';

const DATA_MODELS = ['ecmascript', 'null'];

export function readScxml(text: string, options: ReadOptions = {}): Result<ScxmlDocument, ScxmlProblem> {
  const xml = parseXml(text);
  return xml.ok ? readElement(xml.value, options) : xml;
}

function readElement(element: XmlElement, options: ReadOptions): Result<ScxmlDocument, ScxmlProblem> {
  const reader = new DocumentReader(element, options);
  const chart = reader.read();
  const { problems } = reader.reading;
  if (problems.length === 0) return succeed(chart);
  return fail(problems.toSorted((one, other) => one.line - other.line || one.column - other.column));
}

interface PendingTarget extends Place {
  readonly transition: Transition;
  readonly ids: readonly string[];
  /** The state within which the targets must be; null: anywhere. */
  readonly within: StateNode | null;
}

const STATE_KINDS: ReadonlySet<string> = new Set(['state', 'parallel', 'final', 'history']);

class DocumentReader {
  readonly reading: Reading;
  readonly #element: XmlElement;
  readonly #states: StateNode[] = [];
  readonly #byId = new Map<string, StateNode>();
  readonly #pending: PendingTarget[] = [];
  readonly #dataIds = new Set<string>();

  constructor(element: XmlElement, options: ReadOptions) {
    this.#element = element;
    this.reading = new Reading(options);
  }

  read(): ScxmlDocument {
    const { reading } = this;
    const element = this.#element;
    if (element.name !== 'scxml') reading.report(element, `<${element.name}>: expected <scxml>`);
    reading.check(element);
    this.#checkSettings(element);
    const root = this.#readState(element, null);
    const [script, more] = childrenOf(element, 'script');
    if (more !== undefined) reading.report(more, '<scxml>: expected one <script>');
    for (const target of this.#pending) this.#resolve(target);
    return {
      name: attributeOf(element, 'name')?.value ?? '',
      root,
      states: this.#states,
      byId: this.#byId,
      lateBinding: attributeOf(element, 'binding')?.value === 'late',
      program: reading.program,
      names: [...reading.names],
      script:
        script === undefined
          ? null
          : { line: script.line, column: script.column, text: readScriptText(script, reading) },
    };
  }

  #checkSettings(element: XmlElement): void {
    const model = attributeOf(element, 'datamodel');
    if (model !== undefined && !DATA_MODELS.includes(model.value)) {
      this.reading.report(model, `datamodel ${model.value}: expected ${DATA_MODELS.join(' or ')}`);
    }
    const version = attributeOf(element, 'version');
    if (version !== undefined && version.value !== '1.0') {
      this.reading.report(version, `version ${version.value}: expected 1.0`);
    }
    const binding = attributeOf(element, 'binding');
    if (binding !== undefined && !['early', 'late'].includes(binding.value)) {
      this.reading.report(binding, `binding ${binding.value}: expected early or late`);
    }
  }

  #readState(element: XmlElement, parent: StateNode | null): StateNode {
    const { reading } = this;
    const order = this.#states.length;
    const id = attributeOf(element, 'id');
    const node: StateNode = {
      id: id?.value ?? `$${order}`,
      kind: this.#kindOf(element),
      parent,
      order,
      lastOrder: order,
      children: [],
      histories: [],
      initial: null,
      transitions: [],
      onEntry: childrenOf(element, 'onentry').map((block) => readBlock(block, reading)),
      onExit: childrenOf(element, 'onexit').map((block) => readBlock(block, reading)),
      data: [],
      invokes: [],
      doneData: null,
    };
    this.#states.push(node);
    if (this.#byId.has(node.id)) reading.report(id ?? element, `id ${node.id} stands twice: expected another id`);
    this.#byId.set(node.id, node);
    this.#readData(element, node);
    for (const child of element.children.filter(isElement)) {
      if (STATE_KINDS.has(child.name)) {
        (child.name === 'history' ? node.histories : node.children).push(this.#readState(child, node));
      } else if (child.name === 'transition') {
        const transition = this.#readTransition(child, node);
        if (element.name === 'history') node.initial = transition;
        else node.transitions.push(transition);
      }
    }
    node.lastOrder = this.#states.length - 1;
    node.invokes.push(...childrenOf(element, 'invoke').map((invoke) => this.#readInvoke(invoke)));
    node.doneData = this.#readDoneData(element);
    if (element.name === 'history') this.#checkHistory(element, node);
    else this.#readInitial(element, node);
    return node;
  }

  #kindOf(element: XmlElement): StateKind {
    if (element.name !== 'history') {
      return element.name === 'parallel' || element.name === 'final' || element.name === 'scxml'
        ? element.name
        : 'state';
    }
    const type = attributeOf(element, 'type');
    if (type !== undefined && !['shallow', 'deep'].includes(type.value)) {
      this.reading.report(type, `type ${type.value} of <history>: expected shallow or deep`);
    }
    return type?.value === 'deep' ? 'deepHistory' : 'shallowHistory';
  }

  #readData(element: XmlElement, node: StateNode): void {
    const { reading } = this;
    for (const data of childrenOf(element, 'datamodel').flatMap((model) => childrenOf(model, 'data'))) {
      const id = attributeOf(data, 'id');
      if (id === undefined) continue;
      if (this.#dataIds.has(id.value)) reading.report(id, `data ${id.value} stands twice: expected another id`);
      this.#dataIds.add(id.value);
      reading.bind(id.value, id);
      const expression = attributeOf(data, 'expr');
      const source = attributeOf(data, 'src');
      const content = source === undefined ? data.inner.trim() : readAddress(source, reading);
      if (data.inner.trim() !== '' && (expression ?? source) !== undefined) {
        reading.report(data, '<data>: expected expr, src or content, one of them');
      }
      const text = expression?.value ?? (content === '' ? null : literalOf(content));
      node.data.push({
        id: id.value,
        init: text === null ? null : reading.add(expression ?? data, { kind: 'assign', location: id.value, text }),
        store: reading.add(id, { kind: 'store', location: id.value }),
      });
    }
  }

  #readTransition(element: XmlElement, source: StateNode): Transition {
    const { reading } = this;
    const target = attributeOf(element, 'target');
    const event = attributeOf(element, 'event');
    const type = attributeOf(element, 'type');
    if (type !== undefined && !['internal', 'external'].includes(type.value)) {
      reading.report(type, `type ${type.value} of <transition>: expected internal or external`);
    }
    const events = parseDescriptors(event?.value ?? '');
    if (event !== undefined && events.length === 0) reading.report(event, 'event: expected at least one descriptor');
    const when = reading.value(element, 'cond', 'condition');
    if (event === undefined && when === null && target === undefined) {
      reading.report(element, '<transition>: expected event, cond or target');
    }
    const transition: Transition = {
      line: element.line,
      column: element.column,
      source,
      events,
      when,
      targets: [],
      internal: type?.value === 'internal',
      steps: readBlock(element, reading),
    };
    if (target !== undefined) this.#target(transition, target, null);
    return transition;
  }

  #target(transition: Transition, { value, line, column }: Place & { value: string }, within: StateNode | null): void {
    const ids = value.split(/\s+/).filter((id) => id !== '');
    if (ids.length === 0) this.reading.report({ line, column }, 'expected the id of a state');
    this.#pending.push({ transition, ids, within, line, column });
  }

  #resolve({ transition, ids, within, ...place }: PendingTarget): void {
    transition.targets = ids.flatMap((id) => {
      const state = this.#byId.get(id);
      if (state === undefined || state.kind === 'scxml') {
        this.reading.report(place, `${id} is no state of this document: expected the id of one`);
        return [];
      }
      if (within !== null && !(state.order > within.order && state.order <= within.lastOrder)) {
        this.reading.report(place, `${id} is not below ${within.id}: expected the id of a state that is`);
      }
      return [state];
    });
  }

  /** The default entry: `initial` as attribute or element, else the first state in document order. */
  #readInitial(element: XmlElement, node: StateNode): void {
    const [child, more] = childrenOf(element, 'initial');
    const attribute = attributeOf(element, 'initial');
    if (more !== undefined) this.reading.report(more, `<${element.name}>: expected one <initial>`);
    if (child !== undefined && attribute !== undefined) {
      this.reading.report(attribute, 'expected the attribute initial or the element <initial>, not both');
    }
    const [first] = node.children;
    if (first === undefined) {
      if (node.kind === 'scxml') this.reading.report(element, '<scxml>: expected at least one state');
      if (attribute !== undefined) this.reading.report(attribute, `${node.id} has no state below it to begin with`);
      return;
    }
    if (node.kind !== 'state' && node.kind !== 'scxml') return;
    const within = node.kind === 'scxml' ? null : node;
    if (child !== undefined) {
      const [written, another] = childrenOf(child, 'transition');
      if (written === undefined || another !== undefined) {
        this.reading.report(child, '<initial>: expected one <transition>');
        return;
      }
      node.initial = this.#readTransition(written, node);
      this.#checkDefault(written, node.initial);
      return;
    }
    const { line, column } = attribute ?? element;
    const transition: Transition = {
      line,
      column,
      source: node,
      events: [],
      when: null,
      targets: [first],
      internal: false,
      steps: [],
    };
    node.initial = transition;
    if (attribute !== undefined) this.#target(transition, attribute, within);
  }

  #checkHistory(element: XmlElement, node: StateNode): void {
    const written = childrenOf(element, 'transition');
    const [first] = written;
    if (first === undefined || written.length > 1 || node.initial === null) {
      this.reading.report(element, '<history>: expected one <transition>');
      return;
    }
    this.#checkDefault(first, node.initial);
  }

  /** A default transition has a target and neither event nor condition. */
  #checkDefault(element: XmlElement, { events, when }: Transition): void {
    if (events.length > 0 || when !== null || attributeOf(element, 'target') === undefined) {
      this.reading.report(element, '<transition> of a default: expected target, without event or cond');
    }
  }

  #readDoneData(element: XmlElement): DoneData | null {
    const [doneData] = childrenOf(element, 'donedata');
    if (doneData === undefined) return null;
    return {
      params: this.reading.params(doneData).map(({ name, text, ...place }) => {
        return [name, this.reading.add(place, { kind: 'payload', text })] as const;
      }),
      content: readContent(doneData, this.reading),
    };
  }

  #readInvoke(element: XmlElement): Invoke {
    const { reading } = this;
    const [content] = childrenOf(element, 'content');
    const [finalize] = childrenOf(element, 'finalize');
    const child = content?.children.find(isElement);
    const source = attributeOf(element, 'src');
    const known = source === undefined ? undefined : reading.options.resolve?.(source.value);
    let chart: ScxmlDocument | null = null;
    if (child !== undefined || known !== undefined) {
      const read = child === undefined ? readScxml(known ?? '', reading.options) : readElement(child, reading.options);
      if (read.ok) chart = read.value;
      else reading.problems.push(...read.problems);
    } else if (source !== undefined) {
      reading.report(source, `${source.value} is not to be had: expected the document in <content>`);
    }
    return {
      id: attributeOf(element, 'id')?.value ?? null,
      idLocation: reading.store(element, 'idlocation'),
      processor: reading.textSource(element, 'type'),
      source: reading.textSource(element, 'src'),
      child: chart,
      content: content === undefined ? null : reading.value(content, 'expr', 'payload'),
      record: reading.record(element),
      autoforward: attributeOf(element, 'autoforward')?.value === 'true',
      finalize: finalize === undefined ? null : readBlock(finalize, reading),
    };
  }
}
