/** The sheet of keys. */
import type { ReactNode } from 'react';
import { Kbd, Modal } from '@mantine/core';
import type { Command } from '#renderer/shared/commands.ts';
import classes from '#renderer/shared/palette.module.css';

interface KeysSheetProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly commands: readonly Command[];
}

const ELSEWHERE = [
  { keys: '← →', label: 'Move the cursor through time, on a chart' },
  { keys: 'Enter', label: 'Ask why at the cursor, on a pacing chart' },
  { keys: '+ - 0', label: 'Nearer, wider, the whole, on a timeline' },
  { keys: '↑ ↓', label: 'Go through the stream, and ask why' },
  { keys: 'Esc', label: 'Close, clear or let go' },
] as const;

export function KeysSheet({ opened, onClose, commands }: KeysSheetProps): ReactNode {
  const keyed = commands.flatMap(({ keys, label }) => (keys === undefined ? [] : [{ keys, label }]));
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" size={440}>
      <dl className={classes['sheet']}>
        {[...keyed, ...ELSEWHERE].map(({ keys, label }) => (
          <div key={label}>
            <dt>
              <Keys keys={keys} />
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}

const MOD = /mac/i.test(navigator.platform) ? '⌘' : 'Ctrl';

export function Keys({ keys }: { readonly keys: string }): ReactNode {
  return (
    <span className={classes['keys']}>
      {keys.split(' ').map((key) => (
        <Kbd key={key} size="xs">
          {key === 'Mod' ? MOD : key}
        </Kbd>
      ))}
    </span>
  );
}
