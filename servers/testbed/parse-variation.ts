/** What `engage compare --vary` asks for: a path of the scenario and the values that it takes one after the other. */
import { fail, succeed, type Problem, type Result } from '#core/result.ts';

export interface Variation {
  readonly path: string;
  /** As written, at least two, each once. */
  readonly values: readonly string[];
}

/** `groups/0/agents=4,5,6`; commas inside brackets, braces and quotes belong to a value. */
export function parseVariation(text: string): Result<Variation, Problem> {
  const refuse = (message: string) => fail([{ file: `--vary ${text}`, line: 0, column: 0, path: '', message }]);
  const equals = text.indexOf('=');
  const path = text.slice(0, Math.max(0, equals));
  if (equals <= 0 || path.split('/').some((key) => key.trim() === ''))
    return refuse('expected path=value,value with the path separated by slashes, such as groups/0/agents=4,5,6');
  const values = splitValues(text.slice(equals + 1)).map((value) => value.trim());
  if (values.length < 2 || values.includes('')) return refuse('expected at least two values separated by commas');
  if (new Set(values).size < values.length) return refuse('expected each value once');
  return succeed({ path, values });
}

const OPENING = '[{';
const CLOSING = ']}';

function splitValues(text: string): readonly string[] {
  const values: string[] = [];
  let [value, depth, quote] = ['', 0, ''];
  for (const sign of text) {
    if (quote !== '') quote = sign === quote ? '' : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (OPENING.includes(sign)) depth += 1;
    else if (CLOSING.includes(sign)) depth -= 1;
    if (sign === ',' && depth === 0 && quote === '') {
      values.push(value);
      value = '';
    } else {
      value += sign;
    }
  }
  return [...values, value];
}
