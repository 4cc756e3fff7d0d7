/** The rail at the left: the screens, and below them what concerns all of them. */
import type { ReactNode } from 'react';
import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { SCREENS, type ScreenName } from '#renderer/screens.ts';
import { Icon, type IconName } from '#renderer/shared/icons.tsx';
import classes from '#renderer/shared/rail.module.css';

interface RailProps {
  readonly screen: ScreenName;
  readonly onScreen: (name: ScreenName) => void;
  readonly onKeys: () => void;
  readonly onPalette: () => void;
}

const NEXT_SCHEME: Readonly<Record<MantineColorScheme, MantineColorScheme>> = {
  auto: 'light',
  light: 'dark',
  dark: 'auto',
};
const SCHEME_ICONS: Readonly<Record<MantineColorScheme, IconName>> = { auto: 'system', light: 'sun', dark: 'moon' };
const SCHEME_WORDS: Readonly<Record<MantineColorScheme, string>> = {
  auto: 'as the system',
  light: 'light',
  dark: 'dark',
};

export function Rail({ screen, onScreen, onKeys, onPalette }: RailProps): ReactNode {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <nav className={classes['rail']} aria-label="Screens">
      {SCREENS.map(({ name, label, icon, keys, about }) => (
        <a
          key={name}
          href={`#/${name}`}
          className={classes['item']}
          title={`${label}: ${about} (${keys})`}
          aria-current={name === screen ? 'page' : undefined}
          onClick={(event) => {
            event.preventDefault();
            onScreen(name);
          }}
        >
          <Icon name={icon} size={20} />
          {label}
        </a>
      ))}
      <span className={classes['gap']} />
      <button type="button" className={classes['item']} onClick={onPalette} title="Commands (Ctrl K)">
        <Icon name="search" size={18} />
        <span className={classes['small']}>Ctrl K</span>
      </button>
      <button
        type="button"
        className={classes['item']}
        onClick={() => setColorScheme(NEXT_SCHEME[colorScheme])}
        title={`Colours: ${SCHEME_WORDS[colorScheme]}; press for ${SCHEME_WORDS[NEXT_SCHEME[colorScheme]]}`}
        aria-label={`Colours: ${SCHEME_WORDS[colorScheme]}`}
      >
        <Icon name={SCHEME_ICONS[colorScheme]} size={18} />
      </button>
      <button type="button" className={classes['item']} onClick={onKeys} title="Keys (?)" aria-label="Keys">
        <Icon name="help" size={18} />
      </button>
    </nav>
  );
}
