/** What the style asks of every source file and a machine can see cheaply: length, name, opening sentence, leftovers. */
import ts from 'typescript';

const LINES_MAX = 400;
const FORBIDDEN_WORDS = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'manager', 'data', 'info']);
const KEBAB_CASE = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/;
const FOCUSED = /\b(?:test|it|describe|suite|bench)(?:\.\w+)*\.only\b/;
// In brackets, so that this line does not find itself.
const LEFTOVER = /\b(?:TO[D]O|FIX[M]E)\b/;

/** Every complaint about one file, as sentences that say what to do. `path` is from the project's root. */
export function listUntidiness(path: string, text: string): readonly string[] {
  return [...listNameFaults(path), ...listTextFaults(path, text)];
}

function listNameFaults(path: string): readonly string[] {
  const faults: string[] = [];
  for (const part of path.split('/')) {
    if (!KEBAB_CASE.test(part)) faults.push(`name "${part}" in kebab-case`);
    const empty = part.split(/[-.]/).find((word) => FORBIDDEN_WORDS.has(word));
    if (empty !== undefined) faults.push(`"${empty}" says nothing: name ${path} after what it holds`);
  }
  return faults;
}

function listTextFaults(path: string, text: string): readonly string[] {
  const faults: string[] = [];
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  if (lines > LINES_MAX) faults.push(`${lines} lines: split it well before ${LINES_MAX}`);
  if (!/^(#!.*\n)?\s*(\/\/|\/\*)/.test(text)) faults.push('open the file with a sentence that says what it is and why');
  if (FOCUSED.test(text)) faults.push('a focused test (.only) hides all others: remove it');
  if (LEFTOVER.test(text)) faults.push('a note to come back later: do it now, or open an issue');
  if (isBarrel(path, text)) faults.push('a barrel file: import from where things are defined');
  return faults;
}

/** Nothing but re-exports, at least one of them. */
function isBarrel(path: string, text: string): boolean {
  const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  return (
    statements.length > 0 &&
    statements.every((statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined)
  );
}
