/**
 * A category: a name and tags, expressions searched for in a page's URL or title (domain notes, section 3.1).
 * A page is in the category when any tag matches.
 */
export interface CategoryTag {
  readonly kind: 'plain' | 'regex';
  readonly expression: string;
  /** Where it is searched. */
  readonly in: 'url' | 'title' | 'both';
  readonly matchCase: boolean;
}

export interface Category {
  readonly name: string;
  readonly tags: readonly CategoryTag[];
}
