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

/**
 * At 200 kB each they leave more than half of the memory to the sessions. An engine without any left to begin a sandbox with is
 * of no use to anybody, not even to give memory back: so they are counted before it comes to that.
 */
export const SANDBOXES_MAX = 256;

/** Those that hold memory, also where they have broken down. */
const sandboxes = new Set<Sandbox>();

/** For those whom nobody closed: the memory is the engine's, which no collector sees. */
const abandoned = new FinalizationRegistry<Sandbox>((sandbox) => sandbox.dispose());

/** A sandbox that goes when `owner` closes it, or has gone. Throws where too many are in use. */
export function createSandbox(owner: object): Sandbox {
  if (sandboxes.size >= SANDBOXES_MAX) {
    for (const sandbox of sandboxes) if (sandbox.disposed) sandboxes.delete(sandbox);
  }
  if (sandboxes.size >= SANDBOXES_MAX) {
    throw new Error(`this process has ${SANDBOXES_MAX} strategies at work or broken down, and no memory for another`);
  }
  const sandbox = new Sandbox(scriptEngine);
  sandboxes.add(sandbox);
  abandoned.register(owner, sandbox);
  return sandbox;
}
