/** What a visitor had searched for at a search engine, as far as the referrer still tells it. */

/** The parameter in which each engine puts the terms, by a label of its host. */
const TERMS_PARAMETERS: Readonly<Record<string, string>> = {
  google: 'q',
  bing: 'q',
  duckduckgo: 'q',
  ecosia: 'q',
  ask: 'q',
  aol: 'q',
  yahoo: 'p',
  yandex: 'text',
  baidu: 'wd',
};

/** Undefined where the referrer is no search engine's, or does not tell. */
export function findSearchTerms(referrer: string): string | undefined {
  if (!referrer.includes('?') || !URL.canParse(referrer)) return undefined;
  const url = new URL(referrer);
  const labels = url.hostname.split('.');
  const engine = labels.slice(0, -1).findLast((label) => Object.hasOwn(TERMS_PARAMETERS, label));
  const terms = engine === undefined ? null : url.searchParams.get(TERMS_PARAMETERS[engine] ?? 'q');
  return terms === null || terms.trim() === '' ? undefined : terms.trim();
}
