/**
 * Which domain a page belongs to: sub-domains are inside their domain, and crossing to another domain ends a visit
 * (guide, "Multi-Tenancy").
 */

/** Host of an absolute URL in lower case without port; empty where there is none. */
export function hostOf(url: string): string {
  const start = url.indexOf('://');
  if (start < 0) return '';
  let end = start + 3;
  while (end < url.length) {
    const code = url.charCodeAt(end);
    if (code === 47 || code === 63 || code === 35) break;
    end += 1;
  }
  const authority = url.slice(start + 3, end).toLowerCase();
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const port = /:\d*$/.exec(host);
  return port ? host.slice(0, port.index) : host;
}

/**
 * Whether two URLs are equal to the end of their authority (scheme, user, host and port), letter by letter: then their hosts are the same,
 * and nobody need take them out. False says nothing.
 */
export function isSameAuthority(a: string, b: string): boolean {
  const scheme = a.indexOf('://');
  const end = scheme < 0 ? -1 : a.indexOf('/', scheme + 3);
  if (end < 0 || end >= b.length) return a === b;
  for (let index = end; index >= 0; index -= 1) if (a.charCodeAt(index) !== b.charCodeAt(index)) return false;
  return true;
}

export function isInDomain(host: string, domain: string): boolean {
  return host === domain || (host.length > domain.length && host.endsWith(`.${domain}`));
}

/**
 * The domain of a host: the configured one that it lies in (the longest), else its last two labels, which is right for
 * `shop.example` and too wide only for hosts under a public suffix of two labels: configure those.
 */
export function domainOf(host: string, configured: readonly string[]): string {
  let best = '';
  for (const domain of configured) {
    if (domain.length > best.length && isInDomain(host, domain)) best = domain;
  }
  if (best !== '') return best;
  if (/^[\d.]+$/.test(host) || host.startsWith('[')) return host;
  return host.split('.').slice(-2).join('.');
}
