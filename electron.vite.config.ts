/**
 * What `npm run build` makes: out/main (the desktop shell, ESM), out/preload (CommonJS: a sandboxed preload can't load ESM),
 * out/renderer (the UI that every host serves), and the host for a packaged Electron, which carries no Node that runs .ts: each file of
 * servers/ that it needs, as JavaScript at the same place in out/, so that paths relative to a file hold in both.
 */
import { existsSync, globSync, readdirSync, rmSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;

/** The shell, the host, and the threads of the host, which are started by their path: each `*-worker.ts`. */
const entries = [
  'main/main.ts',
  'servers/host/cli.ts',
  ...globSync('servers/{host,testbed,stores}/**/*-worker.ts', { cwd: root }),
];

/** servers/host/cli.ts -> host/cli.js, main/main.ts -> main/index.js */
function outputOf(moduleId: string | null | undefined, name: string): string {
  if (!moduleId) return `host/${name}.js`;
  const path = relative(root, moduleId).replaceAll('\\', '/').replace(/\.ts$/, '.js');
  return path === 'main/main.js' ? 'main/index.js' : path.replace(/^servers\//, '');
}

/** What an earlier build left of files that are no longer there must not be packaged; the other two parts empty their own folders. */
function removeEarlierBuild(): void {
  const out = resolve(root, 'out');
  for (const name of existsSync(out) ? readdirSync(out) : []) {
    if (!['renderer', 'preload'].includes(name) && !name.startsWith('.'))
      rmSync(resolve(out, name), { recursive: true });
  }
}

export default defineConfig({
  main: {
    // Not a line for each of the files.
    logLevel: 'warn',
    plugins: [
      { name: 'remove-earlier-build', buildStart: removeEarlierBuild },
      {
        name: 'built-workers',
        transform: (code: string) =>
          code.includes('-worker.ts')
            ? { code: code.replaceAll(/-worker\.ts(?=['"])/g, '-worker.js'), map: null }
            : null,
      },
    ],
    build: {
      outDir: 'out',
      emptyOutDir: false,
      rollupOptions: {
        input: entries.map((file) => resolve(root, file)),
        output: {
          preserveModules: true,
          entryFileNames: ({ facadeModuleId, name }) => outputOf(facadeModuleId, name),
          chunkFileNames: 'host/[name].js',
        },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: resolve(root, 'main/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'renderer'),
    base: '/',
    plugins: [react()],
    build: {
      outDir: resolve(root, 'out/renderer'),
      emptyOutDir: true,
      minify: true,
      chunkSizeWarningLimit: 2_000,
      rollupOptions: { input: resolve(root, 'renderer/index.html') },
    },
  },
});
