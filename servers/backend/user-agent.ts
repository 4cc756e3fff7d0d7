/**
 * What a user agent's text tells of browser, system and device. Browsers name one another in it for compatibility's sake, so the
 * order of the tables decides; what is not in them is not known, which is said by null.
 */
export interface UserAgentTraits {
  /** Name and major version. */
  readonly browser: string | null;
  readonly os: string | null;
  readonly device: 'desktop' | 'phone' | 'tablet' | 'robot' | null;
}

/** The first that is found counts. */
const BROWSERS: readonly (readonly [name: string, found: RegExp])[] = [
  ['Edge', /\b(?:Edge|Edg|EdgA|EdgiOS)\/(\d{1,5})/],
  ['Opera', /\b(?:OPR|Opera)\/(\d{1,5})/],
  ['Samsung Internet', /\bSamsungBrowser\/(\d{1,5})/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d{1,5})/],
  ['Chrome', /\b(?:HeadlessChrome|Chrome|CriOS)\/(\d{1,5})/],
  ['Safari', /\bVersion\/(\d{1,5})[^ ]* (?:Mobile\/\w{1,20} )?Safari\//],
  ['Internet Explorer', /\bMSIE (\d{1,5})/],
  ['Internet Explorer', /\bTrident\/.{0,100}\brv:(\d{1,5})/],
];

const SYSTEMS: readonly (readonly [name: string, found: RegExp])[] = [
  ['iOS', /\b(?:iPhone|iPod|iPad)\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['macOS', /\bMac OS X\b|\bMacintosh\b/],
  ['Linux', /\bLinux\b/],
];

const ROBOT = /\b\w{0,40}(?:bot|crawler|spider)\b/i;
const TABLET = /\biPad\b|\bTablet\b|\bAndroid\b(?!.{0,400}\bMobile\b)/;
const PHONE = /\bMobile\b|\biPhone\b|\biPod\b/;

export function describeUserAgent(raw: string): UserAgentTraits {
  const os = SYSTEMS.find(([, found]) => found.test(raw))?.[0] ?? null;
  return { browser: browserOf(raw), os, device: deviceOf(raw, os) };
}

function browserOf(raw: string): string | null {
  for (const [name, found] of BROWSERS) {
    const version = found.exec(raw)?.[1];
    if (version !== undefined) return `${name} ${version}`;
  }
  return null;
}

function deviceOf(raw: string, os: string | null): UserAgentTraits['device'] {
  if (ROBOT.test(raw)) return 'robot';
  if (TABLET.test(raw)) return 'tablet';
  if (PHONE.test(raw)) return 'phone';
  return os === null ? null : 'desktop';
}
