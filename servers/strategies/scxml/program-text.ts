/**
 * The ECMAScript of a document as one factory: each call of it makes one session's variables, closed over by one
 * function that runs any piece by its number. Sessions share the compiled code and nothing else.
 */
import { IDENTIFIER } from './reading.ts';
import type { ProgramPiece, ScxmlDocument } from './scxml-document.ts';

/** Numbers of what every session can do beside its document's pieces. */
export const SET_EVENT = -1;
export const END_LIST = -2;

/**
 * The generator yields the session's function, then runs the document's own script on: functions and variables that the
 * script declares are the session's.
 */
export function factoryText(chart: ScxmlDocument, pieces: readonly string[]): string {
  const kept = chart.program.flatMap((piece) => (piece.kind === 'statements' ? declaredNames(piece.text) : []));
  const names = [...chart.names, ...assignedNames(chart), ...kept];
  const keep = [...new Set(kept)].map((name) => `${name}: ($value) => { ${name} = $value; }`);
  return `(function* (In, _sessionid, $) { 'use strict';
const _name = ${JSON.stringify(chart.name)}, _ioprocessors = $.processors(_sessionid), _x = $.platform;
const { text: $text, payload: $payload, take: $take, json: $json, xml: $xml, list: $list, record: $record } = $;
const $lists = [], $keep = { ${keep.join(', ')} };
var _event;
${names.length === 0 ? '' : `var ${[...new Set(names)].join(', ')};`}
yield function ($index, $given) {
switch ($index) {
case ${SET_EVENT}: _event = $.event($given); return;
case ${END_LIST}: $lists.pop(); return;
${pieces.map((piece, index) => `case ${index}: ${piece}`).join('\n')}
}
};
${chart.script?.text ?? ''}
})`;
}

/** The statements of one piece. */
export function pieceText(piece: ProgramPiece): string {
  switch (piece.kind) {
    case 'text':
      return `return $text((${expression(piece.text)}\n));`;
    case 'payload':
      return `return $payload((${expression(piece.text)}\n));`;
    case 'condition':
      return `return (${expression(piece.text)}\n) ? 1 : 0;`;
    case 'assign':
      return `${piece.location} = (${expression(piece.text)}\n); return;`;
    case 'store':
      return `${piece.location} = $take($given); return;`;
    case 'statements':
      return statementsText(piece.text);
    case 'list':
      return `return $list($lists, (${expression(piece.text)}\n));`;
    case 'item': {
      const index = piece.index === null ? '' : `${piece.index} = $given;`;
      return `${piece.item} = $lists[$lists.length - 1][$given]; ${index} return;`;
    }
    case 'record': {
      const fields = piece.fields.map(([name, text]) => `[${JSON.stringify(name)}, (${expression(text)}\n)]`);
      return `return $record([${fields.join(', ')}]);`;
    }
  }
}

function expression(text: string): string {
  return text.replace(/;\s*$/, '');
}

/**
 * A script that runs later than the document's own: what it declares with `var` or `function` is the session's all the
 * same. It is handed in, and handed out again when the script has come to its end.
 */
function statementsText(text: string): string {
  const names = declaredNames(text);
  const out = names.map((name) => `$keep.${name}(${name});`).join(' ');
  return `return ((${names.join(', ')}) => {${text}\n;${out}})(${names.join(', ')}), undefined;`;
}

function declaredNames(text: string): readonly string[] {
  const names = [...matches(text, FUNCTION)];
  for (const list of matches(text, VARIABLES)) names.push(...matches(list, VARIABLE));
  return [...new Set(names)].filter(isFree);
}

function isFree(name: string): boolean {
  return IDENTIFIER.test(name) && !RESERVED.has(name);
}

const FUNCTION = /\bfunction\s+([A-Za-z_$][\w$]*)/g;
const VARIABLES = /\bvar\s+([^;\n]*)/g;
const VARIABLE = /(?:^|,)\s*([A-Za-z_$][\w$]*)\s*(?=[=,;]|$)/g;

/** A piece on its own, so that a fault of it is found at its place. */
export function pieceAlone(piece: ProgramPiece): string {
  return `(function ($given, $lists, $keep) { 'use strict'; ${pieceText(piece)} })`;
}

/**
 * What scripts assign without having declared it is a variable of the session, as a global is elsewhere. Names found
 * in a comment or a text do no harm.
 */
function assignedNames(chart: ScxmlDocument): readonly string[] {
  const scripts = chart.program.flatMap((piece) => (piece.kind === 'statements' ? [piece.text] : []));
  const declared = new Set([chart.script?.text ?? ''].flatMap((text) => [...matches(text, DECLARED)]));
  return [...scripts, chart.script?.text ?? '']
    .flatMap((text) => [...matches(text, ASSIGNED)])
    .filter((name) => !declared.has(name) && isFree(name));
}

const ASSIGNED = /(?<![\w$.])([A-Za-z_$][\w$]*)\s*(?:[-+*/%&|^]|<<|>>>?|\*\*|&&|\|\||\?\?)?=(?![=>])/g;
const DECLARED = /\b(?:let|const|class)\s+([A-Za-z_$][\w$]*)/g;

function* matches(text: string, pattern: RegExp): Iterable<string> {
  for (const found of text.matchAll(pattern)) yield found[1] ?? '';
}

/** Words that no variable can have as its name, and the platform's own. */
const RESERVED = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof undefined var void while with yield ' +
    '_event _sessionid _name _ioprocessors _x In'
  ).split(' '),
);
