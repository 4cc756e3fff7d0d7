/** The verbs check who asks and for what, touch only what the person chose in a dialog, and say how it went. */
import type { OpenDialogOptions, SaveDialogOptions } from 'electron';
import { describe, expect, test } from 'vitest';
import { CHANNELS } from '#main/ipc-contract.ts';
import { createVerbs, isTrusted, registerVerbs, type DesktopPort, type Sender } from '#main/shell-verbs.ts';

const HOST = 'http://127.0.0.1:40123';
const SCENARIO = { name: 'Scenario', extensions: ['yaml', 'yml'] };

/** A desktop whose person chooses `choice` in every dialog (null: cancels), over files in memory. */
class DesktopDouble implements DesktopPort {
  readonly files = new Map<string, string>();
  readonly dialogs: (SaveDialogOptions | OpenDialogOptions)[] = [];
  readonly opened: string[] = [];
  choice: string | null = null;

  readonly showSaveDialog: DesktopPort['showSaveDialog'] = async (...args: readonly unknown[]) => {
    this.dialogs.push(args.at(-1) as SaveDialogOptions);
    return { canceled: this.choice === null, filePath: this.choice ?? '' };
  };
  readonly showOpenDialog: DesktopPort['showOpenDialog'] = async (...args: readonly unknown[]) => {
    this.dialogs.push(args.at(-1) as OpenDialogOptions);
    return { canceled: this.choice === null, filePaths: this.choice === null ? [] : [this.choice] };
  };
  readonly openExternal = async (url: string): Promise<void> => void this.opened.push(url);
  readonly writeText = async (path: string, text: string): Promise<void> => {
    if (path.startsWith('/readonly/')) throw new Error('EACCES: permission denied');
    this.files.set(path, text);
  };
  readonly sizeInBytes = async (path: string): Promise<number> =>
    path.endsWith('huge.yaml') ? 100 * 1024 * 1024 : (await this.readText(path)).length;
  readonly readText = async (path: string): Promise<string> => {
    const text = this.files.get(path);
    if (text === undefined) throw new Error('ENOENT: no such file');
    return text;
  };
  readonly baseName = (path: string): string => path.split('/').at(-1) ?? '';
}

function createScene(choice: string | null): { desktop: DesktopDouble; verbs: ReturnType<typeof createVerbs> } {
  const desktop = new DesktopDouble();
  desktop.choice = choice;
  return { desktop, verbs: createVerbs(desktop) };
}

describe('saveFile', () => {
  const file = { suggestedName: 'run.yaml', kind: SCENARIO, text: 'name: run\n' };

  test('writes where the person says, and answers with the name alone', async () => {
    const { desktop, verbs } = createScene('/home/ada/mine.yaml');
    expect(await verbs.saveFile(file)).toEqual({ outcome: 'saved', name: 'mine.yaml' });
    expect([...desktop.files]).toEqual([['/home/ada/mine.yaml', 'name: run\n']]);
    expect(desktop.dialogs).toEqual([{ defaultPath: 'run.yaml', filters: [SCENARIO] }]);
  });

  test('writes nothing when the person cancels', async () => {
    const { desktop, verbs } = createScene(null);
    expect(await verbs.saveFile(file)).toEqual({ outcome: 'cancelled' });
    expect(desktop.files.size).toBe(0);
  });

  test('says why it could not write', async () => {
    const { verbs } = createScene('/readonly/mine.yaml');
    expect(await verbs.saveFile(file)).toEqual({ outcome: 'failed', reason: 'EACCES: permission denied' });
  });

  test.each([
    ['a path instead of a name', { ...file, suggestedName: '../../.bashrc' }],
    ['a Windows path', { ...file, suggestedName: 'C:\\autoexec.bat' }],
    ['no name', { ...file, suggestedName: '' }],
    ['no text', { ...file, text: 7 }],
    ['odd extensions', { ...file, kind: { name: 'x', extensions: ['../x'] } }],
    ['no kind', { ...file, kind: null }],
    ['nothing', undefined],
    ['a string', 'run.yaml'],
  ])('refuses %s before any dialog is shown', async (_what, argument) => {
    const { desktop, verbs } = createScene('/home/ada/mine.yaml');
    await expect(async () => verbs.saveFile(argument)).rejects.toThrow(TypeError);
    expect(desktop.dialogs).toEqual([]);
  });
});

