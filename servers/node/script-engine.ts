/**
 * The engine in which strategies' scripts run, loaded once a process: WebAssembly can be had by waiting alone, and all
 * that comes after is synchronous.
 */
import releaseSync from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import type { ScriptEngine } from '#strategies/scxml/sandbox.ts';

export const scriptEngine: ScriptEngine = await newQuickJSWASMModuleFromVariant(releaseSync);
