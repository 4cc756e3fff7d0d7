/** The only bridge between the page and the desktop: the verbs of the Shell, each a call to main, nothing raw. */
import { contextBridge, ipcRenderer } from 'electron';
import type { Shell } from '#protocol/shell.ts';
import { CHANNELS, SHELL_GLOBAL } from './ipc-contract.ts';

const shell: Shell = {
  kind: 'desktop',
  saveFile: (file) => ipcRenderer.invoke(CHANNELS.saveFile, file),
  openFile: (request) => ipcRenderer.invoke(CHANNELS.openFile, request),
  openExternal: (url) => ipcRenderer.invoke(CHANNELS.openExternal, url),
};

contextBridge.exposeInMainWorld(SHELL_GLOBAL, shell);
