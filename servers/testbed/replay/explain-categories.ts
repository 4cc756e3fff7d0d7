/** Which categories a page carries, and which of their tags said so: the tags of the engine, asked one by one. */
import type { Category, CategoryTag } from '#core/categories/category.ts';
import { compileTagPattern, foldCase, type TagPattern } from '#core/categories/tag-pattern.ts';

export interface FoundTag {
  readonly tag: CategoryTag;
  /** Where its expression was found. */
  readonly foundIn: 'url' | 'title' | 'both';
}

export interface FoundCategory {
  readonly name: string;
  /** Those that match, in the order of the file. */
  readonly tags: readonly FoundTag[];
}

/** Tells the categories of a page in the order of the file; the names are those of the category matcher. */
export type ExplainCategories = (url: string, title: string) => readonly FoundCategory[];

export function createCategoryExplainer(categories: readonly Category[]): ExplainCategories {
  const compiled = categories.map(({ name, tags }) => ({
    name,
    tags: tags.map((tag) => ({ tag, matches: compileTagPattern(tag) })),
  }));
  return (url, title) => {
    const page = { url, title, foldedUrl: foldCase(url), foldedTitle: foldCase(title) };
    return compiled
      .map(({ name, tags }) => ({ name, tags: tags.flatMap(({ tag, matches }) => findTag(tag, matches, page)) }))
      .filter(({ tags }) => tags.length > 0);
  };
}

interface FoldedPage {
  readonly url: string;
  readonly title: string;
  readonly foldedUrl: string;
  readonly foldedTitle: string;
}

function findTag(tag: CategoryTag, matches: TagPattern, page: FoldedPage): readonly FoundTag[] {
  const inUrl = tag.in !== 'title' && matches(page.url, page.foldedUrl);
  const inTitle = tag.in !== 'url' && matches(page.title, page.foldedTitle);
  if (!inUrl && !inTitle) return [];
  return [{ tag, foundIn: inUrl && inTitle ? 'both' : inUrl ? 'url' : 'title' }];
}
