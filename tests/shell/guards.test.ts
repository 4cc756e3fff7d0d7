/** The window stays with the host's exact origin, whatever an address looks like; and nothing is granted to a page. */
import fc from 'fast-check';
import type { HandlerDetails, Session, WindowOpenHandlerResponse } from 'electron';
import { describe, expect, test } from 'vitest';
import {
  decideNavigation,
  denyPermissions,
  guardContents,
  isExternalUrl,
  isHostUrl,
  RESTART_URL,
  type GuardedContents,
  type GuardedSession,
} from '#main/guards.ts';

const HOST = 'http://127.0.0.1:40123';

describe('the way out of the page', () => {
  test.each([
    ['stay', 'http://127.0.0.1:40123/', 'the host'],
    ['stay', 'http://127.0.0.1:40123/sizing?x=1#y', 'a page of the host'],
    ['stay', 'HTTP://127.0.0.1:40123/', 'the host in capitals'],
    ['block', 'http://127.0.0.1:40124/', 'another port'],
    ['block', 'http://127.0.0.1/', 'no port'],
    ['block', 'https://127.0.0.1:40123@evil.example/', 'the host as a user name, https'],
    ['block', 'http://127.0.0.1:40123@evil.example/', 'the host as a user name'],
    ['block', 'http://user@127.0.0.1:40123/', 'the host with a user name'],
    ['block', 'http://127.0.0.1:40123.evil.example/', 'the host as a prefix'],
    ['block', 'http://evil.example/http://127.0.0.1:40123/', 'the host inside the path'],
    ['block', 'http://localhost:40123/', 'another name of loopback'],
    ['block', 'http://evil.example/', 'plain http elsewhere'],
    ['block', 'file:///etc/passwd', 'a file'],
    ['block', 'javascript:alert(1)', 'a script'],
    ['block', 'data:text/html,x', 'a data address'],
    ['block', 'mailto:a@example.org', 'mail'],
    ['block', 'engage://x', 'an unknown scheme'],
    ['block', 'not an address', 'nonsense'],
    ['block', '', 'nothing'],
    ['external', 'https://docs.example.org/guide', 'an https page elsewhere'],
    ['block', 'https://user:secret@docs.example.org/', 'an https page with credentials'],
    ['block', RESTART_URL, 'the restart link while a host answers'],
  ])('%s: %s (%s)', (decision, url) => {
    expect(decideNavigation(url, HOST)).toBe(decision);
  });

  test('the restart link counts only while no host answers', () => {
    expect(decideNavigation(RESTART_URL, null)).toBe('restart-host');
    expect(decideNavigation(`${HOST}/`, null)).toBe('block');
  });

  test('of any address, stays only what a parser puts at the very origin', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.webUrl({ withQueryParameters: true }), fc.string()), (url) => {
        expect(isHostUrl(url, HOST)).toBe(false);
        expect(decideNavigation(url, HOST)).toBe(url.startsWith('https:') && isExternalUrl(url) ? 'external' : 'block');
      }),
    );
    fc.assert(
      fc.property(fc.webPath(), (path) => {
        expect(decideNavigation(`${HOST}${path}`, HOST)).toBe('stay');
      }),
    );
  });
});

/** One page, as far as the guards see it: it can be made to try things. */
class PageDouble implements GuardedContents {
  readonly #listeners = new Map<string, (details: { url: string; preventDefault(): void }) => void>();
  #openHandler: (details: HandlerDetails) => WindowOpenHandlerResponse = () => ({ action: 'allow' });

  on(event: string, listener: (details: { url: string; preventDefault(): void }) => void): void {
    this.#listeners.set(event, listener);
  }

  setWindowOpenHandler(handler: (details: HandlerDetails) => WindowOpenHandlerResponse): void {
    this.#openHandler = handler;
  }

  /** True if the page got there. */
  tries(event: string, url: string): boolean {
    let went = true;
    const preventDefault = (): void => {
      went = false;
    };
    this.#listeners.get(event)?.({ url, preventDefault });
    return went;
  }

