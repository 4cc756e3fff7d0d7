/**
 * Categories, compiled once and asked for every page: which names does a page carry? Pages repeat, so answers are remembered
 * by URL and title, in two generations of bounded size.
 */
import type { Category, CategoryTag } from './category.ts';
import { compileTagPattern, foldCase, type TagPattern } from './tag-pattern.ts';

export interface CategoryMatcher {
  /** Names of the page's categories joined by `;`, each once, in order of their code units; '' for none. */
  categoriesOf(url: string, title: string): string;
}

/** URLs remembered in a generation. */
const REMEMBERED_URLS_MAX = 4_096;
/** Titles remembered for one URL. */
const REMEMBERED_TITLES_MAX = 8;

interface CompiledTag {
  readonly in: CategoryTag['in'];
  readonly matches: TagPattern;
}

interface CompiledCategory {
  readonly name: string;
  readonly tags: readonly CompiledTag[];
}

interface RememberedPage {
  readonly title: string;
  readonly categories: string;
}

/** Compiles categories whose tags have no fault; of one name given twice the tags are taken together. */
export function compileCategories(categories: readonly Category[]): CategoryMatcher {
  const compiled = compileEach(categories);
  let current = new Map<string, RememberedPage[]>();
  let previous = new Map<string, RememberedPage[]>();

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

  return {
    categoriesOf(url, title) {
      const pages = pagesOf(url);
      for (let i = 0; i < pages.length; i += 1) {
        const page = pages[i];
        if (page !== undefined && page.title === title) return page.categories;
      }
      const found = findCategories(compiled, url, title);
      if (pages.length >= REMEMBERED_TITLES_MAX) pages.length = 0;
      pages.push({ title, categories: found });
      return found;
    },
  };
}

function compileEach(categories: readonly Category[]): readonly CompiledCategory[] {
  const tagsByName = new Map<string, CompiledTag[]>();
  for (const category of categories) {
    const tags = category.tags.map((tag) => ({ in: tag.in, matches: compileTagPattern(tag) }));
    tagsByName.set(category.name, [...(tagsByName.get(category.name) ?? []), ...tags]);
  }
  return [...tagsByName]
    .map(([name, tags]) => ({ name, tags }))
    .toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
}

function findCategories(categories: readonly CompiledCategory[], url: string, title: string): string {
  const foldedUrl = foldCase(url);
  const foldedTitle = foldCase(title);
  const isIn = (tag: CompiledTag): boolean =>
    (tag.in !== 'title' && tag.matches(url, foldedUrl)) || (tag.in !== 'url' && tag.matches(title, foldedTitle));
  return categories
    .filter((category) => category.tags.some(isIn))
    .map((category) => category.name)
    .join(';');
}
