/**
 * Finds what the pure rooms may not hold: wall clocks, chance, timers, promises and the process around them. It reads the syntax
 * tree, so strings and comments don't count, and a name counts wherever it could be a reference, also as a type.
 */
import ts from 'typescript';

export interface Impurity {
  readonly line: number;
  readonly what: string;
}

const FORBIDDEN_NAMES = new Set([
  'Date',
  'Promise',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'queueMicrotask',
  'requestAnimationFrame',
  'process',
  'performance',
  'console',
  'fetch',
  'crypto',
  'globalThis',
  'window',
  'document',
  'require',
  'eval',
]);

/** Every impurity of one file's text, in order of the text. That the file parses at all is the type check's business. */
export function findImpurities(fileName: string, text: string): readonly Impurity[] {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
  const found: Impurity[] = [];
  const visit = (node: ts.Node): void => {
    const what = describeImpurity(node);
    if (what !== null) {
      found.push({ line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1, what });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function describeImpurity(node: ts.Node): string | null {
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) return 'await';
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async';
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return 'import()';
  if (!ts.isIdentifier(node)) return null;
  if (node.text === 'Math' && !isMemberName(node)) return describeUseOfMath(node);
  return FORBIDDEN_NAMES.has(node.text) && !isMemberName(node) ? node.text : null;
}

/** `Math` is fine as `Math.floor`; `Math.random`, `Math['random']` and handing Math around (`{ random } = Math`) are not. */
function describeUseOfMath(node: ts.Identifier): string | null {
  const parent = node.parent;
  if (!ts.isPropertyAccessExpression(parent)) return 'Math as a value';
  return parent.name.text === 'random' ? 'Math.random' : null;
}

/** The name after a dot, or of a property, method or import specifier's far side: a label, not a reference. */
function isMemberName(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isGetAccessorDeclaration(parent) ||
    ts.isSetAccessorDeclaration(parent)
  ) {
    return parent.name === node;
  }
  return false;
}