  opens(url: string): WindowOpenHandlerResponse {
    return this.#openHandler({
      url,
      frameName: '',
      features: '',
      disposition: 'new-window',
      referrer: { url: '', policy: 'default' },
    });
  }
}

function createGuardedPage(hostOrigin: string | null = HOST): {
  page: PageDouble;
  opened: string[];
  restarts: () => number;
} {
  const page = new PageDouble();
  const opened: string[] = [];
  let restarts = 0;
  guardContents(page, {
    hostOrigin: () => hostOrigin,
    openExternal: (url) => opened.push(url),
    restartHost: () => {
      restarts += 1;
    },
  });
  return { page, opened, restarts: () => restarts };
}

describe('a guarded page', () => {
  test('moves within the host and nowhere else', () => {
    const { page, opened } = createGuardedPage();
    expect(page.tries('will-navigate', `${HOST}/sizing`)).toBe(true);
    expect(page.tries('will-navigate', 'http://evil.example/')).toBe(false);
    expect(opened).toEqual([]);
  });

  test("hands an https link to the system's browser instead of following it", () => {
    const { page, opened } = createGuardedPage();
    expect(page.tries('will-navigate', 'https://docs.example.org/')).toBe(false);
    expect(page.opens('https://docs.example.org/2')).toEqual({ action: 'deny' });
    expect(opened).toEqual(['https://docs.example.org/', 'https://docs.example.org/2']);
  });

  test.each(['will-redirect', 'will-frame-navigate'])('refuses elsewhere on %s without opening a browser', (event) => {
    const { page, opened } = createGuardedPage();
    expect(page.tries(event, 'https://docs.example.org/')).toBe(false);
    expect(page.tries(event, `${HOST}/after-token`)).toBe(true);
    expect(opened).toEqual([]);
  });

  test('opens a window only for the host, sandboxed and without preload', () => {
    const { page } = createGuardedPage();
    const response = page.opens(`${HOST}/runs/1/report.html`);
    expect(response).toMatchObject({
      action: 'allow',
      overrideBrowserWindowOptions: {
        webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false },
      },
    });
    expect(JSON.stringify(response)).not.toContain('preload');
    expect(page.opens('http://evil.example/')).toEqual({ action: 'deny' });
  });

  test('never gets a webview', () => {
    expect(createGuardedPage().page.tries('will-attach-webview', '')).toBe(false);
  });

  test('asks for the host again from the message page', () => {
    const { page, restarts } = createGuardedPage(null);
    expect(page.tries('will-navigate', RESTART_URL)).toBe(false);
    expect(restarts()).toBe(1);
  });
});

class SessionDouble implements GuardedSession {
  request: Parameters<Session['setPermissionRequestHandler']>[0] = null;
  check: Parameters<Session['setPermissionCheckHandler']>[0] = null;
  device: Parameters<Session['setDevicePermissionHandler']>[0] = null;

  setPermissionRequestHandler(handler: Parameters<Session['setPermissionRequestHandler']>[0]): void {
    this.request = handler;
  }
  setPermissionCheckHandler(handler: Parameters<Session['setPermissionCheckHandler']>[0]): void {
    this.check = handler;
  }
  setDevicePermissionHandler(handler: Parameters<Session['setDevicePermissionHandler']>[0]): void {
    this.device = handler;
  }
}

test('every permission is refused: asked for, checked, or of a device', () => {
  const session = new SessionDouble();
  denyPermissions(session);
  const answers: boolean[] = [];
  // The handlers look at nothing of what they are given: that is what is shown here.
  const anything: never = undefined as never;
  session.request?.(anything, 'media', (granted) => answers.push(granted), anything);
  session.request?.(anything, 'notifications', (granted) => answers.push(granted), anything);
  expect(answers).toEqual([false, false]);
  expect(session.check?.(anything, 'geolocation', HOST, anything)).toBe(false);
  expect(session.device?.(anything)).toBe(false);
});
