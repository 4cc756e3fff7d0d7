/**
 * The sandbox in which a document's ECMAScript runs: an engine of its own in WebAssembly, without a clock, chance but
 * what the session hands in, and nothing of the host. Depth and steps are bounded by counts, so that the same document
 * fails at the same place everywhere; memory by what the host has given the engine.
 */
import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten-core';
import { assert, present } from '#core/assert.ts';
import { SCXML_NAMESPACE } from './element-rules.ts';
import { factoryText, pieceAlone, pieceText } from './program-text.ts';
import { readScxml } from './read-document.ts';
import { PRELUDE } from './sandbox-prelude.ts';
import type { ScxmlDocument } from './scxml-document.ts';
import { SessionFault } from './session-fault.ts';
import type { ScxmlProblem } from './xml-element.ts';

/** The WebAssembly module, which the host has loaded. */
export type ScriptEngine = QuickJSWASMModule;

/** Deeper, the engine's own functions would meet the end of the host's stack before that of theirs, bytes. */
const STACK_MAX = 32 * 1024;

/** Interrupts of one turn: the engine asks after some 10,000 loops and calls. */
const INTERRUPTS_MAX = 20;

/** Documents of running sessions' own making; each stays compiled. */
const DOCUMENTS_MAX = 64;

const PENDING_JOBS_MAX = 1_000;

const NUMBERS_KEPT = 1024;

const INTRINSICS = {
  BaseObjects: true,
  Eval: true,
  JSON: true,
  MapSet: true,
  RegExp: true,
  RegExpCompiler: true,
  StringNormalize: true,
  // Nothing waits for one, but the engine can't let go of an async function without it.
  Promise: true,
  Date: false,
  Proxy: false,
  TypedArrays: false,
  BigInt: false,
};

/** What a running piece may ask of its session. */
export interface SandboxSession {
  isActive(stateId: string): boolean;
  /** From 0 up to 1. */
  random(): number;
}

export type PieceOutcome =
  { readonly ok: true; readonly value: string | number | undefined } | { readonly ok: false; readonly message: string };

/** The compiled documents of one strategy, a document and those that it invokes, in one engine. */
export class Sandbox {
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #tools: QuickJSHandle;
  readonly #isActive: QuickJSHandle;
  readonly #numbers = new Map<number, QuickJSHandle>();
  readonly #factories = new Map<ScxmlDocument, QuickJSHandle>();
  readonly #scopes = new Set<SandboxScope>();
  readonly #documents = new Map<string, ScxmlDocument>();
  #interrupts = 0;
  #broken = false;
  #disposed = false;
  /** On whose behalf the engine runs just now. */
  #session: SandboxSession | undefined;

