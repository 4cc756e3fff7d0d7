/**
 * The desktop's side of the Shell: each verb checks who asks and what for before anything is shown or touched. The page chooses a
 * name, never a path: where a file goes and which one is read, the person says in the dialog.
 */
import type { Dialog, WebFrameMain } from 'electron';
import type { FileKind, FileToOpen, FileToSave, OpenOutcome, SaveOutcome } from '#protocol/shell.ts';
import { isExternalUrl, isHostUrl } from './guards.ts';
import { CHANNELS, type Verb } from './ipc-contract.ts';

const NAME_LENGTH_MAX = 200;
const SAVED_CHARACTERS_MAX = 256 * 1024 * 1024;
const OPENED_BYTES_MAX = 64 * 1024 * 1024;

/** What the verbs need of the desktop. */
export interface DesktopPort {
  readonly showSaveDialog: Pick<Dialog, 'showSaveDialog'>['showSaveDialog'];
  readonly showOpenDialog: Pick<Dialog, 'showOpenDialog'>['showOpenDialog'];
  readonly openExternal: (url: string) => Promise<void>;
  readonly writeText: (path: string, text: string) => Promise<void>;
  readonly sizeInBytes: (path: string) => Promise<number>;
  readonly readText: (path: string) => Promise<string>;
  readonly baseName: (path: string) => string;
}

/** The frame that sent a message, as far as its right to send it goes. */
export type Sender = Pick<WebFrameMain, 'url' | 'parent'> | null;

interface IpcPort {
  handle(channel: string, handler: (event: { readonly senderFrame: Sender }, argument: unknown) => unknown): void;
}

/** Answers the preload's calls; a call from anywhere but a top frame of the host's origin is refused with an error. */
export function registerVerbs(ipc: IpcPort, desktop: DesktopPort, hostOrigin: () => string | null): void {
  const verbs = createVerbs(desktop);
  for (const verb of Object.keys(CHANNELS) as Verb[]) {
    ipc.handle(CHANNELS[verb], (event, argument) => {
      if (!isTrusted(event.senderFrame, hostOrigin()))
        throw new Error(`${verb} is refused: not asked by the testbed's page`);
      return verbs[verb](argument);
    });
  }
}

/** Top frame, exact origin. */
export function isTrusted(sender: Sender, hostOrigin: string | null): boolean {
  return sender !== null && sender.parent === null && isHostUrl(sender.url, hostOrigin);
}

/** The verbs, taking what came over the wire. A malformed argument is a programmer's error of our page and throws. */
export function createVerbs(desktop: DesktopPort): { readonly [V in Verb]: (argument: unknown) => Promise<unknown> } {
  return {
    saveFile: (argument) => saveFile(desktop, parseFileToSave(argument)),
    openFile: (argument) => openFile(desktop, parseFileToOpen(argument)),
    openExternal: async (argument) => {
      if (typeof argument !== 'string' || !isExternalUrl(argument)) return false;
      await desktop.openExternal(argument);
      return true;
    },
  };
}

async function saveFile(desktop: DesktopPort, file: FileToSave): Promise<SaveOutcome> {
  const { canceled, filePath } = await desktop.showSaveDialog({
    defaultPath: file.suggestedName,
    filters: [toFilter(file.kind)],
  });
  if (canceled || filePath === '') return { outcome: 'cancelled' };
  try {
    await desktop.writeText(filePath, file.text);
    return { outcome: 'saved', name: desktop.baseName(filePath) };
  } catch (error) {
    return { outcome: 'failed', reason: describeFailure(error) };
  }
}

async function openFile(desktop: DesktopPort, request: FileToOpen): Promise<OpenOutcome> {
  const { canceled, filePaths } = await desktop.showOpenDialog({
    title: request.title,
    properties: ['openFile'],
    filters: [toFilter(request.kind)],
  });
  const path = filePaths[0];
  if (canceled || path === undefined) return { outcome: 'cancelled' };
  try {
    const size = await desktop.sizeInBytes(path);
    if (size > OPENED_BYTES_MAX) {
      return { outcome: 'failed', reason: `the file has ${size} bytes, at most ${OPENED_BYTES_MAX} can be read` };
    }
    return { outcome: 'opened', name: desktop.baseName(path), text: await desktop.readText(path) };
  } catch (error) {
    return { outcome: 'failed', reason: describeFailure(error) };
  }
}

function toFilter(kind: FileKind): { name: string; extensions: string[] } {
  return { name: kind.name, extensions: [...kind.extensions] };
}

function describeFailure(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function parseFileToSave(argument: unknown): FileToSave {
  const { suggestedName, kind, text } = parseFields(argument);
  if (
    typeof suggestedName !== 'string' ||
    suggestedName.length > NAME_LENGTH_MAX ||
    !/^[^\\/:]+$/.test(suggestedName)
  ) {
    throw new TypeError('suggestedName: expected a file name without folders');
  }
  if (typeof text !== 'string' || text.length > SAVED_CHARACTERS_MAX) throw new TypeError('text: expected a text');
  return { suggestedName, kind: parseFileKind(kind), text };
}

function parseFileToOpen(argument: unknown): FileToOpen {
  const { title, kind } = parseFields(argument);
  if (typeof title !== 'string') throw new TypeError('title: expected a text');
  return { title, kind: parseFileKind(kind) };
}

function parseFileKind(argument: unknown): FileKind {
  const { name, extensions } = parseFields(argument);
  if (typeof name !== 'string') throw new TypeError('kind/name: expected a text');
  if (!Array.isArray(extensions) || !extensions.every((one) => typeof one === 'string' && /^[a-z0-9]+$/i.test(one))) {
    throw new TypeError('kind/extensions: expected extensions without the dot');
  }
  return { name, extensions };
}

function parseFields(argument: unknown): Readonly<Record<string, unknown>> {
  if (typeof argument !== 'object' || argument === null) throw new TypeError('expected an object');
  return { ...argument };
}
