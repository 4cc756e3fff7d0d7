/** Where on a page a tag's expression is found: what the matcher asks of every page, and what its explanation tells. */
import { assertNever } from '#core/assert.ts';
import type { CategoryTag } from './category.ts';
import { compileTagPattern, createSearchedText, type SearchedText } from './tag-pattern.ts';

/** What tags are searched in. */
export interface SearchedPage {
  readonly url: SearchedText;
  readonly title: SearchedText;
  readonly language: SearchedText;
}

export type FoundIn = CategoryTag['in'];

/** Null: nowhere. */
export type TagSearch = (page: SearchedPage) => FoundIn | null;

export function createSearchedPage(url: string, title: string, languageCode: string): SearchedPage {
  return {
    url: createSearchedText(url),
    title: createSearchedText(title),
    language: createSearchedText(languageCode),
  };
}

/** Compiles a tag whose expression has no fault. */
export function compileTag(tag: CategoryTag): TagSearch {
  const fits = compileTagPattern(tag);
  const place = tag.in;
  switch (place) {
    case 'url':
    case 'title':
    case 'language':
      return (page) => (fits(page[place]) ? place : null);
    case 'both':
      return ({ url, title }) => {
        const inUrl = fits(url);
        if (fits(title)) return inUrl ? 'both' : 'title';
        return inUrl ? 'url' : null;
      };
    default:
      return assertNever(place, 'place of a tag');
  }
}
