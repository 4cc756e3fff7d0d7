/** The entry of the desktop program: joins Electron to the shell's logic, and holds none itself. */
import { mkdirSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, Menu, session, shell, utilityProcess } from 'electron';
import { runDesktop } from './desktop.ts';
import { HostSupervisor, type HostState } from './host-supervisor.ts';
import { registerVerbs } from './shell-verbs.ts';
import { createForkSpawn, createUtilitySpawn, type SpawnNode } from './spawn-node.ts';

const OUT = join(import.meta.dirname, '..');

/** From the sources, the folder that `npm start` was called in; installed, a folder of the person's own documents. */
function findWorkFolder(): string {
  if (!app.isPackaged) return process.cwd();
  const folder = join(app.getPath('documents'), 'Web Engagement Testbed');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** From the sources, the Node that `npm start` ran on, which says so; installed, none: live nodes need one. */
const sourcesNode = app.isPackaged ? undefined : process.env['ENGAGE_NODE'];

function chooseSpawn(): SpawnNode {
  if (sourcesNode !== undefined) return createForkSpawn(sourcesNode);
  return createUtilitySpawn(
    (script, args, options) => utilityProcess.fork(script, args, options),
    (pid) => process.kill(pid, 'SIGKILL'),
  );
}

function createSupervisor(onChange: (state: HostState) => void): HostSupervisor {
  const spawn = chooseSpawn();
  const spec = {
    name: 'Web Engagement Testbed host',
    script: sourcesNode === undefined ? join(OUT, 'host/cli.js') : join(OUT, '../servers/host/cli.ts'),
    args: ['serve', '--port', '0', '--mode', sourcesNode === undefined ? 'sim' : 'live'],
    cwd: findWorkFolder(),
  };
  const timers = {
    nowMs: () => performance.now(),
    after: (delayMs: number, call: () => void) => {
      const timer = setTimeout(call, delayMs);
      return () => clearTimeout(timer);
    },
  };
  return new HostSupervisor(spec, spawn, timers, onChange);
}

// Not awaited at the top: Electron is not ready before this module has been read to its end.
runDesktop({
  app,
  platform: process.platform,
  preload: join(OUT, 'preload/preload.cjs'),
  session: () => session.defaultSession,
  createWindow: (options) => new BrowserWindow(options),
  createSupervisor,
  setMenu: (template) => Menu.setApplicationMenu(Menu.buildFromTemplate(template)),
  registerVerbs: (hostOrigin) =>
    registerVerbs(
      ipcMain,
      {
        showSaveDialog: dialog.showSaveDialog.bind(dialog),
        showOpenDialog: dialog.showOpenDialog.bind(dialog),
        openExternal: (url) => shell.openExternal(url),
        writeText: (path, text) => writeFile(path, text, 'utf8'),
        sizeInBytes: async (path) => (await stat(path)).size,
        readText: (path) => readFile(path, 'utf8'),
        baseName: (path) => basename(path),
      },
      hostOrigin,
    ),
  openExternal: (url) => void shell.openExternal(url),
}).catch((error: unknown) => {
  dialog.showErrorBox('Web Engagement Testbed could not start', String(error));
  app.exit(1);
});
