/**
 * Categories, compiled once and asked for every page: which names does a page carry? Pages repeat, so answers are remembered
 * by URL, title and language, in two generations of bounded size.
 */
import type { Category } from './category.ts';
import { compileTag, createSearchedPage, type SearchedPage, type TagSearch } from './tag-search.ts';

/** Compiled from categories alone and cheap to make, so that new categories are in force by putting a new one in its place. */
export interface CategoryMatcher {
  /** Names of the page's categories joined by `;`, each once, in order of their code units; '' for none. */
  categoriesOf(url: string, title: string, languageCode: string): string;
}

/** URLs remembered in a generation. */
const REMEMBERED_URLS_MAX = 4_096;
/** Titles, and languages where they matter, remembered for one URL. */
const REMEMBERED_PAGES_MAX = 8;

interface CompiledCategory {
  readonly name: string;
  readonly tags: readonly TagSearch[];
}

interface RememberedPage {
  readonly title: string;
  readonly languageCode: string;
  readonly categories: string;
}

/** Compiles categories whose tags have no fault; of one name given twice the tags are taken together. */
export function compileCategories(categories: readonly Category[]): CategoryMatcher {
  const compiled = compileEach(categories);
  const asksLanguage = categories.some(({ tags }) => tags.some((tag) => tag.in === 'language'));
  let current = new Map<string, RememberedPage[]>();
  let previous = new Map<string, RememberedPage[]>();
  // Events of one page follow each other in a request.
  let lastUrl: string | undefined;
  let lastPage: RememberedPage | undefined;

  const pagesOf = (url: string): RememberedPage[] => {
    const known = current.get(url);
    if (known !== undefined) return known;
    const pages = previous.get(url) ?? [];
    if (current.size >= REMEMBERED_URLS_MAX) {
      previous = current;
      current = new Map();
    }
    current.set(url, pages);
    return pages;
  };

  const pageOf = (url: string, title: string, languageCode: string): RememberedPage => {
    const pages = pagesOf(url);
    for (const page of pages) if (isPage(page, title, languageCode)) return page;
    const found = findCategories(compiled, createSearchedPage(url, title, languageCode));
    if (pages.length >= REMEMBERED_PAGES_MAX) pages.length = 0;
    const page = { title, languageCode, categories: found };
    pages.push(page);
    return page;
  };

  return {
    categoriesOf(url, title, given) {
      const languageCode = asksLanguage ? given : '';
      if (url !== lastUrl || lastPage === undefined || !isPage(lastPage, title, languageCode)) {
        lastPage = pageOf(url, title, languageCode);
        lastUrl = url;
      }
      return lastPage.categories;
    },
  };
}

function isPage(page: RememberedPage, title: string, languageCode: string): boolean {
  return page.title === title && page.languageCode === languageCode;
}

function compileEach(categories: readonly Category[]): readonly CompiledCategory[] {
  const tagsByName = new Map<string, TagSearch[]>();
  for (const { name, tags } of categories) {
    tagsByName.set(name, [...(tagsByName.get(name) ?? []), ...tags.map(compileTag)]);
  }
  return [...tagsByName]
    .map(([name, tags]) => ({ name, tags }))
    .toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
}

function findCategories(categories: readonly CompiledCategory[], page: SearchedPage): string {
  return categories
    .filter(({ tags }) => tags.some((find) => find(page) !== null))
    .map(({ name }) => name)
    .join(';');
}
