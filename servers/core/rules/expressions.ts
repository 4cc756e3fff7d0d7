/**
 * Regular expressions of an engine's rules, each compiled once. They run in linear time (RE2); what was found in a text is
 * remembered, since sites repeat their URLs and titles.
 */
import { RE2JS } from 're2js';

/** Texts remembered for one expression. */
const REMEMBERED_TEXTS_MAX = 512;
/** A longer text is searched each time: it hardly comes again, and would be held. */
const REMEMBERED_LENGTH_MAX = 300;

export class Expressions {
  readonly #compiled = new Map<string, (text: string) => boolean>();

  /** Tells whether the expression is found in a text. Throws RE2JS's syntax error on an expression with a fault. */
  compile(expression: string, matchCase: boolean): (text: string) => boolean {
    const key = `${matchCase} ${expression}`;
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const isFound = compileRemembering(expression, matchCase);
    this.#compiled.set(key, isFound);
    return isFound;
  }
}

function compileRemembering(expression: string, matchCase: boolean): (text: string) => boolean {
  const regex = RE2JS.compile(expression, matchCase ? 0 : RE2JS.CASE_INSENSITIVE);
  const remembered = new Map<string, boolean>();
  return (text) => {
    if (text.length > REMEMBERED_LENGTH_MAX) return regex.test(text);
    const known = remembered.get(text);
    if (known !== undefined) return known;
    if (remembered.size >= REMEMBERED_TEXTS_MAX) remembered.clear();
    const found = regex.test(text);
    remembered.set(text, found);
    return found;
  };
}