describe('openFile', () => {
  const request = { title: 'Open a scenario', kind: SCENARIO };

  test('reads what the person chose', async () => {
    const { desktop, verbs } = createScene('/home/ada/mine.yaml');
    desktop.files.set('/home/ada/mine.yaml', 'name: mine\n');
    expect(await verbs.openFile(request)).toEqual({ outcome: 'opened', name: 'mine.yaml', text: 'name: mine\n' });
    expect(desktop.dialogs).toEqual([{ title: 'Open a scenario', properties: ['openFile'], filters: [SCENARIO] }]);
  });

  test('reads nothing when the person cancels', async () => {
    expect(await createScene(null).verbs.openFile(request)).toEqual({ outcome: 'cancelled' });
  });

  test('refuses a file that is too large, and says so', async () => {
    expect(await createScene('/home/ada/huge.yaml').verbs.openFile(request)).toEqual({
      outcome: 'failed',
      reason: 'the file has 104857600 bytes, at most 67108864 can be read',
    });
  });

  test('says why it could not read', async () => {
    expect(await createScene('/home/ada/gone.yaml').verbs.openFile(request)).toEqual({
      outcome: 'failed',
      reason: 'ENOENT: no such file',
    });
  });
});

describe('openExternal', () => {
  test('hands https to the system', async () => {
    const { desktop, verbs } = createScene(null);
    expect(await verbs.openExternal('https://docs.example.org/')).toBe(true);
    expect(desktop.opened).toEqual(['https://docs.example.org/']);
  });

  test.each(['http://docs.example.org/', 'file:///etc/passwd', 'smb://server/share', 'https://a:b@c.example/', '', 7])(
    'refuses %s',
    async (url) => {
      const { desktop, verbs } = createScene(null);
      expect(await verbs.openExternal(url)).toBe(false);
      expect(desktop.opened).toEqual([]);
    },
  );
});

describe('who may ask', () => {
  const frame = (url: string, parent: Sender = null): Sender => ({ url, parent }) as Sender;

  test.each([
    [true, 'the top frame of the host', frame(`${HOST}/sizing`)],
    [false, 'a frame within the page', frame(`${HOST}/`, frame(`${HOST}/`))],
    [false, 'another origin', frame('http://127.0.0.1:40124/')],
    [false, 'an address that only begins like the host', frame(`${HOST}.evil.example/`)],
    [false, 'the message page', frame('data:text/html,x')],
    [false, 'a frame that is gone', null],
  ])('%s: %s', (trusted, _who, sender) => {
    expect(isTrusted(sender, HOST)).toBe(trusted);
    expect(isTrusted(sender, null)).toBe(false);
  });

  test('every verb is answered for the page of the host, and refused to all others', async () => {
    const handlers = new Map<string, (event: { readonly senderFrame: Sender }, argument: unknown) => unknown>();
    const desktop = new DesktopDouble();
    registerVerbs({ handle: (channel, handler) => void handlers.set(channel, handler) }, desktop, () => HOST);
    expect([...handlers.keys()].toSorted()).toEqual(Object.values(CHANNELS).toSorted());
    const openExternal = handlers.get(CHANNELS.openExternal);
    expect(await openExternal?.({ senderFrame: frame(`${HOST}/`) }, 'https://docs.example.org/')).toBe(true);
    for (const handler of handlers.values()) {
      expect(() => handler({ senderFrame: frame('http://evil.example/') }, {})).toThrow(/is refused/);
    }
    expect(desktop.opened).toEqual(['https://docs.example.org/']);
    expect(desktop.dialogs).toEqual([]);
  });
});
