/** The screen's icons: 16 px, drawn in the text's colour, always beside or behind words. */
import type { ReactNode } from 'react';

export type IconName = keyof typeof PATHS;

const PATHS = {
  play: <path d="M4.5 2.8v10.4L13 8z" fill="currentColor" stroke="none" />,
  pause: <path d="M4 3h3v10H4zM9 3h3v10H9z" fill="currentColor" stroke="none" />,
  stop: <path d="M3.5 3.5h9v9h-9z" fill="currentColor" stroke="none" />,
  step: <path d="M3 3v10l6.5-5zM11 3h2v10h-2z" fill="currentColor" stroke="none" />,
  decision: (
    <>
      <path d="M2.5 3v10L7.5 8z" fill="currentColor" stroke="none" />
      <path d="M12 4.4 15.6 8 12 11.6 8.4 8z" fill="currentColor" stroke="none" />
    </>
  ),
  chevron: <path d="m4 6 4 4 4-4" />,
  run: <path d="M1.5 9.5h3L7 3l3 10 2-5h2.5" />,
  pacing: <path d="M1.5 13.5h13M1.5 6.5h13M3 11.5l3-4 2.5 2 4-6.5" />,
  whatIf: <path d="M2 8h4l3-4h5M6 8l3 4h5M11.5 1.5 14 4l-2.5 2.5" />,
  sizing: <path d="M2 13.5h12M3.5 11V8M7 11V5.5M10.5 11V7M13.5 11V3" />,
  sun: (
    <>
      <circle cx="8" cy="8" r="3" />
      <path d="M8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M3.4 12.6l1.1-1.1M11.5 4.5l1.1-1.1" />
    </>
  ),
  moon: <path d="M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3z" />,
  system: <path d="M2 3h12v8H2zM5.5 13.5h5M8 11v2.5" />,
  help: <path d="M5.8 6a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.6M8 12.2v.3" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.3" />
      <path d="m10.3 10.3 3.7 3.7" />
    </>
  ),
  report: <path d="M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3M5.5 8h5M5.5 10.5h5" />,
  close: <path d="m3.5 3.5 9 9M12.5 3.5l-9 9" />,
  check: <path d="m2.8 8.6 3.4 3.6 7-8" strokeWidth="1.8" />,
  cross: <path d="m4 4 8 8M12 4l-8 8" strokeWidth="1.8" />,
  unknown: <path d="M4 8h8" strokeWidth="1.8" />,
  warning: <path d="M8 2 1.5 13.5h13zM8 6.5v3.2M8 11.6v.3" />,
  skip: <path d="M2.5 3v10L8 8zM8 3v10l5.5-5z" fill="currentColor" stroke="none" />,
  wait: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.6V8l2.4 1.6" />
    </>
  ),
  slow: <path d="M2 12.5a6 6 0 1 1 12 0M8 11.5 5 7.5" />,
  cut: <path d="M2 8h3.5M10.5 8H14M6.5 4.5l3 7M9.5 4.5l-3 7" />,
  fault: <path d="M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z" />,
  log: <path d="M3 3.5h10M3 6.5h7M3 9.5h10M3 12.5h5" />,
  nodes: <path d="M2.5 2.5h4v4h-4zM9.5 9.5h4v4h-4zM4.5 6.5v5h5M6.5 4.5h5v5" />,
  history: <path d="M2.6 5.4A6 6 0 1 1 2 8M2 2.6v3h3M8 4.8V8l2.6 1.6" />,
  plus: <path d="M8 4v8M4 8h8" strokeWidth="1.8" />,
  save: <path d="M8 2v8M4.8 7 8 10.2 11.2 7M2.5 13.5h11" />,
  erase: <path d="M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.7 9h5.6l.7-9M6.8 7v4M9.2 7v4" />,
  person: (
    <>
      <circle cx="8" cy="5" r="2.8" />
      <path d="M2.5 14c.6-3 2.8-4.4 5.5-4.4s4.9 1.4 5.5 4.4" />
    </>
  ),
  again: <path d="M13 8a5 5 0 1 1-1.6-3.7M13.2 1.8v3h-3" />,
} as const;

interface IconProps {
  readonly name: IconName;
  readonly size?: number;
}

export function Icon({ name, size = 16 }: IconProps): ReactNode {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {PATHS[name]}
    </svg>
  );
}
