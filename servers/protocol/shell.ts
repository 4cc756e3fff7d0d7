/**
 * What only a desktop can do for the screen, as one interface with two implementations: Electron's preload offers the
 * desktop's, the renderer brings the browser's. The screen asks `window.engageShell` first and never learns which one
 * answered, except by `kind`.
 */

export interface Shell {
  readonly kind: 'desktop' | 'browser';
  /** Asks where to, and writes; a browser downloads. */
  saveFile(file: FileToSave): Promise<SaveOutcome>;
  /** Asks which, and reads it as UTF-8 text, at most 64 MiB. */
  openFile(request: FileToOpen): Promise<OpenOutcome>;
  /** Shows an https page in the system's browser; false if the address is refused. */
  openExternal(url: string): Promise<boolean>;
}

/** What the dialog offers, e.g. `{ name: 'Scenario', extensions: ['yaml', 'yml'] }`. */
export interface FileKind {
  readonly name: string;
  /** Without the dot. */
  readonly extensions: readonly string[];
}

export interface FileToSave {
  /** A file name without folders. */
  readonly suggestedName: string;
  readonly kind: FileKind;
  readonly text: string;
}

export interface FileToOpen {
  readonly title: string;
  readonly kind: FileKind;
}

export type SaveOutcome =
  | { readonly outcome: 'saved'; readonly name: string }
  | { readonly outcome: 'cancelled' }
  | { readonly outcome: 'failed'; readonly reason: string };

export type OpenOutcome =
  | { readonly outcome: 'opened'; readonly name: string; readonly text: string }
  | { readonly outcome: 'cancelled' }
  | { readonly outcome: 'failed'; readonly reason: string };

declare global {
  interface Window {
    /** Only in the desktop's window. */
    readonly engageShell?: Shell;
  }
}
