/**
 * The domain that a rule package is for where domains are separated (`cep.domainSeparation`): its name reversed, so that
 * `com.genesys.blog` is for `blog.genesys.com` and what lies below it.
 */

/** The domain that a package's name reverses. */
export function domainOfPackage(name: string): string {
  return name.split('.').toReversed().join('.');
}

/** Why a package of this name can be for no domain, as the end of a sentence; null where it can. */
export function describePackageNameFault(name: string): string | null {
  const labels = name.split('.');
  const isDomain = labels.length >= 2 && labels.every((label) => LABEL.test(label)) && TOP_LEVEL.test(labels[0] ?? '');
  if (isDomain) return null;
  return `expected a reversed domain such as com.example.shop, as cep.domainSeparation is on, got "${name}"`;
}

/** A label of a host's name, in lower case as hosts are compared (RFC 1123, section 2.1). */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** No top-level domain is of digits alone, or one letter long. */
const TOP_LEVEL = /^[a-z][a-z0-9-]*[a-z0-9]$/;
