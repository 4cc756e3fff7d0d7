/**
 * The engine in which strategies' scripts run, loaded once a process: WebAssembly can be had by waiting alone, and all
 * that comes after is synchronous.
 */
import releaseSync from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import { Sandbox, type ScriptEngine } from '#strategies/scxml/sandbox.ts';

export const scriptEngine: ScriptEngine = await newQuickJSWASMModuleFromVariant(releaseSync);

/** A run that is over leaves sessions behind; their memory is the engine's, which no collector sees. */
const abandoned = new FinalizationRegistry<Sandbox>((sandbox) => sandbox.dispose());

/** A sandbox that goes when `owner` has gone. */
export function createSandbox(owner: object): Sandbox {
  const sandbox = new Sandbox(scriptEngine);
  abandoned.register(owner, sandbox);
  return sandbox;
}
