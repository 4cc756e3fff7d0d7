/** What a category file makes of many page views: how many each category and each tag finds, and which pages carry none. */
import type { Category, CategoryTag } from '#core/categories/category.ts';
import { createCategoryExplainer, type ExplainCategories } from './explain-categories.ts';
import type { PageSink } from './replay.ts';

export interface CategoryCount {
  readonly name: string;
  readonly pageViews: number;
  readonly tags: readonly { readonly tag: CategoryTag; readonly pageViews: number }[];
}

export interface CategoryTestResult {
  readonly pageViews: number;
  /** In the order of the file. */
  readonly categories: readonly CategoryCount[];
  readonly pageViewsWithoutCategory: number;
  /** Pages without a category, the most viewed first, ten at most. */
  readonly pagesWithoutCategory: readonly { readonly page: string; readonly pageViews: number }[];
}

/** Different pages without a category that are told apart; later ones are only counted together. */
const PAGES_KEPT_MAX = 100_000;
const PAGES_TOLD_MAX = 10;

export class CategoryTest implements PageSink {
  readonly #categories: readonly Category[];
  readonly #explain: ExplainCategories;
  #pageViews = 0;
  #without = 0;
  #byName = new Map<string, number>();
  #byTag = new Map<CategoryTag, number>();
  #pages = new Map<string, number>();

  constructor(categories: readonly Category[]) {
    this.#categories = categories;
    this.#explain = createCategoryExplainer(categories);
  }

  restart(): void {
    this.#pageViews = 0;
    this.#without = 0;
    this.#byName = new Map();
    this.#byTag = new Map();
    this.#pages = new Map();
  }

  takePage(url: string, title: string, languageCode: string): void {
    this.#pageViews += 1;
    const found = this.#explain(url, title, languageCode);
    for (const { name, tags } of found) {
      this.#byName.set(name, (this.#byName.get(name) ?? 0) + 1);
      for (const { tag } of tags) this.#byTag.set(tag, (this.#byTag.get(tag) ?? 0) + 1);
    }
    if (found.length > 0) return;
    this.#without += 1;
    const page = url === '' ? title : url;
    if (this.#pages.size < PAGES_KEPT_MAX || this.#pages.has(page)) {
      this.#pages.set(page, (this.#pages.get(page) ?? 0) + 1);
    }
  }

  result(): CategoryTestResult {
    return {
      pageViews: this.#pageViews,
      categories: this.#categories.map(({ name, tags }) => ({
        name,
        pageViews: this.#byName.get(name) ?? 0,
        tags: tags.map((tag) => ({ tag, pageViews: this.#byTag.get(tag) ?? 0 })),
      })),
      pageViewsWithoutCategory: this.#without,
      pagesWithoutCategory: [...this.#pages]
        .toSorted(([one, views], [other, otherViews]) => otherViews - views || (one < other ? -1 : 1))
        .slice(0, PAGES_TOLD_MAX)
        .map(([page, pageViews]) => ({ page, pageViews })),
    };
  }
}
