/** The app: providers, the line to the host, the rail between screens, keys and commands. */
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { Loader, MantineProvider, useMantineColorScheme, useComputedColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { CONTROL_PATHS } from '#protocol/control-api.ts';
import type { SizingTraffic } from '#protocol/run-feed.ts';
import { connectFeed, type FeedConnection } from '#renderer/feed/feed-connection.ts';
import { createLink } from '#renderer/feed/host-api.ts';
import { RunLineProvider, useRunLine, type RunLine } from '#renderer/feed/run-context.tsx';
import { createRunStore } from '#renderer/feed/run-store.ts';
import { useScreen } from '#renderer/screens.ts';
import { CommandPalette } from '#renderer/shared/command-palette.tsx';
import { commandOfKey, listCommands, type CommandContext } from '#renderer/shared/commands.ts';
import { KeysSheet } from '#renderer/shared/keys-sheet.tsx';
import { focusPanel } from '#renderer/shared/panel.tsx';
import { Rail } from '#renderer/shared/rail.tsx';
import { cssVariablesResolver, theme } from '#renderer/theme.ts';
import classes from '#renderer/app.module.css';

/** Loaded one by one, so that no single task of the page's start is long. */
const RunScreen = lazy(async () => ({ default: (await import('#renderer/run/run-screen.tsx')).RunScreen }));
const PacingScreen = lazy(async () => ({ default: (await import('#renderer/pacing/pacing-screen.tsx')).PacingScreen }));
const HistoryScreen = lazy(async () => ({
  default: (await import('#renderer/history/history-screen.tsx')).HistoryScreen,
}));
const SizingScreen = lazy(async () => ({ default: (await import('#renderer/sizing/sizing-screen.tsx')).SizingScreen }));
const StartDrawer = lazy(async () => ({ default: (await import('#renderer/run/start-drawer.tsx')).StartDrawer }));

const store = createRunStore((callback) => requestAnimationFrame(callback));

export function App({ styleNonce }: { readonly styleNonce: string }): ReactNode {
  const line = useLine();
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      defaultColorScheme="auto"
      getStyleNonce={() => styleNonce}
    >
      <RunLineProvider value={line}>
        <Shell />
      </RunLineProvider>
    </MantineProvider>
  );
}

function useLine(): RunLine {
  const connection = useRef<FeedConnection | null>(null);
  useEffect(() => {
    const opened = connectFeed(store);
    connection.current = opened;
    return () => opened.close();
  }, []);
  return useMemo(
    () => ({
      store,
      send: (command) => void connection.current?.send(command),
      reconnect: () => connection.current?.reconnect(),
    }),
    [],
  );
}

function Shell(): ReactNode {
  const [screen, go] = useScreen();
  const [start, setStart] = useState<{ readonly traffic: SizingTraffic | null } | null>(null);
  const [isPaletteOpen, palette] = useDisclosure(false);
  const [areKeysOpen, keys] = useDisclosure(false);
  const [said, say] = useSaying();
  const openStart = useCallback(() => setStart({ traffic: null }), []);
  const scheme = useSchemeToggle();
  const { send } = useRunLine();

  /** Made anew when it is asked for: what can be done depends on the run. */
  const commands = (): ReturnType<typeof listCommands> => {
    const { status } = store.view();
    const context: CommandContext = {
      status,
      send,
      go,
      focus: (panel) => requestAnimationFrame(() => focusPanel(panel)),
      openStart,
      openPalette: palette.open,
      openKeys: keys.open,
      openReport: () => status !== null && window.open(CONTROL_PATHS.report(status.runId), '_blank', 'noopener'),
      toggleScheme: scheme,
      copyLink: () => void copyLink(say),
      screen,
      searchHistory: () => {
        go('history');
        focusField('history-search');
      },
      filterStream: () => {
        go('run');
        focusField('stream-filter');
      },
    };
    return listCommands(context);
  };
  useKeys(commands, isPaletteOpen || areKeysOpen || start !== null);

  return (
    <div className={classes['app']}>
      <a className={classes['skip']} href="#screen" onClick={skipToScreen}>
        Skip to the screen
      </a>
      <Rail screen={screen} onScreen={go} onKeys={keys.open} onPalette={palette.open} />
      <main id="screen" tabIndex={-1} className={classes['screen']}>
        <Suspense fallback={<Loading />}>
          {screen === 'run' && <RunScreen onPickScenario={openStart} />}
          {screen === 'pacing' && <PacingScreen onPickScenario={openStart} />}
          {screen === 'history' && <HistoryScreen onPickScenario={openStart} />}
          {screen === 'sizing' && (
            <SizingScreen onSimulate={(traffic) => setStart({ traffic })} onStarted={() => go('run')} />
          )}
        </Suspense>
      </main>
      {start !== null && (
        <Suspense fallback={null}>
          <StartDrawer
            opened={start !== null}
            onClose={() => setStart(null)}
            onStarted={() => go('run')}
            traffic={start?.traffic ?? null}
          />
        </Suspense>
      )}
      <CommandPalette opened={isPaletteOpen} onClose={palette.close} commands={isPaletteOpen ? commands() : []} />
      <KeysSheet opened={areKeysOpen} onClose={keys.close} commands={areKeysOpen ? commands() : []} />
      <div role="status" aria-live="polite">
        {said !== '' && <p className={classes['toast']}>{said}</p>}
      </div>
    </div>
  );
}

/** At once, where the field is there: what is typed right after its key belongs in it. Else as soon as its screen is shown. */
function focusField(id: string, frames = 60): void {
  const field = document.getElementById(id);
  if (field !== null) field.focus();
  else if (frames > 0) requestAnimationFrame(() => focusField(id, frames - 1));
}

function Loading(): ReactNode {
  return (
    <div className={classes['loading']} role="status">
      <Loader size="sm" color="gray" />
      <span>Loading the screen</span>
    </div>
  );
}

function skipToScreen(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('screen')?.focus();
}

function useKeys(commands: () => ReturnType<typeof listCommands>, isCovered: boolean): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (isCovered || event.defaultPrevented) return;
      const command = commandOfKey(event, commands());
      if (!command) return;
      event.preventDefault();
      command.act();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  });
}

/** One sentence for a few seconds. */
function useSaying(): readonly [string, (words: string) => void] {
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (said === '') return undefined;
    const timer = setTimeout(() => setSaid(''), 4_000);
    return () => clearTimeout(timer);
  }, [said]);
  return [said, setSaid];
}

async function copyLink(say: (words: string) => void): Promise<void> {
  try {
    await navigator.clipboard.writeText(await createLink());
    say('The link is copied. It opens the testbed once, in a browser on this machine.');
  } catch (error) {
    say(error instanceof Error ? error.message : 'The link could not be copied.');
  }
}

function useSchemeToggle(): () => void {
  const { setColorScheme } = useMantineColorScheme();
  const shown = useComputedColorScheme();
  return () => setColorScheme(shown === 'light' ? 'dark' : 'light');
}
