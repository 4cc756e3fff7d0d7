/** Which command opens an address in the system's browser, and when none should. */

export interface BrowserCommand {
  readonly file: string;
  readonly args: readonly string[];
}

/** Null in CI and where there is no display: then the printed address is all. */
export function describeBrowserCommand(
  address: string,
  env: Readonly<Record<string, string | undefined>>,
  platform: string,
): BrowserCommand | null {
  if (env['CI'] || !hasDisplay(env, platform)) return null;
  if (platform === 'darwin') return { file: 'open', args: [address] };
  // Not `start`: that is cmd's, which reads & and % in an address.
  if (platform === 'win32') return { file: 'rundll32', args: ['url.dll,FileProtocolHandler', address] };
  return { file: 'xdg-open', args: [address] };
}

/** Windows and macOS sessions have one; elsewhere X11 or Wayland say so. */
export function hasDisplay(env: Readonly<Record<string, string | undefined>>, platform: string): boolean {
  return platform === 'win32' || platform === 'darwin' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}
