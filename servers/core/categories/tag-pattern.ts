/**
 * One tag's expression, compiled: does it fit a text? Expressions run in linear time (RE2), whatever an author or a visitor
 * writes, and only on texts that hold a literal part of theirs. Texts are compared in Unicode's form NFC, so that it does not
 * matter in which of its forms an accented letter was written.
 */
import { RE2JS } from 're2js';
import { assertNever } from '#core/assert.ts';
import type { CategoryTag } from './category.ts';

/** A text as tags are held against it: made once and handed to all of them. */
export interface SearchedText {
  /** In form NFC. */
  readonly text: string;
  /** Without the difference between upper and lower case. */
  readonly folded: string;
}

export type TagPattern = (searched: SearchedText) => boolean;

export const EXPRESSION_LENGTH_MAX = 1_000;

export function createSearchedText(given: string): SearchedText {
  const text = given.normalize('NFC');
  return { text, folded: foldCase(text) };
}

/** Compiles a tag whose expression has no fault; throws RE2JS's syntax error on one that has. */
export function compileTagPattern(tag: CategoryTag): TagPattern {
  const expression = tag.expression.normalize('NFC');
  switch (tag.kind) {
    case 'plain':
      return tag.in === 'language'
        ? compileLanguage(expression, tag.matchCase)
        : compileLiteral(expression, tag.matchCase);
    case 'wildcard': {
      const { regex, literal } = translateWildcard(expression);
      return compileRegex(regex, literal, tag.matchCase);
    }
    case 'regex': {
      const literal = literalPrefix(expression);
      if (literal.length === expression.length) return compileLiteral(literal, tag.matchCase);
      return compileRegex(expression, literal, tag.matchCase);
    }
    default:
      return assertNever(tag.kind, 'kind of tag');
  }
}

/** What is wrong with an expression, as the end of a sentence; null where nothing is. */
export function describeExpressionFault({
  kind,
  expression,
  in: place,
}: Omit<CategoryTag, 'matchCase'>): string | null {
  if (expression === '') return 'expected an expression, got an empty text, which would match every page';
  if (expression.length > EXPRESSION_LENGTH_MAX) {
    return `expected at most ${EXPRESSION_LENGTH_MAX} characters, got ${expression.length}`;
  }
  switch (kind) {
    case 'plain':
      if (place !== 'language' || LANGUAGE_RANGE.test(expression)) return null;
      return `expected a language code such as de or pt-BR, got "${expression}"`;
    case 'wildcard':
      return describeWildcardFault(expression);
    case 'regex':
      return describeRegexFault(expression);
    default:
      return assertNever(kind, 'kind of tag');
  }
}

const LANGUAGE_RANGE = /^[a-z]{1,8}(?:-[a-z0-9]{1,8})*$/i;

/** Lower case; the long s, which RE2 takes for an s where case does not matter, becomes one, the final sigma a sigma. */
function foldCase(text: string): string {
  return text.toLowerCase().replaceAll('\u017f', 's').replaceAll('\u03c2', '\u03c3');
}

function compileLiteral(literal: string, matchCase: boolean): TagPattern {
  if (matchCase) return ({ text }) => text.includes(literal);
  const sought = foldCase(literal);
  return ({ folded }) => folded.includes(sought);
}

/** `de` fits `de` and `de-AT`, not `en-DE` (RFC 4647, "Basic Filtering"). */
function compileLanguage(range: string, matchCase: boolean): TagPattern {
  const sought = matchCase ? range : foldCase(range);
  return ({ text, folded }) => {
    const code = matchCase ? text : folded;
    return code === sought || code.startsWith(`${sought}-`);
  };
}

/** `literal` is in every text that the expression fits. */
function compileRegex(expression: string, literal: string, matchCase: boolean): TagPattern {
  const hasLiteral = compileLiteral(literal, matchCase);
  const regex = RE2JS.compile(expression, matchCase ? 0 : RE2JS.CASE_INSENSITIVE);
  return (searched) => hasLiteral(searched) && regex.test(searched.text);
}

/** The plain text that every match begins with: up to the first character that is not itself; '' where there may be a choice. */
function literalPrefix(expression: string): string {
  if (expression.includes('|')) return '';
  const run = /^[A-Za-z0-9/_=&%~:;,#@!'" -]*/.exec(expression)?.[0] ?? '';
  const next = expression.charAt(run.length);
  return next === '?' || next === '*' || next === '{' ? run.slice(0, -1) : run;
}

/**
 * A wildcard expression as a regular one over the whole text, with the longest of its literal parts. Of these only ASCII counts:
 * there RE2's folding of cases and ours are the same.
 *
 *   expression = { "*" any text, also none | "?" any one character | "\" character, which stands for itself | character }
 */
function translateWildcard(expression: string): { readonly regex: string; readonly literal: string } {
  let regex = '';
  let run = '';
  let literal = '';
  const characters = [...expression];
  for (let index = 0; index < characters.length; index += 1) {
    const isEscape = characters[index] === '\\';
    if (isEscape) index += 1;
    const character = characters[index] ?? '';
    const isPlaceholder = !isEscape && (character === '*' || character === '?');
    if (isPlaceholder) regex += character === '*' ? '.*' : '.';
    else regex += RE2JS.quote(character);
    run = isPlaceholder || character > '\u007f' ? '' : run + character;
    if (run.length > literal.length) literal = run;
  }
  return { regex: `(?s)\\A${regex}\\z`, literal };
}

function describeWildcardFault(expression: string): string | null {
  if (/^[*?]+$/.test(expression)) {
    return `expected a character beside * and ?, got "${expression}", which says nothing about a page`;
  }
  const backslashes = /\\*$/.exec(expression)?.[0].length ?? 0;
  return backslashes % 2 === 0 ? null : `expected a character after the last \\, got "${expression}"`;
}

function describeRegexFault(expression: string): string | null {
  try {
    const regex = RE2JS.compile(expression);
    const fitsAll = regex.test('') && regex.test('\u0001');
    return fitsAll ? `expected an expression that not every text matches, got "${expression}"` : null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `expected a regular expression (RE2 syntax: no look-around, no back-references): ${reason}`;
  }
}
