/**
 * A category: a name and tags, expressions searched for in a page's URL or title (domain notes, section 3.1).
 * A page is in the category when any tag matches.
 */
export interface CategoryTag {
  /** `plain`: text to be found as it stands; `regex`: an expression in RE2's syntax, to be found anywhere. */
  readonly kind: 'plain' | 'regex';
  readonly expression: string;
  /** Where it is searched; `both`: in either. */
  readonly in: 'url' | 'title' | 'both';
  /** False: upper and lower case are the same. */
  readonly matchCase: boolean;
}

export interface Category {
  /** Without `;`, which joins names in an event's `category`. */
  readonly name: string;
  readonly tags: readonly CategoryTag[];
}