  constructor(engine: ScriptEngine) {
    this.#runtime = engine.newRuntime();
    this.#runtime.setMaxStackSize(STACK_MAX);
    this.#runtime.setInterruptHandler(() => {
      this.#interrupts += 1;
      return this.#interrupts > INTERRUPTS_MAX;
    });
    this.#context = this.#runtime.newContext({ intrinsics: INTRINSICS });
    const context = this.#context;
    const random = context.newFunction('random', () => context.newNumber(this.#current().random()));
    this.#isActive = context.newFunction('In', (id) => {
      return this.#current().isActive(context.getString(id)) ? context.true : context.false;
    });
    const prelude = context.unwrapResult(context.evalCode(PRELUDE, 'prelude'));
    this.#tools = context.unwrapResult(context.callFunction(prelude, context.undefined, random));
    prelude.dispose();
    random.dispose();
  }

  /** Begins a turn: what a session does about one event. */
  beginTurn(): void {
    if (this.#broken) throw new SessionFault('crash', 'the engine has given up earlier');
    this.#interrupts = 0;
  }

  /** Ends a turn. Nothing waits in a script: one that has begun to is at fault, and what waits is thrown away. */
  endTurn(): void {
    if (!this.#runtime.hasPendingJob()) return;
    this.#runtime.executePendingJobs(PENDING_JOBS_MAX).dispose();
    throw new SessionFault('error', 'a script has made a promise: expected a delayed <send> to wait');
  }

  /** Faults of the document's expressions, each at its own place. */
  problemsOf(chart: ScxmlDocument): readonly ScxmlProblem[] {
    const own = chart.program.flatMap((piece) => {
      const message = this.#faultOf(pieceAlone(piece));
      return message === null ? [] : [{ line: piece.line, column: piece.column, message }];
    });
    const { script } = chart;
    const fault = script === null ? null : this.#faultOf(`(function () { 'use strict'; ${script.text}\n})`);
    if (script !== null && fault !== null) own.push({ line: script.line, column: script.column, message: fault });
    const below = chart.states.flatMap(({ invokes }) => invokes.flatMap(({ child }) => child ?? []));
    return [...own, ...below.flatMap((child) => this.problemsOf(child))];
  }

  /** The variables of one session. */
  createScope(chart: ScxmlDocument, sessionId: string): SandboxScope {
    const context = this.#context;
    const id = context.newString(sessionId);
    const generator = this.#unwrap(
      context.callFunction(this.#factoryOf(chart), context.undefined, this.#isActive, id, this.#tools),
    );
    id.dispose();
    const step = (): QuickJSHandle => this.#unwrap(context.callMethod(generator, 'next'));
    const yielded = step();
    const run = context.getProp(yielded, 'value');
    yielded.dispose();
    const scope: SandboxScope = {
      run: (session, index, given) => this.#run(run, session, index, given),
      runScript: (session) => {
        const outcome = this.#guard(session, () => context.callMethod(generator, 'next'));
        generator.dispose();
        return outcome;
      },
      dispose: () => {
        if (!this.#scopes.delete(scope)) return;
        run.dispose();
        if (generator.alive) generator.dispose();
      },
    };
    this.#scopes.add(scope);
    return scope;
  }

  /** Whether sessions can still run in it. */
  get usable(): boolean {
    return !this.#broken;
  }

  /** Whether its memory has gone back to the engine. */
  get disposed(): boolean {
    return this.#disposed;
  }

  /** Gives its memory back, with all sessions in it. One that has broken down stays as it is. */
  dispose(): void {
    for (const scope of this.#scopes) scope.dispose();
    if (this.#broken) return;
    this.#broken = true;
    this.#disposed = true;
    for (const handle of [...this.#numbers.values(), ...this.#factories.values(), this.#tools, this.#isActive]) {
      handle.dispose();
    }
    this.#context.dispose();
    this.#runtime.dispose();
  }

  /** A document that only a running session knows; null where it can't be read, or is one too many. */
  documentOf(text: string, resolve?: (address: string) => string | undefined): ScxmlDocument | null {
    const known = this.#documents.get(text);
    if (known !== undefined) return known;
    if (this.#documents.size >= DOCUMENTS_MAX) return null;
    // Cut out of a document, it has the namespace that stands there.
    const whole = text.replace(/^<scxml\b(?![^>]*\bxmlns\s*=)/, `<scxml xmlns="${SCXML_NAMESPACE}"`);
    const read = readScxml(whole, resolve === undefined ? {} : { resolve });
    if (!read.ok) return null;
    this.#documents.set(text, read.value);
    return read.value;
  }

  /** Bytes in use by all sessions. */
  get memoryUsed(): number {
    return this.#runtime.computeMemoryUsage().consume((usage) => {
      const found: unknown = this.#context.dump(usage);
      assert(typeof found === 'object' && found !== null && 'memory_used_size' in found, 'the engine tells its memory');
      return Number(found.memory_used_size);
    });
  }

  #factoryOf(chart: ScxmlDocument): QuickJSHandle {
    const known = this.#factories.get(chart);
    if (known !== undefined) return known;
    const context = this.#context;
    // What can't be compiled fails where it is run, as SCXML has it; strategies with such pieces are refused before.
    const pieces = chart.program.map((piece) => {
      const fault = this.#faultOf(pieceAlone(piece));
      return fault === null ? pieceText(piece) : `throw new SyntaxError(${JSON.stringify(fault)});`;
    });
    const made = this.#unwrap(context.evalCode(factoryText(chart, pieces), 'document'));
    this.#factories.set(chart, made);
    return made;
  }

  #run(run: QuickJSHandle, session: SandboxSession, index: number, given: string | number | undefined): PieceOutcome {
    const context = this.#context;
    let argument = context.undefined;
    if (typeof given === 'number') argument = this.#number(given);
    else if (given !== undefined) argument = context.newString(given);
    try {
      return this.#guard(session, () => context.callFunction(run, context.undefined, this.#number(index), argument));
    } finally {
      if (typeof given === 'string' || (typeof given === 'number' && given >= NUMBERS_KEPT)) argument.dispose();
    }
  }

  #guard(session: SandboxSession, call: () => ReturnType<QuickJSContext['callFunction']>): PieceOutcome {
    const before = this.#session;
    this.#session = session;
    let result;
    try {
      result = call();
    } catch (error) {
      // Thrown through the engine, which leaves it as it stands: nothing in it can be trusted any more.
      this.#broken = true;
      throw new SessionFault('crash', String(error));
    } finally {
      this.#session = before;
    }
    if (result.error !== undefined) return { ok: false, message: this.#failed(result.error) };
    const { value } = result;
    const found: unknown = this.#context.dump(value);
    value.dispose();
    return { ok: true, value: typeof found === 'string' || typeof found === 'number' ? found : undefined };
  }

  /** The message of an error; a limit that is overrun ends the session instead. */
  #failed(error: QuickJSHandle): string {
    const found: unknown = this.#context.dump(error);
    error.dispose();
    const message = describeError(found);
    if (this.#interrupts > INTERRUPTS_MAX) throw new SessionFault('endless', 'a script did not come to its end');
    if (message.includes('out of memory')) throw new SessionFault('memory', 'the strategy ran out of memory');
    return message;
  }

  /** Null if the text compiles. */
  #faultOf(text: string): string | null {
    const compiled = this.#context.evalCode(text, 'piece');
    if (compiled.error === undefined) {
      compiled.value.dispose();
      return null;
    }
    const found: unknown = this.#context.dump(compiled.error);
    compiled.error.dispose();
    return describeError(found);
  }

  /** Small numbers are kept: making one costs as much as a call. */
  #number(value: number): QuickJSHandle {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const made = this.#context.newNumber(value);
    if (value < NUMBERS_KEPT) this.#numbers.set(value, made);
    return made;
  }

  #unwrap(result: ReturnType<QuickJSContext['callFunction']>): QuickJSHandle {
    if (result.error === undefined) return result.value;
    throw new SessionFault('crash', this.#failed(result.error));
  }

  #current(): SandboxSession {
    return present(this.#session, 'session that runs');
  }
}

/** One session's variables, and the function that runs the document's pieces over them. */
export interface SandboxScope {
  run(session: SandboxSession, index: number, given?: string | number): PieceOutcome;
  /** Runs the document's own script; once. */
  runScript(session: SandboxSession): PieceOutcome;
  dispose(): void;
}

function describeError(found: unknown): string {
  if (typeof found !== 'object' || found === null || !('message' in found)) return String(found);
  const name = 'name' in found ? `${String(found.name)}: ` : '';
  return `${name}${String(found.message)}`;
}
