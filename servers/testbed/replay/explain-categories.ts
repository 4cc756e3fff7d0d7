/** Which categories a page carries, and which of their tags said so: the tags of the engine, asked one by one. */
import { displayNameOf, type Category, type CategoryMeaning, type CategoryTag } from '#core/categories/category.ts';
import { compileTag, createSearchedPage, type FoundIn } from '#core/categories/tag-search.ts';

export interface FoundTag {
  readonly tag: CategoryTag;
  /** Where its expression was found. */
  readonly foundIn: FoundIn;
}

export interface FoundCategory {
  readonly name: string;
  /** Its name in the language of the page. */
  readonly displayName: string;
  readonly as: CategoryMeaning | null;
  /** Those that match, in the order of the file. */
  readonly tags: readonly FoundTag[];
}

/** Tells the categories of a page in the order of the file; the names are those of the category matcher. */
export type ExplainCategories = (url: string, title: string, languageCode: string) => readonly FoundCategory[];

export function createCategoryExplainer(categories: readonly Category[]): ExplainCategories {
  const compiled = categories.map((category) => ({
    category,
    tags: category.tags.map((tag) => ({ tag, find: compileTag(tag) })),
  }));
  return (url, title, languageCode) => {
    const page = createSearchedPage(url, title, languageCode);
    return compiled
      .map(({ category, tags }) => ({
        name: category.name,
        displayName: displayNameOf(category, languageCode),
        as: category.as ?? null,
        tags: tags.flatMap(({ tag, find }) => {
          const foundIn = find(page);
          return foundIn === null ? [] : [{ tag, foundIn }];
        }),
      }))
      .filter(({ tags }) => tags.length > 0);
  };
}
