/** What can be done from the keyboard: one list for the keys, the command palette and the sheet of keys. */
import type { RunCommand, RunStatus } from '#protocol/run-feed.ts';
import { formatSpeed } from '#renderer/view/format.ts';
import { speedsOf } from '#renderer/view/run-mode.ts';
import { startAgain } from '#renderer/view/start-again.ts';
import { SCREENS, type ScreenName } from '#renderer/screens.ts';

export interface Command {
  readonly id: string;
  readonly label: string;
  /** As keyboards name it; `Mod` is Ctrl, or Cmd on a Mac. */
  readonly keys?: string;
  readonly group: 'Run' | 'Speed' | 'Go to' | 'Screen';
  readonly act: () => void;
}

export interface CommandContext {
  readonly status: RunStatus | null;
  readonly screen: ScreenName;
  readonly send: (command: RunCommand) => void;
  readonly go: (screen: ScreenName) => void;
  readonly focus: (panel: string) => void;
  readonly openStart: () => void;
  readonly openPalette: () => void;
  readonly openKeys: () => void;
  readonly openReport: () => void;
  readonly toggleScheme: () => void;
  readonly copyLink: () => void;
  readonly filterStream: () => void;
  readonly searchHistory: () => void;
}

export function listCommands(context: CommandContext): readonly Command[] {
  return [...runCommands(context), ...speedCommands(context), ...placeCommands(context), ...screenCommands(context)];
}

function runCommands({ status, send, openStart, openReport }: CommandContext): readonly Command[] {
  const start: Command = { id: 'start', label: 'Start a run…', keys: 'Mod O', group: 'Run', act: openStart };
  if (status === null) return [start];
  const report: Command = { id: 'report', label: 'Open the report', keys: 'R', group: 'Run', act: openReport };
  if (status.live?.doing) return [start, report];
  if (status.state !== 'running' && status.state !== 'paused') {
    const { seed } = status;
    return [
      start,
      {
        id: 'again',
        label: `Run ${status.scenario} again`,
        group: 'Run',
        act: () => send(startAgain(status)),
      },
      {
        id: 'next-seed',
        label: `Run ${status.scenario} with seed ${seed + 1}`,
        group: 'Run',
        act: () => send(startAgain(status, seed + 1)),
      },
      report,
    ];
  }
  const isRunning = status.state === 'running';
  const isLive = status.mode === 'live';
  const steps: readonly Command[] = [
    {
      id: 'second',
      label: 'Step one second',
      keys: '.',
      group: 'Run',
      act: () => send({ type: 'step', to: 'second' }),
    },
    {
      id: 'decision',
      label: 'Step to the next decision',
      keys: 'Shift .',
      group: 'Run',
      act: () => send({ type: 'step', to: 'decision' }),
    },
  ];
  return [
    {
      id: 'toggle',
      label: isRunning ? 'Pause' : 'Run on',
      keys: 'Space',
      group: 'Run',
      act: () => send({ type: isRunning ? 'pause' : 'resume' }),
    },
    ...(isLive ? [] : steps),
    ...(!isLive && status.virtualMs < status.warmupMs
      ? [
          {
            id: 'skip',
            label: 'Skip the warm-up',
            keys: 'W',
            group: 'Run',
            act: () => send({ type: 'skipWarmup' }),
          } as const,
        ]
      : []),
    start,
    report,
  ];
}

function speedCommands({ status, send }: CommandContext): readonly Command[] {
  if (status === null || (status.state !== 'running' && status.state !== 'paused')) return [];
  return speedsOf(status.mode).map((speed, index) => ({
    id: `speed-${speed}`,
    label: speed === 'max' ? 'As fast as it can' : `Speed ${formatSpeed(speed)}`,
    keys: String(index + 1),
    group: 'Speed',
    act: () => send({ type: 'speed', speed }),
  }));
}

const PANELS = ['nodes', 'traffic', 'rules', 'pacing', 'agents', 'funnel'] as const;

function placeCommands(context: CommandContext): readonly Command[] {
  const { status, screen, go, focus, filterStream, searchHistory } = context;
  /** The field of the screen that is shown. */
  const slash = screen === 'history' ? 'history' : 'stream';
  return [
    ...SCREENS.map(({ name, label, keys, about }): Command => ({
      id: `go-${name}`,
      label: `${label}: ${about}`,
      keys,
      group: 'Go to',
      act: () => go(name),
    })),
    {
      id: 'filter',
      label: 'Filter the stream',
      ...(slash === 'stream' ? { keys: '/' } : {}),
      group: 'Go to',
      act: filterStream,
    },
    {
      id: 'search-history',
      label: 'Search the history by id',
      ...(slash === 'history' ? { keys: '/' } : {}),
      group: 'Go to',
      act: searchHistory,
    },
    ...PANELS.filter((panel) => panel !== 'nodes' || status?.live).map((panel): Command => ({
      id: `panel-${panel}`,
      label: `${panel.charAt(0).toUpperCase()}${panel.slice(1)}`,
      group: 'Go to',
      act: () => {
        go('run');
        focus(panel);
      },
    })),
  ];
}

function screenCommands({ openPalette, openKeys, toggleScheme, copyLink }: CommandContext): readonly Command[] {
  return [
    { id: 'palette', label: 'Commands', keys: 'Mod K', group: 'Screen', act: openPalette },
    { id: 'keys', label: 'All keys', keys: '?', group: 'Screen', act: openKeys },
    { id: 'scheme', label: 'Light or dark', keys: 'L', group: 'Screen', act: toggleScheme },
    { id: 'link', label: 'Copy a link for another browser', group: 'Screen', act: copyLink },
  ];
}

/** The command that a key press means, if any. Keys typed into a field, and Space on a button, are not for us. */
export function commandOfKey(event: KeyboardEvent, commands: readonly Command[]): Command | undefined {
  const pressed = describeKey(event);
  if (pressed === undefined || (isTyping(event.target) && !pressed.startsWith('Mod'))) return undefined;
  if (pressed === 'Space' && isPressable(event.target)) return undefined;
  return commands.find(({ keys }) => keys === pressed);
}

function describeKey(event: KeyboardEvent): string | undefined {
  if (event.altKey || event.isComposing) return undefined;
  if (event.ctrlKey || event.metaKey) return `Mod ${event.key.toUpperCase()}`;
  if (event.key === ' ') return 'Space';
  if (event.code === 'Period' && event.shiftKey) return 'Shift .';
  return event.key.length === 1 ? event.key.toUpperCase() : undefined;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    isElement(target) &&
    target.matches('input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable="true"]')
  );
}

function isPressable(target: EventTarget | null): boolean {
  return isElement(target) && target.matches('button, a, summary, input, [role="button"], [role="option"]');
}

/** The window and the document are targets too, and match nothing. */
function isElement(target: EventTarget | null): target is Element {
  return target !== null && 'matches' in target;
}
