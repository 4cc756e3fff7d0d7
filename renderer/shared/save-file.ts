/** Saves a text as a file: by the desktop's dialog where the window has one, else as a download of the browser. */
import type { FileToSave, SaveOutcome } from '#protocol/shell.ts';

export async function saveFile(file: FileToSave): Promise<SaveOutcome> {
  if (window.engageShell !== undefined) return window.engageShell.saveFile(file);
  const url = URL.createObjectURL(new Blob([file.text], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = file.suggestedName;
  link.click();
  /** The browser has begun to read it by then. */
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return { outcome: 'saved', name: file.suggestedName };
}
