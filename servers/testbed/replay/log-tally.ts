/** What a replay counts of an access log's requests, so that every line of it is accounted for. */
import { clientOf, ROBOT_RULES, type RobotRule } from './robots.ts';
import type { NoPageReason } from './page-request.ts';
import type { LogLine } from './log-line.ts';

export interface RobotCount {
  readonly rule: RobotRule;
  /** Addresses with their user agents. */
  readonly clients: number;
  readonly requests: number;
}

export interface LogCounts {
  /** Lines in the combined and in the common format. */
  readonly combined: number;
  readonly common: number;
  readonly robots: readonly RobotCount[];
  /** Requests of persons that are no page views, by reason. */
  readonly noPages: Readonly<Record<NoPageReason, number>>;
}

export class LogTally {
  #combined = 0;
  #common = 0;
  readonly #robotClients = new Map<RobotRule, Set<string>>();
  readonly #robotRequests = new Map<RobotRule, number>();
  readonly #noPages = new Map<NoPageReason, number>();

  countLine(line: LogLine): void {
    if (line.userAgent === null) this.#common += 1;
    else this.#combined += 1;
  }

  countRobot(line: LogLine, rule: RobotRule): void {
    this.#robotRequests.set(rule, (this.#robotRequests.get(rule) ?? 0) + 1);
    const clients = this.#robotClients.get(rule) ?? new Set();
    this.#robotClients.set(rule, clients.add(clientOf(line)));
  }

  countNoPage(reason: NoPageReason): void {
    this.#noPages.set(reason, (this.#noPages.get(reason) ?? 0) + 1);
  }

  counts(): LogCounts {
    return {
      combined: this.#combined,
      common: this.#common,
      robots: ROBOT_RULES.map((rule) => ({
        rule,
        clients: this.#robotClients.get(rule)?.size ?? 0,
        requests: this.#robotRequests.get(rule) ?? 0,
      })),
      noPages: {
        request: this.#noPages.get('request') ?? 0,
        method: this.#noPages.get('method') ?? 0,
        status: this.#noPages.get('status') ?? 0,
        target: this.#noPages.get('target') ?? 0,
        feed: this.#noPages.get('feed') ?? 0,
        file: this.#noPages.get('file') ?? 0,
      },
    };
  }
}
