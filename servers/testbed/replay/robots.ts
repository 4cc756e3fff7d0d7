/**
 * Robots in an access log, told apart by rules that anybody can check by hand. A client is an address with a user agent; one that
 * a rule finds is a robot with all of its requests in the whole log.
 */
import type { LogLine } from './log-line.ts';
import { parseRequest, pathOf } from './page-request.ts';

/** In the order in which they are asked: a robot counts for the first that finds it. */
export const ROBOT_RULES = ['noUserAgent', 'named', 'contact', 'robotsTxt'] as const;
export type RobotRule = (typeof ROBOT_RULES)[number];

/** Each rule as a report says it. */
export const ROBOT_PHRASES: Readonly<Record<RobotRule, string>> = {
  noUserAgent: 'no user agent',
  named: 'a word of robots in the user agent',
  contact: 'a web or mail address in the user agent',
  robotsTxt: 'asked for /robots.txt',
};

/** Words of user agents that no person's browser has; phones named Cubot are none. */
const ROBOT_WORDS = new RegExp(
  (
    '(?<!cu)bot crawl spider slurp archiver scrap fetch feed rss monitor validator preview externalhit headless phantomjs ' +
    'selenium nutch curl wget libwww lwp urllib python ruby perl \\bphp java\\/ httpclient http_request okhttp go-http link.?check'
  ).replaceAll(' ', '|'),
  'i',
);
const CONTACT = /https?:\/\/|\S@\S/i;

const REMEMBERED_AGENTS_MAX = 10_000;

/** The client of a line, as a key. */
export function clientOf(line: LogLine): string {
  return `${line.address} ${line.userAgent ?? ''}`;
}

/** What the user agent says of its client; null: nothing, or it is not in the log (undefined user agents are no sign then). */
function findRuleOfAgent(userAgent: string | null): RobotRule | null {
  if (userAgent === null) return null;
  if (userAgent.trim() === '') return 'noUserAgent';
  if (ROBOT_WORDS.test(userAgent)) return 'named';
  return CONTACT.test(userAgent) ? 'contact' : null;
}

/** Finds robots. First every line of the log is shown to it, then it is asked. */
export class RobotFinder {
  readonly #askedForRobotsTxt = new Set<string>();
  readonly #ofAgent = new Map<string, RobotRule | null>();

  /** Notes what a line tells of its client. */
  observe(line: LogLine): void {
    if (!line.request.includes('/robots.txt')) return;
    const target = parseRequest(line.request)?.target;
    if (target !== undefined && pathOf(target) === '/robots.txt') this.#askedForRobotsTxt.add(clientOf(line));
  }

  /** The rule by which the line's client is a robot; null for a person's browser. */
  ruleOf(line: LogLine): RobotRule | null {
    const ofAgent = this.#ruleOfAgent(line.userAgent);
    if (ofAgent !== null) return ofAgent;
    return this.#askedForRobotsTxt.has(clientOf(line)) ? 'robotsTxt' : null;
  }

  #ruleOfAgent(userAgent: string | null): RobotRule | null {
    if (userAgent === null) return null;
    const known = this.#ofAgent.get(userAgent);
    if (known !== undefined) return known;
    const found = findRuleOfAgent(userAgent);
    if (this.#ofAgent.size >= REMEMBERED_AGENTS_MAX) this.#ofAgent.clear();
    this.#ofAgent.set(userAgent, found);
    return found;
  }
}
