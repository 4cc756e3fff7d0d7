/**
 * The life of the desktop program: one instance, one window, one host. The window shows the host's page while there is a host and a
 * message page while there is none; quitting waits until the host is gone.
 */
import type { BrowserWindowConstructorOptions, MenuItemConstructorOptions } from 'electron';
import {
  denyPermissions,
  guardContents,
  PAGE_PREFERENCES,
  type GuardedContents,
  type GuardedSession,
} from './guards.ts';
import type { HostState, HostSupervisor } from './host-supervisor.ts';
import { createMenuTemplate } from './menu.ts';
import { describeHostState } from './message-page.ts';

/** What is needed of Electron's App. */
export interface AppPort {
  requestSingleInstanceLock(): boolean;
  enableSandbox(): void;
  whenReady(): Promise<void>;
  quit(): void;
  on(event: 'second-instance', listener: () => void): unknown;
  on(event: 'window-all-closed', listener: () => void): unknown;
  on(event: 'before-quit', listener: (event: { preventDefault(): void }) => void): unknown;
  on(event: 'web-contents-created', listener: (event: unknown, contents: GuardedContents) => void): unknown;
}

/** What is needed of Electron's BrowserWindow. */
export interface WindowPort {
  loadURL(url: string): Promise<void>;
  isDestroyed(): boolean;
  isMinimized(): boolean;
  restore(): void;
  focus(): void;
}

export interface DesktopParts {
  readonly app: AppPort;
  readonly platform: string;
  readonly preload: string;
  /** Only asked for once the app is ready. */
  readonly session: () => GuardedSession;
  readonly createWindow: (options: BrowserWindowConstructorOptions) => WindowPort;
  readonly createSupervisor: (onChange: (state: HostState) => void) => HostSupervisor;
  readonly setMenu: (template: MenuItemConstructorOptions[]) => void;
  readonly registerVerbs: (hostOrigin: () => string | null) => void;
  readonly openExternal: (url: string) => void;
}

/** Runs until the person quits. Resolves when the window is there; at once in a second instance, which only wakes the first. */
export async function runDesktop(parts: DesktopParts): Promise<void> {
  const { app } = parts;
  app.enableSandbox();
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }

  let window: WindowPort | null = null;
  const show = (state: HostState): void => {
    const page = describeHostState(state) ?? (state.is === 'running' ? state.url : null);
    // A page that is replaced while it loads, or a window closed under it, rejects: the next state shows what is true.
    if (page !== null && window !== null && !window.isDestroyed()) window.loadURL(page).catch(() => undefined);
  };
  const supervisor = parts.createSupervisor(show);
  const hostOrigin = (): string | null => (supervisor.state.is === 'running' ? supervisor.state.origin : null);
  const restartHost = (): void => void supervisor.stop().then(() => supervisor.start());

  app.on('second-instance', () => {
    if (window === null || window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('window-all-closed', () => app.quit());
  app.on('web-contents-created', (_event, contents) =>
    guardContents(contents, { hostOrigin, openExternal: parts.openExternal, restartHost }),
  );
  quitAfterHost(app, supervisor);

  await app.whenReady();
  denyPermissions(parts.session());
  parts.registerVerbs(hostOrigin);
  parts.setMenu(createMenuTemplate(parts.platform, restartHost));
  window = parts.createWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    title: 'Web Engagement Testbed',
    webPreferences: { ...PAGE_PREFERENCES, preload: parts.preload },
  });
  supervisor.start();
}

/** The first wish to quit stops the host, and its end quits. */
function quitAfterHost(app: AppPort, supervisor: HostSupervisor): void {
  let quitting: 'no' | 'waiting' | 'now' = 'no';
  app.on('before-quit', (event) => {
    if (quitting === 'now') return;
    event.preventDefault();
    if (quitting === 'waiting') return;
    quitting = 'waiting';
    void supervisor.stop().then(() => {
      quitting = 'now';
      app.quit();
    });
  });
}
