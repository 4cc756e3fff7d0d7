/** Every command by its name: type a part of it, choose by arrows, Enter does it. */
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { Modal, TextInput } from '@mantine/core';
import type { Command } from '#renderer/shared/commands.ts';
import { Keys } from '#renderer/shared/keys-sheet.tsx';
import { Icon } from '#renderer/shared/icons.tsx';
import classes from '#renderer/shared/palette.module.css';

interface CommandPaletteProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly commands: readonly Command[];
}

export function CommandPalette({ opened, onClose, commands }: CommandPaletteProps): ReactNode {
  return (
    <Modal.Root opened={opened} onClose={onClose} size={520} yOffset="12vh" centered={false}>
      <Modal.Overlay />
      <Modal.Content aria-label="Commands">
        {opened && <Choice commands={commands.filter(({ id }) => id !== 'palette')} onClose={onClose} />}
      </Modal.Content>
    </Modal.Root>
  );
}

function Choice({
  commands,
  onClose,
}: {
  readonly commands: readonly Command[];
  readonly onClose: () => void;
}): ReactNode {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const found = commands.filter(({ label, group }) => matches(`${group} ${label}`, text));
  const act = (command: Command | undefined): void => {
    if (!command) return;
    onClose();
    command.act();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (move !== 0) {
      event.preventDefault();
      setAt((at + move + found.length) % Math.max(1, found.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      act(found[at]);
    }
  };
  return (
    <>
      <TextInput
        data-autofocus
        autoFocus
        variant="unstyled"
        className={classes['input'] ?? ''}
        placeholder="What do you want to do?"
        aria-label="Command"
        role="combobox"
        aria-expanded
        aria-controls="command-list"
        aria-activedescendant={found[at] ? `command-${found[at].id}` : undefined}
        leftSection={<Icon name="search" />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id="command-list" role="listbox" aria-label="Commands" className={classes['list']}>
        {found.map((command, index) => (
          <li
            key={command.id}
            id={`command-${command.id}`}
            role="option"
            aria-selected={index === at}
            onPointerMove={() => setAt(index)}
            onClick={() => act(command)}
            ref={index === at ? scrollIntoView : undefined}
          >
            <span className={classes['group']}>{command.group}</span>
            <span className={classes['label']}>{command.label}</span>
            {command.keys !== undefined && <Keys keys={command.keys} />}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className={classes['none']}>No command is called that.</p>}
    </>
  );
}

function scrollIntoView(row: HTMLElement | null): void {
  row?.scrollIntoView({ block: 'nearest' });
}

/** Every word of `text` begins somewhere in `label`. */
function matches(label: string, text: string): boolean {
  const words = label.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
}
