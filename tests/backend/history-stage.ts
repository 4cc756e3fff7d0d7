/** The History REST API over a memory store, without sockets: events in, answers out, on a clock that the test sets. */
import { pino } from 'pino';
import type { FastifyInstance } from 'fastify';
import { HistoryAccess, type HistorySecurity } from '#backend/history-access.ts';
import { addHistoryRoutes } from '#backend/history-routes.ts';
import type { Category } from '#core/categories/category.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { createHttpApp, HTTP_LIMITS } from '#node/http-limits.ts';
import { eraseIdentity } from '#node/erase-identity.ts';
import type { Erasure, HistoryQuestions, HistorySettings } from '#ports/history.ts';
import type { HistoryStore, Stores } from '#ports/stores.ts';
import { createMemoryStores } from '#stores/memory/memory-stores.ts';
import { retentionOfAll } from '#tests/stores/store-settings.ts';

/** Where the histories of these tests are: a morning. */
export const MORNING = Date.UTC(2026, 2, 2, 8);
export const HISTORY_SECRET = 'secret-of-this-run';
const A_DAY_MS = 86_400_000;

export interface HistoryReply {
  readonly status: number;
  readonly body: unknown;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface HistoryStageOptions {
  readonly limitIndexing?: boolean;
  readonly security?: Partial<HistorySecurity>;
  readonly categories?: readonly Category[];
  /** In place of the store's own. */
  readonly questions?: HistoryQuestions;
  readonly erase?: (identityId: string) => Promise<Erasure>;
  /** Absent: a memory store. */
  readonly open?: (settings: HistorySettings) => Stores;
}

export interface AskOptions {
  readonly method?: 'GET' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** Whose address asks. */
  readonly remoteAddress?: string;
}

export class HistoryStage {
  readonly app: FastifyInstance;
  readonly store: HistoryStore;
  readonly stores: Stores;
  readonly logged: string[] = [];
  /** Server ms. */
  now = MORNING;
  /** Why the store can't be asked. */
  shut: string | null = null;
  /** What guesses are timed by. */
  monoMs = 0;
  #batches = 0;

  private constructor(app: FastifyInstance, limitIndexing: boolean, open: (settings: HistorySettings) => Stores) {
    this.app = app;
    const clock = { wallMs: () => this.now, domainMs: () => this.now };
    this.stores = open({ retentionMs: retentionOfAll(A_DAY_MS), limitIndexing, clock });
    this.store = this.stores.history;
  }

  static async create(options: HistoryStageOptions = {}): Promise<HistoryStage> {
    const { limitIndexing = false, security = {}, categories = [], open = createMemoryStores } = options;
    const log = pino({ level: 'silent' });
    const app = createHttpApp(log, { ...HTTP_LIMITS, parameterLengthMax: 4_096 });
    const stage = new HistoryStage(app, limitIndexing, open);
    const secured = { scheme: 'none' as const, user: null, password: null, secret: HISTORY_SECRET, ...security };
    await addHistoryRoutes(stage.app, {
      questions: options.questions ?? stage.store,
      erase: options.erase ?? ((identityId) => eraseIdentity(stage.stores, identityId)),
      access: new HistoryAccess(secured, () => stage.monoMs),
      limitIndexing,
      door: () => stage.shut,
      now: () => stage.now,
      categories: async () => categories,
      log: { info: (fields, message) => stage.logged.push(`${message} ${JSON.stringify(fields)}`) },
    });
    return stage;
  }

  async put(events: readonly VisitEvent[]): Promise<void> {
    const byVisit = Map.groupBy(events, ({ visitID }) => visitID);
    const batches = [...byVisit].map(([visitID, ofVisit]) => {
      this.#batches += 1;
      return {
        type: 'storeBatch' as const,
        batchId: `b${this.#batches}`,
        frontend: 'frontend-1',
        visitID,
        events: ofVisit,
        leads: undefined,
      };
    });
    await this.store.put(batches);
  }

  /** `path`: below `/backend/data`. */
  async ask(path: string, options: AskOptions = {}): Promise<HistoryReply> {
    const { method = 'GET', headers = {}, remoteAddress = '127.0.0.1' } = options;
    const reply = await this.app.inject({ method, url: `/backend/data${path}`, headers, remoteAddress });
    const isJson = String(reply.headers['content-type']).startsWith('application/json');
    return {
      status: reply.statusCode,
      body: isJson ? reply.json() : null,
      text: reply.body,
      headers: reply.headers,
    };
  }

  /** All pages of a listing put together, and how many there were. */
  async askAll(
    path: string,
    query: Readonly<Record<string, string>>,
    onPage: () => Promise<void> = async () => undefined,
  ): Promise<{ readonly records: readonly unknown[]; readonly pages: number }> {
    const records: unknown[] = [];
    for (let pages = 1, next: string | undefined; ; pages += 1) {
      const search = new URLSearchParams(query);
      if (next !== undefined) search.set('paging_next', next);
      const { status, body, text, headers } = await this.ask(`${path}?${search.toString()}`);
      if (status !== 200 || !Array.isArray(body)) throw new Error(`${status} ${text}`);
      records.push(...body);
      const told = headers['paging-next'];
      if (typeof told !== 'string') return { records, pages };
      if (pages > 10_000) throw new Error('paging comes to no end');
      next = told;
      await onPage();
    }
  }
}

/** An event of a visit, `second` seconds into the morning; its number makes its id. */
export function eventAt(visitID: string, n: number, second: number, changes: Partial<VisitEvent> = {}): VisitEvent {
  const at = MORNING + Math.round(second * 1_000);
  return {
    eventID: `${visitID}.e${String(n).padStart(4, '0')}`,
    timestamp: at,
    at,
    visitID,
    globalVisitID: `g-${visitID}`,
    pageID: '',
    eventType: 'SYSTEM',
    eventName: 'PageEntered',
    url: 'https://shop.example/',
    title: 'Home',
    category: '',
    languageCode: 'en-US',
    identity: undefined,
    data: {},
    ...changes,
  };
}
