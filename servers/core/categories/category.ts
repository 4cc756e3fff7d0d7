/**
 * A category: a name and tags, expressions searched for in what a page's events tell of it (domain notes, section 3.1).
 * A page is in the category when any tag matches.
 */
export interface CategoryTag {
  /**
   * `plain`: text to be found as it stands; `wildcard`: `*` for any text and `?` for any one character, over the whole of the
   * searched text; `regex`: an expression in RE2's syntax, to be found anywhere.
   */
  readonly kind: 'plain' | 'wildcard' | 'regex';
  readonly expression: string;
  /** Where it is searched; `both`: in URL or title; `language`: in the event's language code. */
  readonly in: 'url' | 'title' | 'language' | 'both';
  /** False: upper and lower case are the same. */
  readonly matchCase: boolean;
}

export interface Category {
  /** Without `;`, which joins names in an event's `category`; in Unicode's form NFC. */
  readonly name: string;
  readonly tags: readonly CategoryTag[];
  /** What people read instead of the name, by language code such as `de` or `pt-BR`; absent: the name in every language. */
  readonly names?: Readonly<Record<string, string>>;
  /** What entering such a page says of the visitor (guide, "Activities and Outcomes"); absent: nothing beyond itself. */
  readonly as?: CategoryMeaning;
}

/** An activity is something that the visitor does on the way, an outcome what it comes to. */
export type CategoryMeaning = 'activity' | 'outcome';

/**
 * A category's name in a language: of the names that it has, the one whose code is the longest beginning of `languageCode`
 * (RFC 4647, "Lookup"), so that `de` serves `de-AT`; without one, its own name.
 */
export function displayNameOf({ name, names = {} }: Category, languageCode: string): string {
  const byCode = new Map(Object.entries(names).map(([code, text]) => [code.toLowerCase(), text]));
  for (let code = languageCode.toLowerCase(); code !== ''; code = code.slice(0, Math.max(0, code.lastIndexOf('-')))) {
    const found = byCode.get(code);
    if (found !== undefined) return found;
  }
  return name;
}
