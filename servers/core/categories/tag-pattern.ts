/**
 * One tag, compiled: is its expression in a text? Regular expressions run in linear time (RE2), whatever an author or a
 * visitor writes, and only on texts that hold the literal they begin with.
 */
import { RE2JS } from 're2js';
import type { CategoryTag } from './category.ts';

/** Is the expression in `text`? `folded` is `foldCase(text)`, made once a text and handed to all tags. */
export type TagPattern = (text: string, folded: string) => boolean;

export const EXPRESSION_LENGTH_MAX = 1_000;

/** Lower case; the long s, which RE2 takes for an s where case does not matter, becomes one. */
export function foldCase(text: string): string {
  return text.toLowerCase().replaceAll('\u017f', 's');
}

/** Compiles a tag whose expression has no fault; throws RE2JS's syntax error on one that has. */
export function compileTagPattern(tag: Pick<CategoryTag, 'kind' | 'expression' | 'matchCase'>): TagPattern {
  const literal = tag.kind === 'plain' ? tag.expression : literalPrefix(tag.expression);
  const sought = tag.matchCase ? literal : foldCase(literal);
  const hasLiteral: TagPattern = tag.matchCase
    ? (text) => text.includes(sought)
    : (_text, folded) => folded.includes(sought);
  if (tag.kind === 'plain') return hasLiteral;
  const regex = RE2JS.compile(tag.expression, tag.matchCase ? 0 : RE2JS.CASE_INSENSITIVE);
  if (literal.length === tag.expression.length) return hasLiteral;
  return (text, folded) => hasLiteral(text, folded) && regex.test(text);
}

/** What is wrong with an expression, as the end of a sentence; null where nothing is. */
export function describeExpressionFault(kind: CategoryTag['kind'], expression: string): string | null {
  if (expression === '') return 'expected an expression, got an empty text, which would match every page';
  if (expression.length > EXPRESSION_LENGTH_MAX) {
    return `expected at most ${EXPRESSION_LENGTH_MAX} characters, got ${expression.length}`;
  }
  if (kind === 'plain') return null;
  try {
    const regex = RE2JS.compile(expression);
    const fitsAll = regex.test('') && regex.test('\u0001');
    return fitsAll ? `expected an expression that not every text matches, got "${expression}"` : null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `expected a regular expression (RE2 syntax: no look-around, no back-references): ${reason}`;
  }
}

/** The plain text that every match begins with: up to the first character that is not itself; '' where there may be a choice. */
function literalPrefix(expression: string): string {
  if (expression.includes('|')) return '';
  const run = /^[A-Za-z0-9/_=&%~:;,#@!'" -]*/.exec(expression)?.[0] ?? '';
  const next = expression.charAt(run.length);
  return next === '?' || next === '*' || next === '{' ? run.slice(0, -1) : run;
}
