/**
 * Where the window may go and what it may ask for. Addresses are compared by their parsed, exact origin, never by substring:
 * `http://127.0.0.1:80@evil.example/` and `http://127.0.0.1.evil.example/` are not the host.
 */
import type { HandlerDetails, Session, WindowOpenHandlerResponse } from 'electron';

/** The link of the message page that asks for another start of the host; a name that no network resolves. */
export const RESTART_URL = 'http://restart-host.invalid/';

export type NavigationDecision = 'stay' | 'external' | 'restart-host' | 'block';

/** What becomes of a way out of the page. `hostOrigin` is null while no host answers. */
export function decideNavigation(url: string, hostOrigin: string | null): NavigationDecision {
  if (isHostUrl(url, hostOrigin)) return 'stay';
  if (hostOrigin === null && url === RESTART_URL) return 'restart-host';
  return isExternalUrl(url) ? 'external' : 'block';
}

/** True for an address of exactly the host's origin, without credentials in it. */
export function isHostUrl(url: string, hostOrigin: string | null): boolean {
  if (hostOrigin === null || !URL.canParse(url)) return false;
  const { origin, username, password } = new URL(url);
  return origin === hostOrigin && username === '' && password === '';
}

/** True for what the system's browser may be handed: https, without credentials in it. */
export function isExternalUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password } = new URL(url);
  return protocol === 'https:' && username === '' && password === '';
}

interface Navigation {
  readonly url: string;
  preventDefault(): void;
}

/** What the guards need of Electron's WebContents. */
export interface GuardedContents {
  on(event: 'will-navigate', listener: (details: Navigation) => void): unknown;
  on(event: 'will-frame-navigate', listener: (details: Navigation) => void): unknown;
  on(event: 'will-redirect', listener: (details: Navigation) => void): unknown;
  on(event: 'will-attach-webview', listener: (event: Pick<Navigation, 'preventDefault'>) => void): unknown;
  setWindowOpenHandler(handler: (details: HandlerDetails) => WindowOpenHandlerResponse): void;
}

export interface GuardActions {
  readonly hostOrigin: () => string | null;
  readonly openExternal: (url: string) => void;
  readonly restartHost: () => void;
}

/** Holds one page to the host's origin; a page that it opens (a report) is of that origin too and gets no preload. */
export function guardContents(contents: GuardedContents, actions: GuardActions): void {
  const follow = (url: string): boolean => {
    const decision = decideNavigation(url, actions.hostOrigin());
    if (decision === 'external') actions.openExternal(url);
    if (decision === 'restart-host') actions.restartHost();
    return decision === 'stay';
  };
  contents.on('will-navigate', (details) => {
    if (!follow(details.url)) details.preventDefault();
  });
  // Frames and redirects are not a person's choice: they are refused, not handed to the system's browser.
  const refuseElsewhere = (details: Navigation): void => {
    if (!isHostUrl(details.url, actions.hostOrigin())) details.preventDefault();
  };
  contents.on('will-frame-navigate', refuseElsewhere);
  contents.on('will-redirect', refuseElsewhere);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) =>
    follow(url)
      ? { action: 'allow', overrideBrowserWindowOptions: { autoHideMenuBar: true, webPreferences: PAGE_PREFERENCES } }
      : { action: 'deny' },
  );
}

/** What every page runs with; the main window adds its preload. */
export const PAGE_PREFERENCES = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  webviewTag: false,
  safeDialogs: true,
} as const;

/** What the guards need of Electron's Session. */
export type GuardedSession = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
>;

/** The screen needs no camera, place, notification or device: whatever asks is refused. */
export function denyPermissions(session: GuardedSession): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
}
