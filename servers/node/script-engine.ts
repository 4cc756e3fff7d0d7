/**
 * The engine in which strategies' scripts run, loaded once a process: WebAssembly can be had by waiting alone, and all
 * that comes after is synchronous.
 */
import releaseSync from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, newVariant } from 'quickjs-emscripten-core';
import { Sandbox, type ScriptEngine } from '#strategies/scxml/sandbox.ts';

const PAGES_PER_MB = 16;

/** Of all strategies of the process together; tens of thousands of sessions fit. */
const MEMORY_MAX_MB = 128;

/** The engine's own limit counts what is allocated, not how much; the end of this memory it notices. */
const wasmMemory = new WebAssembly.Memory({ initial: 16 * PAGES_PER_MB, maximum: MEMORY_MAX_MB * PAGES_PER_MB });

export const scriptEngine: ScriptEngine = await newQuickJSWASMModuleFromVariant(
  newVariant(releaseSync, { wasmMemory }),
);

/** A run that is over leaves sessions behind; their memory is the engine's, which no collector sees. */
const abandoned = new FinalizationRegistry<Sandbox>((sandbox) => sandbox.dispose());

/** A sandbox that goes when `owner` has gone. */
export function createSandbox(owner: object): Sandbox {
  const sandbox = new Sandbox(scriptEngine);
  abandoned.register(owner, sandbox);
  return sandbox;
}
