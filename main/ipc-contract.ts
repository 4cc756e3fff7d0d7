/** The whole contract between preload and main: one channel a verb of the Shell, and the name under which the page finds it. */
import type { Shell } from '#protocol/shell.ts';

export type Verb = Exclude<keyof Shell, 'kind'>;

export const CHANNELS: { readonly [V in Verb]: string } = {
  saveFile: 'shell:save-file',
  openFile: 'shell:open-file',
  openExternal: 'shell:open-external',
};

export const SHELL_GLOBAL = 'engageShell' satisfies keyof Window;
