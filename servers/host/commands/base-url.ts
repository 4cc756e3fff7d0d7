/** The site whose access log is read: what must stand before the log's paths to make them URLs. */
import { OperatingError } from '#protocol/operating-error.ts';

/** `https://www.example.com/` -> `https://www.example.com`; throws OperatingError where it is anything but a site. */
export function parseOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSite = url !== undefined && (url.protocol === 'http:' || url.protocol === 'https:');
  const isBare = isSite && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  if (!isBare) {
    throw new OperatingError(
      'INVALID_USAGE',
      `--base-url: expected a site such as https://www.example.com, got "${text}"`,
    );
  }
  return url.origin;
}
