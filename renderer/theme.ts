/**
 * Mantine, tuned to the testbed: dense, square-shouldered, ink for what can be acted on, so that colour is left to what it means
 * (theme.css: visitors blue, rules violet, pacing amber, chats teal, failure red).
 */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** From paper to ink; shade 8 acts in light, shade 1 in dark. */
const ink: MantineColorsTuple = [
  '#f2f5f8',
  '#dfe6ed',
  '#c3ced9',
  '#9fb0c0',
  '#7b90a3',
  '#5d7389',
  '#46596d',
  '#334355',
  '#1f2b38',
  '#131c26',
];

/** Mantine's dark greys, in the testbed's blue-black. */
const night: MantineColorsTuple = [
  '#e6ecf2',
  '#c3cdd7',
  '#95a5b4',
  '#6b7c8c',
  '#3b4a58',
  '#2c3945',
  '#19222b',
  '#121920',
  '#0d1319',
  '#0b1016',
];

const CLOSE = { 'aria-label': 'Close' };

export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--font-mono)',
  headings: { fontFamily: 'var(--font)', fontWeight: '600' },
  colors: { ink, dark: night },
  primaryColor: 'ink',
  primaryShade: { light: 8, dark: 1 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  defaultRadius: 'sm',
  cursorType: 'pointer',
  focusRing: 'auto',
  fontSizes: { xs: '0.6875rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.25rem', xl: '2rem' },
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  components: {
    /** Named, so that theme.css can find it. */
    Button: { defaultProps: { variant: 'filled' } },
    Modal: {
      defaultProps: { lockScroll: false, centered: true, transitionProps: { duration: 0 }, closeButtonProps: CLOSE },
    },
    ModalRoot: { defaultProps: { lockScroll: false, transitionProps: { duration: 0 } } },
    Drawer: { defaultProps: { lockScroll: false, transitionProps: { duration: 0 }, closeButtonProps: CLOSE } },
    Popover: { defaultProps: { transitionProps: { duration: 0 }, shadow: 'md', withArrow: false } },
    Tooltip: { defaultProps: { transitionProps: { duration: 0 }, openDelay: 400 } },
    SegmentedControl: { defaultProps: { transitionDuration: 0 } },
    Menu: { defaultProps: { transitionProps: { duration: 0 } } },
  },
});

/** Mantine's surfaces on the testbed's own tokens, which already know light from dark. */
export const cssVariablesResolver: CSSVariablesResolver = () => {
  const surfaces = {
    '--mantine-color-body': 'var(--panel)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--dim)',
    '--mantine-color-placeholder': 'var(--dim)',
    '--mantine-color-default-border': 'var(--line)',
    '--mantine-color-error': 'var(--failure)',
  };
  return { variables: {}, light: surfaces, dark: surfaces };
};
