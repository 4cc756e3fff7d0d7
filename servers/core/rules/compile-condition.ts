/** A condition -> the patterns that it watches, numbered, and what keeps its open matches, with keys of its own in the memory. */
import { assertNever } from '#core/assert.ts';
import { compileFieldReader } from './event-test.ts';
import { Members } from './members.ts';
import { OpenAbsences } from './open-absences.ts';
import { OpenAll } from './open-all.ts';
import { OpenAny } from './open-any.ts';
import { OpenCombinations } from './open-combinations.ts';
import { OpenCount } from './open-count.ts';
import { OpenObjects } from './open-objects.ts';
import { OpenSequences } from './open-sequences.ts';
import { OpenSet } from './open-set.ts';
import { OpenStays } from './open-stays.ts';
import { OpenValues } from './open-values.ts';
import { OpenWaits } from './open-waits.ts';
import type { OpenMatches } from './open-matches.ts';
import type { RuleMemory } from './rule-memory.ts';
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
  readonly open: OpenMatches;
}

/** What a condition is compiled for. */
export interface ConditionContext {
  readonly memory: RuleMemory;
  readonly ruleOrdinal: number;
  /** Open partial matches that it may hold in one scope. */
  readonly openMax: number;
}

const ANY_EXIT: EventPattern = { eventName: 'PageExited', categories: [], tests: [] };

export function compileCondition(when: Condition, context: ConditionContext): CompiledCondition {
  const { memory } = context;
  switch (when.template) {
    case 'singleton':
      return { patterns: [when.event], begins: [true], needed: 1, withinMs: 0, open: SINGLE_EVENTS };
    case 'counter':
      return compileCounter(when, memory);
    case 'sequence':
      return compileSequence(when, context);
    case 'set': {
      const { events, withinMs } = when;
      const open = new OpenSet(memory, events.length, withinMs);
      return { patterns: events, begins: events.map(() => true), needed: events.length, withinMs, open };
    }
    case 'timeout': {
      const { event, forMs } = when;
      const open = new OpenStays(createWaits(forMs, context));
      return { patterns: [event, ANY_EXIT], begins: [true, false], needed: 1, withinMs: forMs, open };
    }
    case 'absence':
      return compileAbsence(when, context);
    case 'all':
    case 'any':
      return compileGroup(when, context);
    default:
      return assertNever(when, 'rule template');
  }
}

function createWaits(forMs: number, { memory, ruleOrdinal, openMax }: ConditionContext): OpenWaits {
  return new OpenWaits(memory, ruleOrdinal, forMs, openMax);
}

function compileCounter({ event, times, withinMs, distinct }: CounterCondition, memory: RuleMemory): CompiledCondition {
  const read = distinct === null ? null : compileFieldReader(distinct);
  const open =
    read === null
      ? new OpenCount(memory, times, withinMs)
      : new OpenObjects(memory, () => new OpenValues(times, withinMs, read));
  return { patterns: [event], begins: [true], needed: times, withinMs, open };
}

function compileSequence(
  { steps, withinMs, select }: SequenceCondition,
  { memory, openMax }: ConditionContext,
): CompiledCondition {
  const needed = steps.length;
  const open =
    select === 'first'
      ? new OpenSequences(memory, needed, withinMs, openMax)
      : new OpenObjects(memory, () => new OpenCombinations(needed, withinMs, openMax));
  return { patterns: steps, begins: steps.map((_, step) => step === 0), needed, withinMs, open };
}

function compileAbsence({ after, event, withinMs }: AbsenceCondition, context: ConditionContext): CompiledCondition {
  const before = compileCondition(after, context);
  return {
    patterns: [...before.patterns, event],
    begins: [...before.begins, false],
    needed: before.needed,
    withinMs: before.withinMs + withinMs,
    open: new OpenAbsences(before.open, before.patterns.length, createWaits(withinMs, context)),
  };
}

function compileGroup(when: AllCondition | AnyCondition, context: ConditionContext): CompiledCondition {
  const compiled = when.conditions.map((condition) => compileCondition(condition, context));
  const members = new Members(
    compiled.map(({ patterns, needed, open }) => ({ patterns: patterns.length, needed, open })),
  );
  const needed = compiled.map((member) => member.needed);
  const longestMs = Math.max(...compiled.map((member) => member.withinMs));
  return {
    patterns: compiled.flatMap(({ patterns }) => patterns),
    begins: compiled.flatMap(({ begins }) => begins),
    ...(when.template === 'all'
      ? {
          needed: needed.reduce((sum, events) => sum + events, 0),
          withinMs: Math.max(longestMs, when.withinMs),
          open: new OpenAll(context.memory, members, when.withinMs),
        }
      : { needed: Math.min(...needed), withinMs: longestMs, open: new OpenAny(members) }),
  };
}
