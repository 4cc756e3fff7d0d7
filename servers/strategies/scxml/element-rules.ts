/** What each element of SCXML may carry: the tables that a document is checked against before it is read. */

export interface ElementRule {
  readonly attributes: readonly string[];
  readonly required?: readonly string[];
  /** Attributes of which at most one may stand. */
  readonly exclusive?: readonly (readonly string[])[];
  /** Elements that may stand in it; 'any': XML of the author's own. */
  readonly children: readonly string[] | 'any';
  /** Whether text may stand in it. */
  readonly text?: true;
}

const EXECUTABLE = ['raise', 'if', 'foreach', 'log', 'assign', 'script', 'send', 'cancel'];
const STATES = ['state', 'parallel', 'final'];

export const SCXML_NAMESPACE = 'http://www.w3.org/2005/07/scxml';

const RULES: Readonly<Record<string, ElementRule>> = {
  scxml: {
    attributes: ['initial', 'name', 'version', 'datamodel', 'binding'],
    required: ['version'],
    children: [...STATES, 'datamodel', 'script'],
  },
  state: {
    attributes: ['id', 'initial'],
    children: [...STATES, 'history', 'initial', 'onentry', 'onexit', 'transition', 'datamodel', 'invoke'],
  },
  parallel: {
    attributes: ['id'],
    children: ['state', 'parallel', 'history', 'onentry', 'onexit', 'transition', 'datamodel', 'invoke'],
  },
  final: { attributes: ['id'], children: ['onentry', 'onexit', 'donedata'] },
  history: { attributes: ['id', 'type'], children: ['transition'] },
  initial: { attributes: [], children: ['transition'] },
  onentry: { attributes: [], children: EXECUTABLE },
  onexit: { attributes: [], children: EXECUTABLE },
  transition: { attributes: ['event', 'cond', 'target', 'type'], children: EXECUTABLE },
  raise: { attributes: ['event'], required: ['event'], children: [] },
  if: { attributes: ['cond'], required: ['cond'], children: [...EXECUTABLE, 'elseif', 'else'] },
  elseif: { attributes: ['cond'], required: ['cond'], children: [] },
  else: { attributes: [], children: [] },
  foreach: { attributes: ['array', 'item', 'index'], required: ['array', 'item'], children: EXECUTABLE },
  log: { attributes: ['label', 'expr'], children: [] },
  datamodel: { attributes: [], children: ['data'] },
  data: {
    attributes: ['id', 'src', 'expr'],
    required: ['id'],
    exclusive: [['src', 'expr']],
    children: 'any',
    text: true,
  },
  assign: { attributes: ['location', 'expr', 'attr', 'type'], required: ['location'], children: 'any', text: true },
  donedata: { attributes: [], children: ['content', 'param'] },
  content: { attributes: ['expr'], children: 'any', text: true },
  param: {
    attributes: ['name', 'expr', 'location'],
    required: ['name'],
    exclusive: [['expr', 'location']],
    children: [],
  },
  script: { attributes: ['src'], children: [], text: true },
  send: {
    attributes: [
      'event',
      'eventexpr',
      'target',
      'targetexpr',
      'type',
      'typeexpr',
      'id',
      'idlocation',
      'delay',
      'delayexpr',
      'namelist',
    ],
    exclusive: [
      ['event', 'eventexpr'],
      ['target', 'targetexpr'],
      ['type', 'typeexpr'],
      ['id', 'idlocation'],
      ['delay', 'delayexpr'],
    ],
    children: ['content', 'param'],
  },
  cancel: { attributes: ['sendid', 'sendidexpr'], exclusive: [['sendid', 'sendidexpr']], children: [] },
  invoke: {
    attributes: ['type', 'typeexpr', 'src', 'srcexpr', 'id', 'idlocation', 'namelist', 'autoforward'],
    exclusive: [
      ['type', 'typeexpr'],
      ['src', 'srcexpr'],
      ['id', 'idlocation'],
    ],
    children: ['content', 'param', 'finalize'],
  },
  finalize: { attributes: [], children: EXECUTABLE },
};

/** Null: not an element of SCXML. */
export function ruleOf(name: string): ElementRule | null {
  return RULES[name] ?? null;
}
