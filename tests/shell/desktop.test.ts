/** The program's life: one instance, one sandboxed window that shows the host or says why not, and no host left behind. */
import { EventEmitter } from 'node:events';
import type { BrowserWindowConstructorOptions, MenuItemConstructorOptions } from 'electron';
import { describe, expect, test } from 'vitest';
import { runDesktop, type AppPort, type WindowPort } from '#main/desktop.ts';
import { HostSupervisor } from '#main/host-supervisor.ts';
import type { NodeProcessListener } from '#main/spawn-node.ts';

class AppDouble extends EventEmitter implements AppPort {
  isFirst = true;
  quits = 0;
  sandboxed = false;
  requestSingleInstanceLock(): boolean {
    return this.isFirst;
  }
  enableSandbox(): void {
    this.sandboxed = true;
  }
  async whenReady(): Promise<void> {}
  quit(): void {
    this.quits += 1;
    let prevented = false;
    this.emit('before-quit', { preventDefault: () => (prevented = true) });
    if (!prevented) this.emit('gone');
  }
}

class WindowDouble implements WindowPort {
  readonly shown: string[] = [];
  minimized = false;
  focused = 0;
  async loadURL(url: string): Promise<void> {
    this.shown.push(url);
  }
  isDestroyed(): boolean {
    return false;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  restore(): void {
    this.minimized = false;
  }
  focus(): void {
    this.focused += 1;
  }
  /** The text of the page it shows. */
  get text(): string {
    return decodeURIComponent(this.shown.at(-1) ?? '');
  }
}

interface Scene {
  readonly app: AppDouble;
  readonly window: WindowDouble;
  readonly options: BrowserWindowConstructorOptions[];
  readonly hosts: { readonly listener: NodeProcessListener; asked: boolean }[];
  readonly menus: MenuItemConstructorOptions[][];
  readonly timers: (() => void)[];
  readonly hostOrigin: () => string | null;
  readonly run: () => Promise<void>;
}

function createScene(): Scene {
  const app = new AppDouble();
  const window = new WindowDouble();
  const hosts: Scene['hosts'] = [];
  const options: BrowserWindowConstructorOptions[] = [];
  const menus: MenuItemConstructorOptions[][] = [];
  const timers: (() => void)[] = [];
  let askOrigin = (): string | null => null;
  const run = (): Promise<void> =>
    runDesktop({
      app,
      platform: 'linux',
      preload: '/out/preload/preload.cjs',
      session: () => ({
        setPermissionRequestHandler: () => undefined,
        setPermissionCheckHandler: () => undefined,
        setDevicePermissionHandler: () => undefined,
      }),
      createWindow: (given) => {
        options.push(given);
        return window;
      },
      createSupervisor: (onChange) =>
        new HostSupervisor(
          { name: 'host', script: 'cli.js', args: [], cwd: '.' },
          (_spec, listener) => {
            const host = { listener, asked: false };
            hosts.push(host);
            return { stop: () => (host.asked = true), kill: () => undefined };
          },
          {
            nowMs: () => 0,
            after: (_ms, call) => (timers.push(call), () => void timers.splice(timers.indexOf(call), 1)),
          },
          onChange,
        ),
      setMenu: (template) => void menus.push(template),
      registerVerbs: (hostOrigin) => {
        askOrigin = hostOrigin;
      },
      openExternal: () => undefined,
    });
  return { app, window, options, hosts, menus, timers, hostOrigin: () => askOrigin(), run };
}

describe('the desktop program', () => {
  test('opens one sandboxed, isolated window with the preload, and shows the host when it answers', async () => {
    const { app, window, options, hosts, hostOrigin, run } = createScene();
    await run();
    expect(app.sandboxed).toBe(true);
    expect(options).toHaveLength(1);
    expect(options[0]?.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      preload: '/out/preload/preload.cjs',
    });
    expect(window.text).toContain('The testbed is starting.');
    expect(hostOrigin()).toBe(null);
    hosts[0]?.listener.onLine('stdout', 'listening http://127.0.0.1:40123/?token=abc');
    expect(window.shown.at(-1)).toBe('http://127.0.0.1:40123/?token=abc');
    expect(hostOrigin()).toBe('http://127.0.0.1:40123');
  });

  test('says what happened when the host dies, and shows the next one', async () => {
    const { window, hosts, timers, hostOrigin, run } = createScene();
    await run();
    hosts[0]?.listener.onLine('stdout', 'listening http://127.0.0.1:40123/');
    hosts[0]?.listener.onExit(1);
    expect(window.text).toContain('exit code 1. It is being started again.');
    expect(hostOrigin()).toBe(null);
    timers.pop()?.();
    hosts[1]?.listener.onLine('stdout', 'listening http://127.0.0.1:40999/');
    expect(window.shown.at(-1)).toBe('http://127.0.0.1:40999/');
  });

  test('gives up with the last words, as text, never as markup', async () => {
    const { window, hosts, timers, run } = createScene();
    await run();
    for (let crash = 0; crash < 5; crash += 1) {
      hosts.at(-1)?.listener.onLine('stderr', '<img src=x onerror=alert(1)>');
      hosts.at(-1)?.listener.onExit(4);
      timers.pop()?.();
    }
    expect(hosts).toHaveLength(5);
    expect(window.text).toContain('could not be kept running');
    expect(window.text).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(window.text).toContain("default-src 'none'");
    expect(window.text).toContain('Start it again');
  });

  test('waits with quitting until the host is gone', async () => {
    const { app, hosts, run } = createScene();
    let gone = false;
    app.on('gone', () => (gone = true));
    await run();
    app.emit('window-all-closed');
    expect(hosts[0]?.asked).toBe(true);
    expect(gone).toBe(false);
    hosts[0]?.listener.onExit(0);
    await Promise.resolve();
    await Promise.resolve();
    expect(gone).toBe(true);
  });

  test('in a second instance only quits; the first one comes forward', async () => {
    const second = createScene();
    second.app.isFirst = false;
    await second.run();
    expect(second.app.quits).toBe(1);
    expect(second.options).toEqual([]);
    expect(second.hosts).toEqual([]);

    const first = createScene();
    await first.run();
    first.window.minimized = true;
    first.app.emit('second-instance');
    expect(first.window).toMatchObject({ minimized: false, focused: 1 });
  });

  test('starts the host again from the menu', async () => {
    const { hosts, menus, run } = createScene();
    await run();
    const items = menus[0]?.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
    const restart: (() => void) | undefined = items?.find(({ label }) => label === 'Start the testbed again')
      ?.click as () => void;
    restart?.();
    hosts[0]?.listener.onExit(0);
    await Promise.resolve();
    await Promise.resolve();
    expect(hosts).toHaveLength(2);
  });
});
