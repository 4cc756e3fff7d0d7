/** A condition -> the patterns that it watches, numbered, and what keeps its open matches. */
import { assertNever } from '#core/assert.ts';
import { compileFieldReader } from './event-test.ts';
import { Members } from './members.ts';
import { OpenAbsences } from './open-absences.ts';
import { OpenAll } from './open-all.ts';
import { OpenAny } from './open-any.ts';
import { OpenCombinations } from './open-combinations.ts';
import { OpenCount } from './open-count.ts';
import { OpenSequences } from './open-sequences.ts';
import { OpenSet } from './open-set.ts';
import { OpenStays } from './open-stays.ts';
import { OpenValues } from './open-values.ts';
import type { PartialMatches } from './partial-matches.ts';
import type {
  AbsenceCondition,
  AllCondition,
  AnyCondition,
  Condition,
  CounterCondition,
  EventPattern,
  SequenceCondition,
} from './rule-package.ts';
import { SINGLE_EVENTS } from './single-events.ts';

export interface CompiledCondition {
  /** One a step; a counter has one; a timeout's second is the exit from a page, an absence's last what is to stay away. */
  readonly patterns: readonly EventPattern[];
  /** Which of them can begin a match. */
  readonly begins: readonly boolean[];
  /** Events that a match takes; of several ways the shortest. */
  readonly needed: number;
  /** From the first event of a match to its firing at most, ms; 0 for a singleton. */
  readonly withinMs: number;
  /** What its open matches expire by: nothing, `withinMs` after they began, or what they say when they are asked. */
  readonly expiry: 'none' | 'window' | 'asked';
  createPartials(): PartialMatches;
}

const ANY_EXIT: EventPattern = { eventName: 'PageExited', categories: [], tests: [] };

export function compileCondition(when: Condition, openMax: number): CompiledCondition {
  switch (when.template) {
    case 'singleton':
      return plain([when.event], [true], {
        needed: 1,
        withinMs: 0,
        expiry: 'none',
        createPartials: () => SINGLE_EVENTS,
      });
    case 'counter':
      return compileCounter(when);
    case 'sequence':
      return compileSequence(when, openMax);
    case 'set': {
      const { events, withinMs } = when;
      const needed = events.length;
      return plain(
        events,
        events.map(() => true),
        { needed, withinMs, expiry: 'window', createPartials: () => new OpenSet(needed, withinMs) },
      );
    }
    case 'timeout': {
      const { event, forMs } = when;
      const createPartials = (): PartialMatches => new OpenStays(forMs, openMax);
      return plain([event, ANY_EXIT], [true, false], { needed: 1, withinMs: forMs, expiry: 'none', createPartials });
    }
    case 'absence':
      return compileAbsence(when, openMax);
    case 'all':
    case 'any':
      return compileGroup(when, openMax);
    default:
      return assertNever(when, 'rule template');
  }
}

function plain(
  patterns: readonly EventPattern[],
  begins: readonly boolean[],
  other: Omit<CompiledCondition, 'patterns' | 'begins'>,
): CompiledCondition {
  return { patterns, begins, ...other };
}

function compileCounter({ event, times, withinMs, distinct }: CounterCondition): CompiledCondition {
  const read = distinct === null ? null : compileFieldReader(distinct);
  const createPartials = (): PartialMatches =>
    read === null ? new OpenCount(times, withinMs) : new OpenValues(times, withinMs, read);
  return plain([event], [true], { needed: times, withinMs, expiry: 'window', createPartials });
}

function compileSequence({ steps, withinMs, select }: SequenceCondition, openMax: number): CompiledCondition {
  const Open = select === 'first' ? OpenSequences : OpenCombinations;
  const createPartials = (): PartialMatches => new Open(steps.length, withinMs, openMax);
  return plain(
    steps,
    steps.map((_, step) => step === 0),
    { needed: steps.length, withinMs, expiry: 'window', createPartials },
  );
}

function compileAbsence({ after, event, withinMs }: AbsenceCondition, openMax: number): CompiledCondition {
  const before = compileCondition(after, openMax);
  return {
    patterns: [...before.patterns, event],
    begins: [...before.begins, false],
    needed: before.needed,
    withinMs: before.withinMs + withinMs,
    expiry: after.template === 'singleton' ? 'none' : 'asked',
    createPartials: () => new OpenAbsences(before.createPartials(), before.patterns.length, withinMs, openMax),
  };
}

function compileGroup(when: AllCondition | AnyCondition, openMax: number): CompiledCondition {
  const compiled = when.conditions.map((condition) => compileCondition(condition, openMax));
  const members = new Members(
    compiled.map(({ patterns, needed, createPartials }) => ({ patterns: patterns.length, needed, createPartials })),
  );
  const needed = compiled.map((member) => member.needed);
  const longestMs = Math.max(...compiled.map((member) => member.withinMs));
  return {
    patterns: compiled.flatMap(({ patterns }) => patterns),
    begins: compiled.flatMap(({ begins }) => begins),
    expiry: 'asked',
    ...(when.template === 'all'
      ? {
          needed: needed.reduce((sum, events) => sum + events, 0),
          withinMs: Math.max(longestMs, when.withinMs),
          createPartials: () => new OpenAll(members, when.withinMs),
        }
      : { needed: Math.min(...needed), withinMs: longestMs, createPartials: () => new OpenAny(members) }),
  };
}
