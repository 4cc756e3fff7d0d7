/**
 * What `npm run build` makes: out/main (the desktop shell, ESM), out/preload (CommonJS: a sandboxed preload can't load ESM),
 * out/host (the host for a packaged Electron, which carries no Node that runs .ts) and out/renderer (the UI that every host serves).
 */
import { existsSync, globSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;

/** Threads of the host: each `*-worker.ts` becomes a file of its own beside the host, all flat in out/host. */
const workers = globSync('servers/{host,testbed}/**/*-worker.ts', { cwd: root });

const entries = Object.fromEntries(
  [['main', 'main/main.ts'], ['cli', 'servers/host/cli.ts'], ...workers.map((file) => [basename(file, '.ts'), file])]
    .map(([name = '', file = '']) => [name, resolve(root, file)] as const)
    .filter(([, file]) => existsSync(file)),
);

export default defineConfig({
  main: {
    plugins: [
      {
        // `new URL('./x-worker.ts', import.meta.url)` names a source; in the bundle the worker lies beside the host as .js.
        name: 'bundled-workers',
        transform: (code: string) =>
          code.includes('-worker.ts')
            ? { code: code.replaceAll(/(['"])[\w./-]*?([\w-]+-worker)\.ts\1/g, '$1./$2.js$1'), map: null }
            : null,
      },
    ],
    build: {
      outDir: 'out',
      emptyOutDir: false,
      rollupOptions: {
        input: entries,
        output: {
          entryFileNames: ({ name }) => (name === 'main' ? 'main/index.js' : 'host/[name].js'),
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
