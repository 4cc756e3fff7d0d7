/** Checks numbers that people typed, and collects everything that is wrong with them before anything is computed. */
import type { Problem } from '../result.ts';

export interface NumberRule {
  /** What the value must be, as it is told: `a number > 0`. */
  readonly expected: string;
  readonly integer?: boolean;
  /** Lowest value that holds, or the bound itself where `above` is given. */
  readonly min?: number;
  /** The value must lie above this. */
  readonly above?: number;
  readonly max?: number;
}

export interface InputCheck {
  readonly problems: readonly Problem[];
  /** The value of `name`, or undefined: absent (a problem if `required`), or wrong and now named in `problems`. */
  number(name: string, given: unknown, rule: NumberRule, required?: boolean): number | undefined;
  refuse(name: string, message: string): void;
}

/** `place` stands before each problem, as a file's name does for a file. */
export function createInputCheck(place: string): InputCheck {
  const problems: Problem[] = [];
  const refuse = (name: string, message: string): void => {
    problems.push({ file: place, line: 0, column: 0, path: name, message });
  };
  return {
    problems,
    refuse,
    number(name, given, rule, required = false) {
      if (given === undefined || given === null) {
        if (required) refuse(name, `expected ${rule.expected}, it is missing`);
        return undefined;
      }
      if (typeof given === 'number' && holds(given, rule)) return given;
      refuse(
        name,
        `expected ${rule.expected}, got ${typeof given === 'string' ? JSON.stringify(given) : String(given)}`,
      );
      return undefined;
    },
  };
}

function holds(value: number, rule: NumberRule): boolean {
  if (!Number.isFinite(value)) return false;
  if (rule.integer === true && !Number.isSafeInteger(value)) return false;
  if (rule.min !== undefined && value < rule.min) return false;
  if (rule.above !== undefined && value <= rule.above) return false;
  return rule.max === undefined || value <= rule.max;
}

/** `32000` -> 32000; anything that is not one plain decimal number stays the text that it is, to be refused by name. */
export function readNumber(text: string | undefined): number | string | undefined {
  if (text === undefined) return undefined;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : text;
}
