/**
 * A strategy's file: an SCXML document for one queue, read and checked whole before anything runs by it, down to the
 * targets of its messages and the grammar of its expressions.
 */
import { fail, succeed, type Problem, type Result } from '#core/result.ts';
import { readScxml } from './scxml/read-document.ts';
import { Sandbox, type ScriptEngine } from './scxml/sandbox.ts';
import type { Block, ScxmlDocument, SendStep } from './scxml/scxml-document.ts';
import type { ScxmlProblem } from './scxml/xml-element.ts';
import { SERVICE_TYPE, TARGETS, type StrategyQueue } from './services.ts';

/** The document, or every fault of it with its place. */
export function readStrategy(
  text: string,
  file: string,
  queue: StrategyQueue,
  engine: ScriptEngine,
): Result<ScxmlDocument, Problem> {
  const read = readScxml(text);
  const problems = read.ok
    ? [...problemsOfScripts(read.value, engine), ...problemsOfSends(read.value, queue)]
    : read.problems;
  if (read.ok && problems.length === 0) return succeed(read.value);
  const sorted = problems.toSorted((one, other) => one.line - other.line || one.column - other.column);
  return fail(sorted.map(({ line, column, message }) => ({ file, line, column, path: '', message })));
}

function problemsOfScripts(chart: ScxmlDocument, engine: ScriptEngine): readonly ScxmlProblem[] {
  const sandbox = new Sandbox(engine);
  try {
    return sandbox.problemsOf(chart);
  } finally {
    sandbox.dispose();
  }
}

/** What is written out can be checked here; what is computed is checked when it is sent. */
function problemsOfSends(chart: ScxmlDocument, queue: StrategyQueue): readonly ScxmlProblem[] {
  return sendsOf(chart).flatMap(({ processor, target, line, column }) => {
    if (processor?.kind !== 'fixed' || processor.text !== SERVICE_TYPE) return [];
    if (target === null) {
      return [{ line, column, message: `<send> to ${SERVICE_TYPE}: expected a target, ${TARGETS[queue].join(', ')}` }];
    }
    if (target.kind !== 'fixed' || TARGETS[queue].includes(target.text)) return [];
    return [{ line, column, message: `target ${target.text}: expected ${TARGETS[queue].join(', ')}` }];
  });
}

function sendsOf(chart: ScxmlDocument): readonly SendStep[] {
  return chart.states.flatMap((state) => [
    ...[...state.onEntry, ...state.onExit].flatMap(sendsIn),
    ...[...state.transitions, ...(state.initial === null ? [] : [state.initial])].flatMap(({ steps }) =>
      sendsIn(steps),
    ),
    ...state.invokes.flatMap(({ child, finalize }) => [
      ...(child === null ? [] : sendsOf(child)),
      ...sendsIn(finalize ?? []),
    ]),
  ]);
}

function sendsIn(block: Block): readonly SendStep[] {
  return block.flatMap((step) => {
    if (step.type === 'send') return [step];
    if (step.type === 'if') return step.branches.flatMap(({ steps }) => sendsIn(steps));
    return step.type === 'foreach' ? sendsIn(step.steps) : [];
  });
}
