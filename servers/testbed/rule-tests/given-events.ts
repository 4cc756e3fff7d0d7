/**
 * The events of a rule test as browsers would send them: each visit has the page that it is on, a browser and who its visitor
 * is, so that a step says only what is new.
 */
import { SYSTEM_EVENT_NAMES, type BrowserEvent } from '#core/visits/event.ts';
import type { GivenEvent } from '#protocol/rule-test.ts';

interface OpenPage {
  readonly pageID: string;
  readonly url: string;
  readonly title: string;
  /** Undefined: by the category file. */
  readonly category: string | undefined;
}

interface GivenVisit {
  browser: string;
  identity: string | undefined;
  language: string;
  page: OpenPage;
  pages: number;
}

const NO_PAGE: OpenPage = { pageID: '', url: '', title: '', category: undefined };

export class GivenEvents {
  readonly #site: string;
  readonly #visits = new Map<string, GivenVisit>();

  /** `site`: `https://host` before URLs that begin with a slash. */
  constructor(site: string) {
    this.#site = site;
  }

  /** The next event, which happens at `at` (epoch ms). */
  next(given: GivenEvent, at: number): BrowserEvent {
    const visit = this.#visitOf(given);
    const page = this.#pageOf(given, visit);
    if (given.eventName === 'PageEntered') visit.page = page;
    if (given.eventName === 'PageExited') visit.page = { ...NO_PAGE, url: page.url };
    return {
      eventID: given.id,
      timestamp: at,
      visitID: given.visit,
      globalVisitID: visit.browser,
      pageID: page.pageID,
      eventType: SYSTEM_EVENT_NAMES.some((name) => name === given.eventName) ? 'SYSTEM' : 'BUSINESS',
      eventName: given.eventName,
      url: page.url,
      title: page.title,
      category: page.category,
      languageCode: visit.language,
      identity: visit.identity,
      data: given.data,
    };
  }

  #visitOf(given: GivenEvent): GivenVisit {
    const known = this.#visits.get(given.visit);
    const visit = known ?? {
      browser: `browser of ${given.visit}`,
      identity: undefined,
      language: 'en',
      page: NO_PAGE,
      pages: 0,
    };
    visit.browser = given.browser ?? visit.browser;
    visit.identity = given.identity ?? visit.identity;
    visit.language = given.language ?? visit.language;
    this.#visits.set(given.visit, visit);
    return visit;
  }

  /** A page that is entered begins anew; any other event is on the page that the visit is on, but for what it says. */
  #pageOf(given: GivenEvent, visit: GivenVisit): OpenPage {
    const isEntered = given.eventName === 'PageEntered';
    if (isEntered) visit.pages += 1;
    const before = isEntered ? { ...NO_PAGE, pageID: `${given.visit}.p${visit.pages}`, url: this.#site } : visit.page;
    return {
      pageID: given.page ?? before.pageID,
      url: given.url === null ? before.url : this.#absolute(given.url),
      title: given.title ?? before.title,
      // What the page is named by counts for it, unless the event names other categories or another page.
      category: given.category ?? (given.url === null && given.title === null ? before.category : undefined),
    };
  }

  #absolute(url: string): string {
    return url.startsWith('/') ? `${this.#site}${url}` : url;
  }
}
